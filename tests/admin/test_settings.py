"""Which address can send tests: only one in the domain that the deployment has in SES."""

from dataclasses import replace

import pytest

from mxtrax.admin import settings
from mxtrax.admin.actor import Actor
from mxtrax.errors import Refused
from tests.stage import Stage


@pytest.mark.parametrize(
    "sender", ["mxtrax@monitor.exmaple.net", "mxtrax@example.net", "mxtrax@sub.monitor.example.net"]
)
def test_a_sender_that_ses_would_refuse_is_refused(it: Stage, anna: Actor, sender: str) -> None:
    """A mistake would stop tests and alerts alike; the sentence names the domain that can send."""
    with pytest.raises(Refused, match=r"this deployment sends and receives at monitor\.example\.net") as refused:
        settings.save(anna, it.now, it.settings, {"sendinguser": sender})
    assert refused.value.field == "sendinguser"


@pytest.mark.parametrize("sender", ["inbox@Monitor.Example.NET", ""])
def test_another_mailbox_of_the_domain_is_taken(it: Stage, anna: Actor, sender: str) -> None:
    """And none at all, which stops the tests."""
    _, saved = settings.save(anna, it.now, it.settings, {"sendinguser": sender})
    assert saved.sendinguser == sender.lower()


def test_a_deployment_that_names_no_sender_takes_any(it: Stage, anna: Actor) -> None:
    """It has nothing to compare with."""
    bare = replace(it.settings, sending_user="")
    _, saved = settings.save(anna, it.now, bare, {"sendinguser": "mxtrax@elsewhere.example"})
    assert saved.sendinguser == "mxtrax@elsewhere.example"


def test_settings_that_were_saved_with_another_sender_can_be_changed(it: Stage, anna: Actor) -> None:
    """Saved values stay, until somebody changes them."""
    it.configure(sendinguser="mxtrax@elsewhere.example")
    _, saved = settings.save(anna, it.now, it.settings, {"maxreturntime": 60})
    assert (saved.sendinguser, saved.maxreturntime) == ("mxtrax@elsewhere.example", 60)
