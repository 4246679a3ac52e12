"""SES's events about a test on its way, and their effect."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mxtrax.jobs import alert
from mxtrax.model.orders import Wake, from_json
from mxtrax.rules.selfcheck import ID
from mxtrax.store import incidents, runtime
from tests.stage import SENDER, Stage


def _bounces(it: Stage, text: str) -> str:
    """Send a test, and let SES report that it bounced; give the outcome."""
    (sent,) = it.tick()
    return it.ses_says("Bounce", sent, **_bounce(sent.to, text))


def _bounce(to: str, text: str) -> dict[str, Any]:
    recipients = [{"emailAddress": to, "status": "5.1.1", "diagnosticCode": text, "action": "failed"}]
    return {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": recipients,
        "feedbackId": "f1",
    }


def test_a_bounce_that_names_our_inbox_is_no_word_against_them(it: Stage) -> None:
    """Their server sent the test back, and our own inbox refused it: nothing is refused, and their pace stays."""
    domain = it.domain()
    assert _bounces(it, f"smtp; 550 5.1.1 <{SENDER}>: mailbox unavailable") == "EventBounceNamesUs"
    it.fold()
    known = it.health(domain)
    assert (known.incident, known.slower, known.recent) == ("", 0, ())


def test_bounces_that_name_our_inbox_speak_against_us_at_once(it: Stage) -> None:
    """From three providers; fewer may be wrong, or lie. So we know in seconds, before our own loop is overdue."""
    for name in ("one.example", "two.example", "three.example"):
        it.domain(name)
    refusal = f"smtp; 550 5.1.1 <{SENDER}>: mailbox unavailable"
    sent = it.tick()
    for each in sent:
        it.ses_says("Bounce", each, **_bounce(each.to, refusal))
        wakes = [from_json(Wake, json.dumps(wake)) for wake in it.take(it.settings.alert_queue)]
        assert [wake.named_by for wake in wakes] == [each.to]
        it.wait(1)
        alert.run(it.now, it.settings, *wakes)
        assert len(runtime.faults()) == (each is sent[-1])
    (fault,) = runtime.faults()
    known = incidents.get(ID)
    assert known is not None
    assert (fault.ended, known.closed, known.notified is not None) == (None, None, True)
    assert known.evidence == "Servers of 3 unrelated providers say that our own inbox refuses mail."


def test_any_other_bounce_is_a_refusal(it: Stage) -> None:
    """Theirs, at once."""
    domain = it.domain()
    assert _bounces(it, "smtp; 550 5.1.1 <mxtrax@customer.example>: User unknown") == "EventBounce"
    it.fold()
    assert it.health(domain).incident


DELAYED = {"delayType": "TransientCommunicationFailure", "delayedRecipients": [{"emailAddress": "a@b.example"}]}
SUPPRESSED = {"bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList", "bouncedRecipients": []}


@pytest.mark.parametrize(
    ("kind", "detail", "outcome", "leg"),
    [
        ("Delivery", {"smtpResponse": "250 2.0.0 queued"}, "EventDelivery", "delivered"),
        ("DeliveryDelay", DELAYED, "EventDeliveryDelay", "deferred"),
        ("Bounce", SUPPRESSED, "EventSuppressed", "unsent"),
        ("Bounce", {"bounceType": "Undetermined", "bouncedRecipients": []}, "EventBounceWithoutWord", ""),
        ("Reject", {"reason": "Bad content"}, "EventReject", "unsent"),
        ("Rendering Failure", {}, "EventRenderingFailure", "unsent"),
        ("Complaint", {}, "EventComplaint", ""),
        ("Open", {}, "EventIgnored", ""),
    ],
)
def test_each_event_tells_of_one_leg_of_a_test_or_of_none(
    it: Stage, kind: str, detail: dict[str, Any], outcome: str, leg: str
) -> None:
    """Nothing is recorded for a mail that is not a test, or for an unknown test."""
    it.domain()
    (sent,) = it.tick()
    assert it.ses_says(kind, replace(sent, tags={}), **detail) == "EventOfAnotherMail"
    if leg:
        strange = replace(sent, tags={"mxtrax-test": "00000000-0000-4000-8000-000000000000"})
        assert it.ses_says(kind, strange, **detail) == "EventOfUnknownTest"
    assert it.ses_says(kind, sent, **detail) == outcome
    known = it.test(sent)
    legs = ("delivered", "deferred", "refused", "unsent")
    assert [each for each in legs if getattr(known, each) is not None] == ([leg] if leg else [])
