"""`mxtrax tests`: the tests of a domain, and one test with all that was learnt on its way."""

from dataclasses import asdict
from datetime import tzinfo
from typing import Annotated, Any, Final
from uuid import UUID

import typer

from infra.cli import find, show
from infra.cli.frame import AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import Missing
from mxtrax.model import MailTest, Millis, SmtpReply
from mxtrax.report.words import zone_of
from mxtrax.rules.cause import WORDS, cause_of, legs, sentence, span
from mxtrax.rules.verdict import classify, delivery_time
from mxtrax.store import mailtests

LEGS: Final = {
    "slow_outbound": "to their server",
    "slow_inside": "inside their system",
    "slow_return": "back to our inbox",
}


@deployed
def journeys(
    here: Here,
    *,
    what: Annotated[str, typer.Argument(metavar="DOMAIN|TESTID", help="A domain's tests, or one test in full.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of a domain, the latest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the tests of a domain, or one test with its legs and evidence."""
    now, zone = here.now(), zone_of(here.config.timezone)
    if not _is_testid(what):
        columns = (
            Column[MailTest]("sent", lambda it: show.when(it.sendtime, zone)),
            Column[MailTest]("verdict", lambda it: classify(it, now)),
            Column[MailTest]("took", _took, number=True),
            Column[MailTest]("why", lambda it: _why(it, now)),
            Column[MailTest]("test id", lambda it: it.testid),
        )
        found = mailtests.of_domain(find.domain(what).key, limit=limit)
        show.listing(found, columns, as_json=as_json, record=lambda it: record(it, now), nothing="No tests yet.")
        return
    test = mailtests.get(what.lower())
    if test is None:
        raise Missing("testid", f"There is no test {what}: it was never sent, or has expired.")
    if as_json:
        show.as_object(record(test, now))
    else:
        _account(test, now, zone)


def record(test: MailTest, now: Millis) -> dict[str, Any]:
    """Give a test as programs see it: all its fields, and what they mean at this moment."""
    verdict = classify(test, now)
    spans = {str(leg): took for leg, took in legs(test).items()}
    return asdict(test) | {
        "verdict": verdict,
        "cause": cause_of(test, verdict),
        "took": delivery_time(test),
        "legs": spans,
        "sentence": sentence(test, verdict),
    }


def _is_testid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _took(test: MailTest) -> str:
    took = delivery_time(test)
    return "" if took is None else span(took)


def _why(test: MailTest, now: Millis) -> str:
    cause = cause_of(test, classify(test, now))
    return WORDS[cause] if cause else ""


def _account(test: MailTest, now: Millis, zone: tzinfo) -> None:
    verdict = classify(test, now)
    show.pairs(
        [
            ("Test", test.testid),
            ("Domain", test.maildomain),
            ("Verdict", f"{verdict}{'' if test.incl_in_stat else ' (not yet final in the statistics)'}"),
            ("In a sentence", sentence(test, verdict, zone)),
            ("SES id", test.ses_message_id or "none"),
            ("Came back", f"{test.returned_as}, and {test.copies} copies" if test.returned_as else "not yet"),
        ]
    )
    print()
    show.table(("when", "after", "what", "their words"), [_moment(test, *each, zone) for each in moments(test)], {1})
    if spans := legs(test):
        print()
        show.table(("leg", "took"), [(LEGS[leg], span(took)) for leg, took in spans.items()], {1})


def moments(test: MailTest) -> list[tuple[Millis, str, str]]:
    """Give what happened to a test in the order of time: when, what, and a server's words."""
    known: list[tuple[Millis | None, str, str]] = [(test.sendtime, "sent", ""), (test.accepted, "taken by SES", "")]
    for what, said in (
        ("taken by their server", test.delivered),
        ("put off", test.deferred),
        ("refused", test.refused),
        ("not sent", test.unsent),
    ):
        if said:
            known.append((said.at, what + (f" ({said.server})" if said.server else ""), _words(said)))
    known += [(test.left, "handed on by their last server", ""), (test.receivetime, "back in our inbox", "")]
    return sorted(((at, what, said) for at, what, said in known if at is not None), key=lambda moment: moment[0])


def _words(said: SmtpReply) -> str:
    return said.text if said.status in said.text else f"{said.status} {said.text}".strip()


def _moment(test: MailTest, at: Millis, what: str, said: str, zone: tzinfo) -> tuple[str, str, str, str]:
    return show.when(at, zone), span(max(0, at - test.sendtime)), show.plain(what), show.plain(said)
