"""A test alert in the audit."""

import pytest

from mxtrax.admin import test_alert
from mxtrax.admin.actor import Actor
from mxtrax.errors import TryAgain
from mxtrax.store import audit
from tests.stage import Stage


def test_a_test_alert_is_in_the_audit_before_it_goes_out(it: Stage, anna: Actor) -> None:
    """Whatever becomes of it: it may outlive the caller."""

    def cut_short() -> list[test_alert.Taken]:
        assert [change.what for change in audit.latest(5).items] == ["alert.test"]
        raise TryAgain("the function was ended")

    with pytest.raises(TryAgain):
        test_alert.order(anna, it.now, cut_short)
    assert [(change.who, change.what) for change in audit.latest(5).items] == [("anna", "alert.test")]
