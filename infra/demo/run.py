"""The demonstration: a world with minutes shortened to seconds, compared with what is expected, in three acts.

An act is over as soon as everything is as expected, or when its time is up.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.demo import act_customers, act_outage, services
from infra.demo.act_customers import Judged
from infra.demo.act_outage import Outage
from infra.demo.captured_alerts import CLOSED, Alert, CapturedAlerts
from infra.demo.checks import Check
from infra.demo.services import Taken
from infra.local.customers import REFUSES
from infra.local.doubles.server import Doubles, doubles
from infra.local.metronome import Metronome, metronome, no_schedules
from infra.local.world import Plan, World, quick, world
from mxtrax.model import MONITOR, SECOND, DomainHealth
from mxtrax.rules.selfcheck import own_loop
from mxtrax.store import fleet
from mxtrax.store.health import all_health

MINUTE_SECONDS: Final = 5
ON_TIME_SECONDS: Final = 10
LOOP_SECONDS: Final = 4
"""Our own loop is overdue before any customer is, as in a fleet with minutes of sixty seconds."""
FAIL_SECONDS: Final = 27
NO_REMINDERS: Final = 10_000
ENDED: Final = frozenset({MONITOR, act_outage.REFUSED})
"""Incidents that end: our own, and that of the customer whose server accepts mail again."""
LOOP: Final = "loop"

LONGEST_SECONDS: Final = 240.0
"""How long an act may take on a busy machine."""

_LOOK_SECONDS: Final = 1.0
_PAPER_WIDTH: Final = 160  # of a table that is written to a file or a pipe

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demonstration has shown."""

    domains: tuple[Judged, ...] = ()
    checks: tuple[Check, ...] = ()
    alerts: tuple[Alert, ...] = ()
    channels: tuple[Taken, ...] = ()

    @property
    def ok(self) -> bool:
        """True if everything is as expected, alerts included."""
        right, of = self.right
        return bool(self.domains and self.checks) and right == of

    @property
    def right(self) -> tuple[int, int]:
        """How many checks passed, out of how many."""
        right = [it.ok for it in self.domains] + [it.ok for it in self.checks]
        return sum(right), len(right)

    def and_then(self, checks: tuple[Check, ...], stage: "Stage") -> "Outcome":
        """Add the next act's checks."""
        alerts, channels = tuple(stage.captured.alerts), services.taken(stage.services)
        return replace(self, checks=(*self.checks, *checks), alerts=alerts, channels=channels)

    @property
    def as_json(self) -> str:
        """Write it as one JSON object."""
        alerts = [asdict(alert) for alert in self.alerts]
        domains = [asdict(it) | {"wrong": it.wrong} for it in self.domains]
        checks, channels = ([asdict(it) for it in them] for them in (self.checks, self.channels))
        shown = {"domains": domains, "checks": checks, "alerts": alerts, "channels": channels, "ok": self.ok}
        return json.dumps(shown, indent=2)


@dataclass(frozen=True, slots=True)
class Stage:
    """A running world, its clock, its captured alerts, and the services that are notified too."""

    world: World
    metronome: Metronome
    captured: CapturedAlerts
    services: Doubles


