"""What SES tells of a test on its way, and what is made of it."""

from tests.stage import SENDER, Stage


def _bounces(it: Stage, text: str) -> str:
    """Send a test, and let SES tell that it bounced; give the outcome."""
    (sent,) = it.tick()
    recipients = [{"emailAddress": sent.to, "status": "5.1.1", "diagnosticCode": text, "action": "failed"}]
    detail = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": recipients,
        "feedbackId": "f1",
    }
    return it.ses_says("Bounce", sent, **detail)


def test_a_bounce_that_names_our_inbox_is_no_word_against_them(it: Stage) -> None:
    """Their server sent the test back, and our own inbox refused it: nothing is refused, and their pace stays."""
    domain = it.domain()
    assert _bounces(it, f"smtp; 550 5.1.1 <{SENDER}>: mailbox unavailable") == "EventBounceNamesUs"
    it.fold()
    known = it.health(domain)
    assert (known.incident, known.slower, known.recent) == ("", 0, ())


def test_any_other_bounce_is_a_refusal(it: Stage) -> None:
    """Theirs, at once."""
    domain = it.domain()
    assert _bounces(it, "smtp; 550 5.1.1 <mxtrax@customer.example>: User unknown") == "EventBounce"
    it.fold()
    assert it.health(domain).incident
