"""The demonstration: a world with minutes of seconds, held against what the customers' table says should come of it.

Each domain is judged by its newest final tests, and only once they are final: how quick this machine is changes how long
it takes, not what comes out. It is over as soon as everything is as expected, or when time is up.
"""

import json
import mailbox
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import takewhile
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.local.customers import TABLE, Customer, Expected
from infra.local.world import ALERT_USER, EVERYBODY, SENDING_USER, Plan, World, metronome, world
from mxtrax.model import Cause, Config, Standing, State, Verdict
from mxtrax.store import standings

MINUTE_SECONDS: Final = 7
ON_TIME_SECONDS: Final = 12
FAIL_SECONDS: Final = 36
ENOUGH_SECONDS: Final = 115.0
_LOOK_SECONDS: Final = 1.0
_PAPER_WIDTH: Final = 160  # of a table that goes into a file or a pipe
_GRAVITY: Final = (Verdict.ONTIME, Verdict.UNSENT, Verdict.LATE, Verdict.FAILED)


@dataclass(frozen=True, slots=True)
class Found:
    """What MXTRAX makes of a domain; no verdict before there is a final one."""

    verdict: Verdict | None
    cause: Cause | None
    state: State


@dataclass(frozen=True, slots=True)
class Judged:
    """A domain: what it does, what should be made of it, and what was."""

    domain: str
    behaviour: str
    expected: Expected
    actual: Found

    @property
    def ok(self) -> bool:
        """True where it is as expected."""
        return asdict(self.expected) == asdict(self.actual)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert mail, and the domains that its news are about."""

    to: str
    subject: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demonstration has shown."""

    domains: tuple[Judged, ...]
    alerts: tuple[Alert, ...]

    @property
    def untold(self) -> tuple[str, ...]:
        """The domains that should be failing and that no alert mail names."""
        named = {domain for alert in self.alerts for domain in alert.domains}
        return tuple(it.domain for it in self.domains if it.expected.state is State.FAILING and it.domain not in named)

    @property
    def ok(self) -> bool:
        """True where everything is as expected, and told."""
        return all(it.ok for it in self.domains) and not self.untold

    @property
    def as_json(self) -> str:
        """Write it as one JSON object."""
        alerts = [asdict(alert) for alert in self.alerts]
        return json.dumps({"domains": [asdict(it) for it in self.domains], "alerts": alerts, "ok": self.ok}, indent=2)


def hold() -> Outcome:
    """Hold the demonstration in a world of its own, of which nothing is left."""
    with (
        tempfile.TemporaryDirectory(prefix="mxtrax-demo-") as folder,
        world(plan(Path(folder)), _say) as running,
        metronome(running),
    ):
        return watched(running, _say)


def plan(folder: Path) -> Plan:
    """Plan a world whose minutes are seconds, with room for a slow machine."""
    config = Config(
        sendinguser=SENDING_USER,
        alertuser=(ALERT_USER,),
        maxreturntime=ON_TIME_SECONDS,
        max_sec_until_fail=FAIL_SECONDS,
        interval_minutes=1,
        own_fault_percent=EVERYBODY,
    )
    return Plan(folder=folder, minute_seconds=MINUTE_SECONDS, config=config)


def watched(running: World, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Watch a world until all is as expected, or time is up."""
    started = time.monotonic()
    said, outcome = -1, Outcome((), ())
    while time.monotonic() - started < ENOUGH_SECONDS:
        time.sleep(_LOOK_SECONDS)
        try:
            outcome = look(standings.everything(), running.mailbox)
        except (BotoCoreError, ClientError, PynamoDBException) as error:
            say(f"The local AWS is busy ({type(error).__name__})")
            continue
        if outcome.ok:
            break
        right = sum(it.ok for it in outcome.domains)
        if right != said:
            said = right
            say(f"{time.monotonic() - started:3.0f} s: {right} of {len(outcome.domains)} domains are as expected")
    return outcome


def look(known: Iterable[Standing], alerts: Path) -> Outcome:
    """See how things stand."""
    by_key = {standing.maildomain: standing for standing in known}
    return Outcome(tuple(_judged(customer, by_key) for customer in TABLE), tuple(_alerts(alerts)))


def _judged(customer: Customer, known: Mapping[str, Standing]) -> Judged:
    standing = known.get(customer.mailbox) or Standing(maildomain=customer.mailbox)
    return Judged(customer.domain, customer.behaviour, customer.expected, found(standing))


def found(standing: Standing) -> Found:
    """Take the worse of the two newest tests that are final along with all before them: one of them may be a lucky one."""
    final = list(takewhile(lambda test: test.verdict.final, standing.recent))[-2:]
    if not final:
        return Found(None, None, standing.state)
    worse = max(final, key=lambda test: _GRAVITY.index(test.verdict))
    return Found(worse.verdict, worse.cause, standing.state)


def _alerts(folder: Path) -> list[Alert]:
    mails = mailbox.Maildir(folder, create=False) if folder.exists() else ()
    return sorted((alert(mail.as_bytes()) for mail in mails), key=lambda it: it.subject)


def alert(raw: bytes) -> Alert:
    """Read an alert mail: which domains it brings news of, above what it says of the whole fleet."""
    mail: EmailMessage = message_from_bytes(raw, policy=default)
    body = mail.get_body(("plain",))
    news = (str(body.get_content()) if body else "").partition("ALL DOMAINS")[0]
    named = tuple(customer.domain for customer in TABLE if f"{customer.mailbox}," in news)
    return Alert(str(mail["To"]), str(mail["Subject"]), named)


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print what was shown: as JSON, or as a table."""
    if as_json:
        print(outcome.as_json)
    else:
        Console(width=None if sys.stdout.isatty() else _PAPER_WIDTH).print(_table(outcome))
        for it in outcome.alerts:
            print(f"Alert to {it.to}: {it.subject}")
    wrong = [it.domain for it in outcome.domains if not it.ok]
    if wrong:
        _say(f"Not as expected: {', '.join(wrong)}")
    if outcome.untold:
        _say(f"Failing, and in no alert mail: {', '.join(outcome.untold)}")


def _table(outcome: Outcome) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Domain", "What it does", "Verdict", "Cause", "State", ""):
        table.add_column(heading, no_wrap=heading not in ("What it does", ""))
    for it in outcome.domains:
        told = (str(it.actual.verdict or ""), str(it.actual.cause or ""), str(it.actual.state))
        mark = Text("as expected", "green") if it.ok else Text(f"expected {_words(it.expected)}", "red")
        table.add_row(Text(it.domain), Text(it.behaviour), *map(Text, told), mark)
    return table


def _words(expected: Expected) -> str:
    return ", ".join(str(word) for word in (expected.verdict, expected.cause, expected.state) if word)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
