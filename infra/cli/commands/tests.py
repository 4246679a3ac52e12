"""`mxtrax tests`: the tests of a domain, or one test with everything that is known about it."""

from typing import Annotated
from uuid import UUID

import typer

from infra.cli import find, show
from infra.cli.command import AsJson, deployed
from infra.cli.mailtest import account, record
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import Missing
from mxtrax.model import MailTest, Millis
from mxtrax.rules.cause import span, why
from mxtrax.rules.explanation import in_words
from mxtrax.rules.verdict import classify, delivery_time
from mxtrax.rules.zones import zone_of
from mxtrax.store import fleet, mailtests


@deployed
def tests(
    here: Here,
    *,
    what: Annotated[str, typer.Argument(metavar="DOMAIN|TESTID", help="A domain, or the ID of one test.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many, latest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the tests of a domain, or one test with each leg and what the servers said."""
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
        raise Missing("testid", f"There is no test {what}: it was never sent, or it has expired.")
    if as_json:
        show.as_object(record(test, now))
    else:
        known = fleet.listed([test.maildomain]).get(test.maildomain)
        account(test, now, zone, known.listing.provider if known else "")


def _is_testid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _took(test: MailTest) -> str:
    took = delivery_time(test)
    return "" if took is None else span(took)


def _why(test: MailTest, now: Millis) -> str:
    return in_words(*why(test, classify(test, now))) or ""
