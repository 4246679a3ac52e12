"""A test alert in the audit."""

import pytest

from mxtrax.admin import channel_test, channels, test_alert
from mxtrax.admin.actor import Actor
from mxtrax.errors import TryAgain
from mxtrax.model import ChannelKind
from mxtrax.store import audit
from tests.notify.told import TOLD
from tests.stage import Stage


def test_a_test_alert_is_in_the_audit_before_it_goes_out(it: Stage, anna: Actor) -> None:
    """Whatever becomes of it: it may outlive the caller."""

    def cut_short() -> list[test_alert.Taken]:
        assert [change.what for change in audit.latest(5).items] == ["alert.test"]
        raise TryAgain("the function was ended")

    with pytest.raises(TryAgain):
        test_alert.order(anna, it.now, cut_short)
    assert [(change.who, change.what) for change in audit.latest(5).items] == [("anna", "alert.test")]


def test_test_alerts_are_limited(it: Stage, anna: Actor) -> None:
    """One a minute, by whatever door: each mails everybody who gets alerts. One that is refused leaves no trace."""
    test_alert.order(anna, it.now, list)
    with pytest.raises(TryAgain, match="less than a minute ago"):
        test_alert.order(anna, it.now + 59_999, list)
    assert len(audit.latest(5).items) == 1
    test_alert.order(anna, it.now + 60_000, list)


def test_tests_of_a_channel_are_limited(it: Stage, anna: Actor) -> None:
    """One in ten seconds, each channel by itself."""
    one, other = (
        channels.add(anna, it.now, it.settings, ChannelKind.NTFY, {"name": name, "settings": TOLD[ChannelKind.NTFY]})
        for name in ("one", "other")
    )
    channel_test.order(anna, it.now, one.id)
    channel_test.order(anna, it.now, other.id)
    with pytest.raises(TryAgain, match="less than ten seconds ago"):
        channel_test.order(anna, it.now + 9_999, one.id)
    channel_test.order(anna, it.now + 10_000, one.id)
