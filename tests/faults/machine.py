"""A state machine that generates lives: domains come and change their behaviour, minutes and days pass, faults strike."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mxtrax.jobs.plan import CATCH_UP
from mxtrax.model import MINUTE, SECOND, Limits, MailDomain, Millis, Scope, Window
from mxtrax.rules import schedule, testid
from mxtrax.store import fleet, mailtests, runtime, stats
from mxtrax.store.config import load_config
from mxtrax.store.health import health_of, slowed
from tests.faults.lived import MANNERS, Fleet
from tests.faults.lives import NEVER_OURS, surroundings, worlds
from tests.faults.truth import wrong_figures
from tests.faults.wire import FAULTS
from tests.faults.world import JOBS, World

INTERVAL: Final = 7
"""Minutes between two tests of a domain."""

MOST_DOMAINS: Final = 6
UNTIL_FAIL: Final = 3600

_stage: list[tuple[World, dict[str, Any]]] = []


def live(lives: int, steps: int) -> str:
    """Run this many lives of this many steps, and say what was wrong with one of them; nothing if all went well."""
    try:
        _live(lives, steps)
    except AssertionError as wrong:
        return "".join(traceback.format_exception(wrong))
    return ""


def _live(lives: int, steps: int) -> None:
    with surroundings(), one_world():
        sizes = settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Lives, settings=sizes)


@contextmanager
def one_world() -> Iterator[None]:
    """Keep one world for all lives of a run; each begins from its first state."""
    with worlds() as world:
        world.stage.configure(
            interval_minutes=INTERVAL, retest_minutes=2, max_sec_until_fail=UNTIL_FAIL, self_check_percent=NEVER_OURS
        )
        _stage.append((world, world.keep()))
        try:
            yield
        finally:
            _stage.clear()


class Lives(RuleBasedStateMachine):
    """Fleet, clock, mail and faults, against the plain model of truth.py.

    Besides, every slot of a domain is to have its test, by the arithmetic of the slots alone.
    """

    @initialize(ours=st.booleans())
    def begin(self, ours: bool) -> None:  # noqa: FBT001
        """Begin with an empty world, in which the fault can be the monitor's own, or never counts as that."""
        self.world, blank = _stage[0]
        self.world.put_back(blank)
        self.world.unverified = frozenset()
        self.fleet = Fleet(self.world)
        self.world.customers = lambda to, _: MANNERS[self.fleet.manners[to]]
        self.wanted: set[tuple[str, int]] = set()
        if ours:
            self.world.stage.configure(self_check_percent=50.0)
            self.fleet.add("control.example", "prompt", control=True)

    @rule(manner=st.sampled_from(sorted(MANNERS)), returns_bounce=st.booleans())
    def domain_comes(self, manner: str, returns_bounce: bool) -> None:  # noqa: FBT001 -- Hypothesis names it
        """Add a domain."""
        if len(self.fleet.manners) < MOST_DOMAINS:
            bounces = returns_bounce and manner == "refused"
            self.fleet.add(f"d{len(self.fleet.manners)}.example", manner, returns_bounce=bounces)

    @rule(number=st.integers(0, MOST_DOMAINS - 1), manner=st.sampled_from(sorted(MANNERS)))
    def manner_changes(self, number: int, manner: str) -> None:
        """Let a customer's mail system behave in another way."""
        addresses = sorted(self.fleet.manners)
        if number < len(addresses):
            self.fleet.manners[addresses[number]] = manner

    @rule(number=st.integers(0, MOST_DOMAINS - 1))
    def ses_turns_away(self, number: int) -> None:
        """Let SES reject mails for a domain, or accept them again."""
        addresses = sorted(self.fleet.manners)
        if number < len(addresses):
            self.world.unverified ^= {addresses[number]}

    @rule(job=st.sampled_from(JOBS), at=st.integers(0, 12), fault=st.sampled_from(FAULTS))
    def trouble_comes(self, job: str, at: int, fault: Any) -> None:
        """Let the next invocation of a job meet a fault at one of its calls."""
        self.fleet.armed[job] = (fault, at)

    @rule(number=st.integers(1, 4))
    def minutes_pass(self, number: int) -> None:
        """Let time pass by the minute."""
        for _ in range(number):
            self._want(self.world.now // MINUTE + 1)
            self.fleet.minutes(1)

    @rule(
        number=st.integers(0, MOST_DOMAINS - 1),
        first=st.integers(1, 4),
        length=st.integers(1, 20),
        everyone=st.booleans(),
    )
    def maintenance_is_planned(self, number: int, first: int, length: int, everyone: bool) -> None:  # noqa: FBT001
        """Plan maintenance for one domain or for all, from one of the next minutes on."""
        there = sorted(domain.key for domain in fleet.everyone())
        if not there:
            return
        keys = there if everyone else [there[number % len(there)]]
        begin = (self.world.now // MINUTE + first) * MINUTE
        end = begin + length * MINUTE
        window = Window(
            id=f"{self.world.now}-{begin}-{end}-{keys[0]}",
            scope=Scope.ALL if everyone else Scope.DOMAIN,
            start=_wall(begin),
            end=_wall(end),
            target="" if everyone else keys[0],
        )
        self.fleet.keep_apart(sorted(self.fleet.ever) if everyone else keys, window, begin, end)

    @rule(number=st.integers(0, MOST_DOMAINS - 1))
    def domain_is_paused(self, number: int) -> None:
        """Pause a domain whose tests are under way, or let it be tested again."""
        if domain := self._one(number):
            fleet.save(replace(domain, maintmode=not domain.maintmode))
            self._want_no_more(domain)

    @rule(number=st.integers(0, MOST_DOMAINS - 1))
    def domain_goes(self, number: int) -> None:
        """Remove a domain whose tests are under way."""
        domain = self._one(number)
        if domain and not domain.control:
            assert fleet.remove(domain, health_of(domain.key), self.world.now)
            self._want_no_more(domain)

    @rule(
        misses=st.integers(0, 3),
        recover_after=st.integers(0, 3),
        open_after=st.integers(1, 3),
        maxreturntime=st.sampled_from([60, 300, 900]),
        until_fail=st.sampled_from([UNTIL_FAIL // 2, UNTIL_FAIL]),
    )
    def people_change_the_limits(
        self, misses: int, recover_after: int, open_after: int, maxreturntime: int, until_fail: int
    ) -> None:
        """Change what tests and domains are judged by while tests are under way."""
        self.world.stage.configure(
            limits=Limits(maxfailnumber=misses, maxfailpercentage=100.0, maxlatenumber=misses, maxlatepercentage=100.0),
            recover_after=recover_after,
            open_after=open_after,
            maxreturntime=maxreturntime,
            max_sec_until_fail=until_fail,
        )

    @rule()
    def hours_pass(self) -> None:
        """Let the schedule be silent for some hours, as in an outage."""
        self.fleet.silence(5 * 60 * MINUTE)

    def _want(self, slot: int) -> None:
        """Record which tests there must be for this slot."""
        config, slower = load_config(self.world.stage.settings.initial), slowed(schedule.SLOWEST)
        for domain in fleet.everyone():
            if domain.key not in slower and schedule.is_due(domain, slot, config):
                self.wanted.add((domain.key, slot))

    def _want_no_more(self, domain: MailDomain) -> None:
        """Drop what plan may not have reached before people changed their minds."""
        now = self.world.now // MINUTE
        self.wanted = {(key, slot) for key, slot in self.wanted if key != domain.key or slot < now - CATCH_UP}

    def _one(self, number: int) -> MailDomain | None:
        there = sorted(fleet.everyone(), key=lambda domain: domain.key)
        return there[number % len(there)] if there else None

    @invariant()
    def figures_agree(self) -> None:
        """At any moment, the figures of each domain are what its tests add up to."""
        if not hasattr(self, "fleet"):
            return
        for key in self.fleet.ever:
            tests = list(mailtests.of_domain(key))
            assert not list(wrong_figures(tests, list(stats.of_domain(key))))

    def teardown(self) -> None:
        """Wait until all is over, and compare with what is true."""
        if not hasattr(self, "fleet") or not self.fleet.manners:
            return
        for domain in fleet.everyone():  # In a pause nobody is notified.
            fleet.save(replace(domain, maintmode=False))
        self.world.stage.configure(max_sec_until_fail=UNTIL_FAIL)
        self.fleet.rest()
        wrong = [each for each in self.fleet.wrong() if not each.startswith("unmatched")]
        assert not wrong, wrong
        if self.wanted:
            secret = runtime.secret()
            known = {test.testid for key in self.fleet.ever for test in mailtests.of_domain(key)}
            missing = [(key, slot) for key, slot in self.wanted if testid.mint(secret, key, str(slot)) not in known]
            assert not missing, missing


def _wall(at: Millis) -> str:
    """Write a moment as local time in UTC."""
    return datetime.fromtimestamp(at / SECOND, UTC).strftime("%Y-%m-%dT%H:%M")
