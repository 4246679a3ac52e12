"""One MailTest as commands show it: for programs, and for people, with its legs and its events."""

from dataclasses import asdict
from datetime import tzinfo
from typing import Any, Final

from infra.cli import show
from mxtrax.model import MailTest, Millis, SmtpReply, Verdict
from mxtrax.rules.cause import legs, sentence, span, why
from mxtrax.rules.explanation import explain
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.verdict import classify, delivery_time

LEGS: Final = {
    "slow_outbound": "to their server",
    "slow_inside": "inside their system",
    "slow_return": "back to our inbox",
}


def record(test: MailTest, now: Millis) -> dict[str, Any]:
    """Give a test for programs: all its fields, and what they mean at this moment."""
    verdict = classify(test, now)
    cause, reason = why(test, verdict)
    spans = {str(leg): took for leg, took in legs(test).items()}
    return asdict(test) | {
        "verdict": verdict,
        "cause": cause,
        "reason": reason,
        "took": delivery_time(test),
        "legs": spans,
        "sentence": sentence(test, verdict),
    }


def account(test: MailTest, now: Millis, zone: tzinfo, provider: str = "") -> None:
    """Print all that is known about a test. `provider` runs their server, if that is known."""
    verdict = classify(test, now)
    show.pairs(
        [
            ("Test", test.testid),
            ("Domain", test.maildomain),
            ("Verdict", f"{verdict}{'' if test.incl_in_stat else ' (not final in the statistics yet)'}"),
            ("Summary", sentence(test, verdict, zone)),
            *_next(test, verdict, provider),
            ("SES id", test.ses_message_id or "none"),
            ("Returned", f"{test.returned_as}, and {test.copies} copies" if test.returned_as else "not yet"),
        ]
    )
    print()
    show.table(("when", "after", "what", "server said"), [_moment(test, *each, zone) for each in moments(test)], {1})
    if spans := legs(test):
        print()
        show.table(("leg", "took"), [(LEGS[leg], span(took)) for leg, took in spans.items()], {1})


def _next(test: MailTest, verdict: Verdict, provider: str) -> list[tuple[str, str]]:
    """Say what it means and what to do next, if there is something to explain."""
    cause, reason = why(test, verdict)
    if cause is None:
        return []
    told = explain(cause, reason, provider)
    steps = [("Next" if number == 1 else "", f"{number}. {step}") for number, step in enumerate(told.next_steps, 1)]
    return [("Cause", told.words), ("It means", told.meaning), *steps]


def moments(test: MailTest) -> list[tuple[Millis, str, str]]:
    """Give a test's events in order: when, what, and a server's words."""
    known: list[tuple[Millis | None, str, str]] = [(test.sendtime, "sent", ""), (test.accepted, "accepted by SES", "")]
    for what, said in (
        ("accepted by their server", test.delivered),
        ("deferred", test.deferred),
        ("refused", test.refused),
        ("not sent", test.unsent),
    ):
        if said:
            by = [*filter(None, (said.server, "by mail" if said.by_mail else ""))]
            known.append((said.at, what + (f" ({', '.join(by)})" if by else ""), _words(said)))
    known += [(test.left, "left their last server", ""), (test.receivetime, "back in our inbox", "")]
    return sorted(((at, what, said) for at, what, said in known if at is not None), key=lambda moment: moment[0])


def _words(said: SmtpReply) -> str:
    return said.text if said.status in said.text else f"{said.status} {said.text}".strip()


def _moment(test: MailTest, at: Millis, what: str, said: str, zone: tzinfo) -> tuple[str, str, str, str]:
    return show.when(at, zone), span(max(0, at - test.sendtime)), for_terminal(what), for_terminal(said)
