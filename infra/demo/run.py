"""The demonstration: a world with minutes of seconds, held against what should come of it, in two acts.

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

from infra.demo import act_customers, act_outage
from infra.demo.act_customers import Judged
from infra.demo.act_outage import Outage
from infra.demo.captured_alerts import Alert, CapturedAlerts
from infra.demo.checks import Check
from infra.local.metronome import Metronome, metronome, no_schedules
from infra.local.world import ALERT_USER, SENDING_USER, Plan, World, world
from mxtrax.model import AlarmWhen, Config, DomainHealth
from mxtrax.rules.selfcheck import own_loop
from mxtrax.store import fleet
from mxtrax.store.health import all_health

MINUTE_SECONDS: Final = 5
ON_TIME_SECONDS: Final = 10
LOOP_SECONDS: Final = 4
"""Our own loop owes an answer before any customer does, as in a fleet with minutes of sixty seconds."""
FAIL_SECONDS: Final = 27
NO_REMINDERS: Final = 10_000
LOOP: Final = "loop"

LONGEST_SECONDS: Final = 150.0
"""How long an act may take on a machine that has much else to do."""

_LOOK_SECONDS: Final = 1.0
_PAPER_WIDTH: Final = 160  # of a table that goes into a file or a pipe

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demonstration has shown."""

    domains: tuple[Judged, ...] = ()
    checks: tuple[Check, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def ok(self) -> bool:
        """True where everything is as expected, and told."""
        right, of = self.right
        return bool(self.domains and self.checks) and right == of

    @property
    def right(self) -> tuple[int, int]:
        """How many things are as expected, and of how many."""
        right = [it.ok for it in self.domains] + [it.ok for it in self.checks]
        return sum(right), len(right)

    def and_then(self, checks: tuple[Check, ...], alerts: tuple[Alert, ...]) -> "Outcome":
        """Add what came next."""
        return replace(self, checks=(*self.checks, *checks), alerts=alerts)

    @property
    def as_json(self) -> str:
        """Write it as one JSON object."""
        alerts = [asdict(alert) for alert in self.alerts]
        domains = [asdict(it) | {"wrong": it.wrong} for it in self.domains]
        checks = [asdict(it) for it in self.checks]
        return json.dumps({"domains": domains, "checks": checks, "alerts": alerts, "ok": self.ok}, indent=2)


@dataclass(frozen=True, slots=True)
class Stage:
    """A world that is playing, its clock, and who listens to what it tells."""

    world: World
    metronome: Metronome
    captured: CapturedAlerts


def hold() -> Outcome:
    """Hold the demonstration in a world of its own, of which nothing is left."""
    with tempfile.TemporaryDirectory(prefix="mxtrax-demo-") as folder, staged(Path(folder), _say) as stage:
        shown = behave(stage, _say)
        return break_off(stage, shown, _say) if shown.ok else shown


@contextmanager
def staged(folder: Path, say: Say = lambda _: None) -> Iterator[Stage]:
    """Start a world in which everything happens quickly; our own loop is tested as often as everybody else there."""
    with world(plan(folder), say) as running:
        loop = own_loop(LOOP, running.plan.config)
        fleet.add([replace(loop, interval_minutes=1, maxreturntime=LOOP_SECONDS)])
        captured = CapturedAlerts.of(running)
        with no_schedules(running), metronome(running) as beating:
            yield Stage(running, beating, captured)


def plan(folder: Path) -> Plan:
    """Plan a world whose minutes are seconds, with room for a slow machine."""
    config = Config(
        sendinguser=SENDING_USER,
        alertuser=(ALERT_USER,),
        maxreturntime=ON_TIME_SECONDS,
        max_sec_until_fail=FAIL_SECONDS,
        interval_minutes=1,
        remind_minutes=NO_REMINDERS,
        alarm_when=AlarmWhen.LIMITS,
    )
    return Plan(folder=folder, minute_seconds=MINUTE_SECONDS, config=config)


def behave(stage: Stage, say: Say = lambda _: None) -> Outcome:
    """Play the first act: let all customers do what they do."""
    captured, config = stage.captured, stage.world.plan.config
    loop = own_loop(LOOP, config).key

    def look() -> Outcome:
        known = {health.maildomain: health for health in all_health()}
        captured.listen()
        domains = act_customers.look(known.values(), captured.stories)
        checks = act_customers.checks(
            captured.alerts, captured.messages, known.get(loop) or DomainHealth(maildomain=loop)
        )
        return Outcome(domains, checks, tuple(captured.alerts))

    return _watched(look, say)


def break_off(stage: Stage, shown: Outcome, say: Say = lambda _: None) -> Outcome:
    """Play the second act: cut the inbox off, wait until that is told and all is held; restore it, and see what is told."""
    say("Cutting our own inbox off")
    outage = Outage.begin(stage.captured, stage.metronome)

    def look(checked: Callable[[act_outage.FleetSnapshot], tuple[Check, ...]], before: Outcome) -> Outcome:
        checks = checked(outage.look())
        return before.and_then(checks, tuple(stage.captured.alerts))

    _watched(lambda: look(act_outage.during, shown), say)
    _another_minute(stage)  # What is wrongly told would be told by now.
    shown = look(act_outage.during, shown)
    if not shown.ok:
        return shown
    say("Restoring it")
    stage.world.open_inbox()
    return _watched(lambda: look(act_outage.after, shown), say)


def _watched(look: Callable[[], Outcome], say: Say) -> Outcome:
    """Look again and again, until all is as expected or time is up."""
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
