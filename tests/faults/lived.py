"""A fleet over time: minutes pass, faults happen, and the result is compared with the truth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from mxtrax.model import (
    HOUR,
    MINUTE,
    SECOND,
    Customer,
    MailDomain,
    MailTest,
    Millis,
    Scope,
    Stat,
    State,
    Verdict,
    Window,
)
from mxtrax.rules.statistics import sum_of
from mxtrax.store import customers, fleet, incidents, mailtests, rollups, stats, windows
from mxtrax.store.health import health_by_key
from mxtrax.store.rollups import FLEET
from tests.faults import motos_memory
from tests.faults.lives import back, bounced, delivered, put_off
from tests.faults.truth import Found, Stretch, wrong_figures, wrong_incidents, wrong_places, wrong_tests
from tests.faults.wire import FAULTS, Fault, Invocation
from tests.faults.world import SmtpReply, Step, World

MANNERS: Final[dict[str, tuple[SmtpReply, ...]]] = {
    "prompt": (delivered(), back(4)),
    "slow": (delivered(), back(100)),
    "late": (put_off(20), delivered(500), back(600)),
    "lost": (delivered(),),
    "copied": (delivered(), back(6), back(7)),
    "refused": (bounced(2),),
    "suppressed": (bounced(2, "OnAccountSuppressionList"),),
    "silent": (),
}
"""How a customer's mail system deals with a test."""


@dataclass
class Fleet:
    """A fleet in a world. `armed` waits for the next invocation of a job, `archive` holds tests that moto need not carry."""

    world: World
    minute: Millis = MINUTE
    armed: dict[str, tuple[Fault, int]] = field(default_factory=dict)
    manners: dict[str, str] = field(default_factory=dict)
    archive: dict[str, MailTest] = field(default_factory=dict)
    dice: Random = field(default_factory=Random)
    trouble: float = 0.0
    strikes: int = 0
    steps: int = 0
    ever: dict[str, MailDomain] = field(default_factory=dict)
    maintenance: dict[str, list[Stretch]] = field(default_factory=dict)
    of_all: list[Stretch] = field(default_factory=list)

    def add(self, name: str, manner: str, **special: Any) -> MailDomain:
        """Let a domain come in."""
        customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
        (domain,) = fleet.add([MailDomain(id=0, testuser="mxtrax", domainname=name, customer="acme", **special)])
        self.manners[domain.address] = manner
        self.ever[domain.key] = domain
        self.maintenance.setdefault(domain.key, []).extend(self.of_all)
        return domain

    def keep_apart(self, keys: Iterable[str], window: Window, begin: Millis, end: Millis) -> None:
        """Plan maintenance that these domains' tests are separated by, and a window for all later domains."""
        windows.save(window)
        stretch = Stretch(begin, end, self.world.now)
        for key in keys:
            self.maintenance.setdefault(key, []).append(stretch)
        if window.scope is Scope.ALL:
            self.of_all.append(stretch)

    def minutes(self, number: int) -> None:
        """Let minutes of plan's clock pass, with all that happens in them."""
        for _ in range(number):
            at = (self.world.now // self.minute + 1) * self.minute
            self._play_until(at)
            self.world.now = max(self.world.now, at)
            self.world.tick(at)
            if at % HOUR == 0:
                self.world.hour(at)
            self._play_until(at + 1)

    def silence(self, length: Millis) -> None:
        """Let time pass without the schedule; mail and messages are still delivered."""
        end = self.world.now + length
        self._play_until(end)
        self.world.now = max(self.world.now, end)

    def _play_until(self, end: Millis) -> None:
        it = self.world
        while it.agenda and it.agenda[0].at < end:
            step = it.next()
            invocation = self._invocation(step)
            it.play(step, invocation)
            self.strikes += invocation.strikes > 0
            self.steps += 1

    def _invocation(self, step: Step) -> Invocation:
        """Strike if a fault is armed or the dice say so; retries after a failure are left alone."""
        if step.events[0].attempt > 1:
            return Invocation()
        if step.job in self.armed:
            return Invocation(*self.armed.pop(step.job))
        if self.trouble and self.dice.random() < self.trouble:
            return Invocation(self.dice.choice(FAULTS), self.dice.randrange(12))
        return Invocation()

    def put_away(self) -> None:
        """Take tests that are long done out of moto, which is slow with thousands; as the TTL does after 90 days."""
        rows = motos_memory.tables()["t-mailtest"].items
        old = self.world.now - 60 * MINUTE
        for key, item in list(rows.items()):
            if "due" not in item.attrs and int(item.attrs["sendtime"].value) < old:
                found = mailtests.get(key.value)
                assert found is not None
                self.archive[found.testid] = found
                del rows[key]
        motos_memory.forget()

    def rest(self) -> None:
        """Let no further test begin, and wait until nothing is under way."""
        self.trouble, self.armed = 0.0, {}
        self.world.stage.configure(interval_minutes=10**9, retest_minutes=10**9)
        self.minutes(14 * MINUTE // self.minute + 2)
        self.silence(self.world.stage.configure().max_sec_until_fail * SECOND)
        self.minutes(3)
        self.world.hour(self.world.now)
        self.silence(SECOND)

    def wrong(self) -> list[str]:
        """Compare MXTRAX's results with the truth; give what is wrong."""
        it = self.world
        domains, there = list(self.ever.values()), {domain.key for domain in fleet.everyone()}
        found = {domain.key: Found() for domain in domains}
        for test in (*self.archive.values(), *(test for domain in domains for test in mailtests.of_domain(domain.key))):
            found[test.maildomain].tests.append(test)
        known = health_by_key(found)
        for key, each in found.items():
            each.stats = list(stats.of_domain(key))
            each.incidents = list(incidents.of_domain(key))
            each.failing = key in there and known[key].state is State.FAILING
        tests = [test for each in found.values() for test in each.tests]
        wrong = [*wrong_tests(it.mails, tests), *wrong_places(it.mails, tests, self.maintenance, there)]
        wrong += self._wrong_sums([stat for each in found.values() for stat in each.stats])
        wrong += [f"{key}: {text}" for key, each in found.items() for text in wrong_figures(each.tests, each.stats)]
        wrong += wrong_incidents(found, domains, it.told)
        wrong += [f"left in the inbox: {key}" for key in it.stage.inbox()]
        wrong += [f"unmatched: {key}" for key in it.stage.inbox("unmatched/")]
        wrong += [f"a dead letter: {event.job}" for event in it.dead]
        return wrong

    def _wrong_sums(self, stats: Sequence[Stat]) -> Iterator[str]:
        """Compare the fleet's sums of the last days with those of its domains."""
        today = datetime.fromtimestamp(self.world.now / SECOND, UTC).date()
        for age in (0, 1):
            day = (today - timedelta(days=age)).isoformat()
            right = sum_of((stat for stat in stats if stat.d == day), FLEET, day)
            found = rollups.of(FLEET, day, day) or [Stat(maildomain=FLEET, d=day)]
            if found != [right]:
                yield f"the sums of {day}: {found} instead of {right}"

    def known(self, test: str) -> Verdict | None:
        """Give what a test is counted as."""
        found = self.archive.get(test) or mailtests.get(test)
        return found.counted if found else None

    def totals(self) -> dict[Verdict, int]:
        """Add up all figures."""
        days = [day for key in self.ever for day in stats.of_domain(key)]
        return {
            Verdict.ONTIME: sum(day.ontime_num for day in days),
            Verdict.LATE: sum(day.late_num for day in days),
            Verdict.FAILED: sum(day.fail_num for day in days),
            Verdict.UNSENT: sum(day.unsent_num for day in days),
        }
