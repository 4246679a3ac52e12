"""What SES tells of a test on its way, and what is made of it."""

import json
from typing import Any

from mxtrax.jobs import alert
from mxtrax.model.orders import Wake, from_json
from mxtrax.rules.selfcheck import ID
from mxtrax.store import incidents, runtime
from tests.stage import SENDER, Stage


def _bounces(it: Stage, text: str) -> str:
    """Send a test, and let SES tell that it bounced; give the outcome."""
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
    """Of three providers; fewer may be wrong, or lie. So we hear of it in seconds, before our own loop is overdue."""
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