def hold() -> Outcome:
    """Run the demonstration in a world of its own, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="mxtrax-demo-") as folder, staged(Path(folder), _say) as stage:
        shown = behave(stage, _say)
        return break_off(stage, shown, _say) if shown.ok else shown


@contextmanager
def staged(folder: Path, say: Say = lambda _: None) -> Iterator[Stage]:
    """Start a world in which everything happens fast; our own loop is tested as often as all others."""
    folder.mkdir(exist_ok=True)
    with doubles(folder) as taking, world(replace(plan(folder), endpoints=taking.endpoints), say) as running:
        loop = own_loop(LOOP, running.plan.config)
        fleet.add([replace(loop, interval_minutes=1, maxreturntime=LOOP_SECONDS)])
        services.add()
        captured = CapturedAlerts.of(running)
        with no_schedules(running), metronome(running) as beating:
            yield Stage(running, beating, captured, taking)


def plan(folder: Path) -> Plan:
    """Plan a world whose minutes are seconds, with room for a slow machine."""
    config = replace(quick(ON_TIME_SECONDS, FAIL_SECONDS), remind_minutes=NO_REMINDERS)
    return Plan(folder=folder, minute_seconds=MINUTE_SECONDS, config=config)


def behave(stage: Stage, say: Say = lambda _: None) -> Outcome:
    """Play the first act: let all customers behave or misbehave."""
    captured, config = stage.captured, stage.world.plan.config
    loop = own_loop(LOOP, config).key

    def look() -> Outcome:
        known = {health.maildomain: health for health in all_health()}
        captured.listen()
        domains = act_customers.look(known.values(), captured.stories)
        checks = (
            *act_customers.checks(captured.alerts, captured.messages, known.get(loop) or DomainHealth(maildomain=loop)),
            *act_customers.of_single_tests((ON_TIME_SECONDS + MINUTE_SECONDS) * SECOND),
            *services.checks(stage.services, captured.messages),
        )
        return Outcome(domains).and_then(checks, stage)

    return _watched(look, say)


def break_off(stage: Stage, shown: Outcome, say: Say = lambda _: None) -> Outcome:
    """Play the next acts: cut off the inbox and wait for the alert; restore it; let the rejecting server accept again."""
    say("Cutting our own inbox off")
    outage = Outage.begin(stage.captured, stage.metronome)

    def watched(checked: Callable[[act_outage.FleetSnapshot], tuple[Check, ...]], before: Outcome) -> Outcome:
        return _watched(lambda: before.and_then(checked(outage.look()), stage), say)

    watched(act_outage.during, shown)
    _another_minute(stage)  # A wrong alert would have been sent by now.
    shown = watched(act_outage.during, shown)
    if not shown.ok:
        return shown
    say("Restoring it")
    stage.world.open_inbox()
    shown = watched(act_outage.after, shown)
    if not shown.ok:
        return shown
    say(f"Letting {REFUSES} accept mail again")
    stage.world.customers.fix(REFUSES)
    return watched(lambda seen: (*act_outage.recovered(seen), *_ends(stage)), shown)


def _ends(stage: Stage) -> tuple[Check, ...]:
    """Check that the services have accepted the recoveries too: ours, and a customer's."""
    taken = services.taken(stage.services)
    again = services.checks(stage.services, stage.captured.messages)
    ended = {it.maildomain for it in stage.captured.messages if it.notice == CLOSED}
    check = Check(
        "Slack and PagerDuty received both recoveries: ours and that customer's.",
        ended >= ENDED and all(it.resolved for it in taken) and all(it.ok for it in again),
        f"{', '.join(sorted(ended))}; {'; '.join(it.seen for it in again)}",
    )
    return (check,)


def _watched(look: Callable[[], Outcome], say: Say) -> Outcome:
    """Look repeatedly, until all is as expected or time is up."""
    started = time.monotonic()
    said, outcome = -1, Outcome()
    while time.monotonic() - started < LONGEST_SECONDS:
        time.sleep(_LOOK_SECONDS)
        try:
            outcome = look()
        except (BotoCoreError, ClientError, PynamoDBException) as error:
            say(f"The local AWS is busy ({type(error).__name__})")
            continue
        right, of = outcome.right
        if right != said:
            said = right
            say(f"{time.monotonic() - started:3.0f} s: {right} of {of} things are as expected")
        if outcome.ok:
            break
    return outcome


def _another_minute(stage: Stage) -> None:
    """Wait until a whole minute of the world has gone by, from plan to alert."""
    until, latest = stage.metronome.beats + 2, time.monotonic() + LONGEST_SECONDS
    while stage.metronome.beats < until and time.monotonic() < latest:
        time.sleep(_LOOK_SECONDS)


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print what was shown: as JSON, or as a table."""
    if as_json:
        print(outcome.as_json)
    else:
        console = Console(width=None if sys.stdout.isatty() else _PAPER_WIDTH)
        console.print(_table(outcome))
        for check in outcome.checks:
            console.print(Text("ok  " if check.ok else "NO  ", "green" if check.ok else "red"), check.what, sep="")
        for it in outcome.alerts:
            print(f"Alert to {it.to}: {it.subject}")
        for each in outcome.channels:
            print(f"{each.kind}: {each.opened} opened, {each.resolved} resolved, {each.refused} refused")
    for domain in outcome.domains:
        for problem in domain.wrong:
            _say(f"Not as expected: {domain.domain}: {problem}")
    for check in outcome.checks:
        if not check.ok:
            _say(f"Not as expected: {check.what} Seen: {check.seen}")


def _table(outcome: Outcome) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Domain", "What it does", "Verdict", "Cause", "State", ""):
        table.add_column(heading, no_wrap=heading not in ("What it does", ""))
    for it in outcome.domains:
        told = (str(it.actual.verdict or ""), str(it.actual.cause or ""), str(it.actual.state))
        mark = Text("as expected", "green") if it.ok else Text("not as expected", "red")
        table.add_row(Text(it.domain), Text(it.behaviour), *map(Text, told), mark)
    return table


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
