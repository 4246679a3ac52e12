"""A machine that thinks up lives: domains come and change their manners, minutes and days pass, trouble strikes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mxtrax import slots, testid
from mxtrax.model import MINUTE
from mxtrax.store import fleet, mailtests, standings
from mxtrax.store import settings as stored
from tests.faults.lived import JOBS, MANNERS, Fleet
from tests.faults.lives import NEVER_OURS, surroundings, worlds
from tests.faults.truth import wrong_figures
from tests.faults.wire import FAULTS
from tests.faults.world import World

INTERVAL: Final = 7
"""Minutes between two tests of a domain."""

MOST_DOMAINS: Final = 6

_stage: list[tuple[World, dict[str, Any]]] = []


def live(lives: int, steps: int) -> None:
    """Live so many lives of so many steps."""
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
    """Hold one world for all lives of a run; each begins in it as it was at first."""
    with worlds() as world:
        world.stage.configure(
            interval_minutes=INTERVAL, retest_minutes=2, max_sec_until_fail=3600, own_fault_percent=NEVER_OURS
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

    @initialize()
    def begin(self) -> None:
        """Begin with an empty world."""
        self.world, blank = _stage[0]
        self.world.put_back(blank)
        self.world.unverified = frozenset()
        self.fleet = Fleet(self.world)
        self.world.customers = lambda to, _: MANNERS[self.fleet.manners[to]]
        self.wanted: set[str] = set()

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
        """Let SES refuse the mails for a domain, or take them again."""
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

    @rule()
    def hours_pass(self) -> None:
        """Let the schedule be silent for some hours, as in an outage."""
        self.fleet.minutes(4)
        self.world.now += 5 * 60 * MINUTE

    def _want(self, slot: int) -> None:
        """Note which tests there have to be for this slot."""
        config = stored.load(self.world.stage.settings.initial)
        for domain in fleet.everyone():
            if slots.is_due(domain, slot, config, retest=False):
                self.wanted.add(f"{domain.key} {slot}")

    @invariant()
    def figures_agree(self) -> None:
        """At any moment, the figures of each domain are what its tests add up to."""
        if not hasattr(self, "fleet"):
            return
        for domain in fleet.everyone():
            tests = list(mailtests.of_domain(domain.key))
            assert not list(wrong_figures(tests, list(standings.stats_of_domain(domain.key))))

    def teardown(self) -> None:
        """Wait until all is over, and compare with what is true."""
        if not hasattr(self, "fleet") or not self.fleet.manners:
            return
        self.fleet.rest()
        wrong = [each for each in self.fleet.wrong() if not each.startswith("unmatched")]
        assert wrong == []
        if self.wanted:
            secret = stored.secret()
            known = {test.testid for domain in fleet.everyone() for test in mailtests.of_domain(domain.key)}
            missing = [want for want in self.wanted if testid.mint(secret, *want.split()) not in known]
            assert missing == []
