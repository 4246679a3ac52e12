"""A fleet that is lived with: minutes that pass, trouble that comes, and what is left in the end."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from mxtrax.model import MINUTE, SECOND, Customer, MailDomain, MailTest, Millis, State, Verdict
from mxtrax.store import fleet, mailtests, standings
from tests.faults import fake_aws
from tests.faults.lives import back, bounced, delivered, put_off
from tests.faults.truth import Found, wrong_figures, wrong_incidents, wrong_tests
from tests.faults.wire import FAULTS, Fault, Invocation
from tests.faults.world import Answer, Step, World

MANNERS: Final[dict[str, tuple[Answer, ...]]] = {
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

JOBS: Final = ("plan", "send", "feedback", "receive", "aggregate", "alert")


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

    def add(self, name: str, manner: str, **special: Any) -> MailDomain:
        """Let a domain come in."""
        fleet.add_customer(Customer(codename="acme", friendlyname="Acme Ltd"))
        (domain,) = fleet.add([MailDomain(id=0, testuser="mxtrax", domainname=name, customer="acme", **special)])
        self.manners[domain.address] = manner
        return domain

    def minutes(self, number: int) -> None:
        """Let minutes of plan's clock pass, with all that happens in them."""
        for _ in range(number):
            at = (self.world.now // self.minute + 1) * self.minute
            self._play_until(at)
            self.world.now = at
            self.world.tick(at)
            self._play_until(at + 1)

    def _play_until(self, end: Millis) -> None:
        it = self.world
        while it.agenda and it.agenda[0].at < end:
            step = it.next()
            invocation = self._invocation(step)
            it.play(step, invocation)
            self.strikes += invocation.strikes > 0
            self.steps += 1

    def _invocation(self, step: Step) -> Invocation:
        """Strike where trouble is armed or the dice say so; what comes again after a failure is left alone."""
        if step.events[0].attempt > 1:
            return Invocation()
        if step.job in self.armed:
            return Invocation(*self.armed.pop(step.job))
        if self.trouble and self.dice.random() < self.trouble:
            return Invocation(self.dice.choice(FAULTS), self.dice.randrange(12))
        return Invocation()

    def put_away(self) -> None:
        """Take tests that are long done out of moto, which is slow with thousands; as the TTL does after 90 days."""
        rows = fake_aws.tables()["t-mailtest"].items
        old = self.world.now - 60 * MINUTE
        for key, item in list(rows.items()):
            if "due" not in item.attrs and int(item.attrs["sendtime"].value) < old:
                found = mailtests.get(key.value)
                assert found is not None
                self.archive[found.testid] = found
                del rows[key]
        fake_aws.forget()

    def rest(self) -> None:
        """Let no further test begin, and wait until nothing is under way."""
        self.trouble, self.armed = 0.0, {}
        self.world.stage.configure(interval_minutes=10**9, retest_minutes=10**9)
        self.minutes(14 * MINUTE // self.minute + 2)
        self.world.now += self.world.stage.configure().max_sec_until_fail * SECOND
        self.minutes(3)

    def wrong(self) -> list[str]:
        """Compare what MXTRAX has found out with what is true; give what is wrong."""
        it = self.world
        domains = list(fleet.everyone())
        found = {domain.key: Found() for domain in domains}
        for test in (*self.archive.values(), *(test for domain in domains for test in mailtests.of_domain(domain.key))):
            found[test.maildomain].tests.append(test)
        known = standings.of(found)
        for key, each in found.items():
            each.stats = list(standings.stats_of_domain(key))
            each.incidents = list(standings.incidents_of(key))
            each.failing = known[key].state is State.FAILING
        wrong = list(wrong_tests(it.mails, [test for each in found.values() for test in each.tests]))
        wrong += [f"{key}: {text}" for key, each in found.items() for text in wrong_figures(each.tests, each.stats)]
        wrong += wrong_incidents(found, domains, it.told)
        wrong += [f"left in the inbox: {key}" for key in it.stage.inbox()]
        wrong += [f"unmatched: {key}" for key in it.stage.inbox("unmatched/")]
        wrong += [f"a dead letter: {event.job}" for event in it.dead]
        return wrong

    def known(self, test: str) -> Verdict | None:
        """Give what a test is counted as."""
        found = self.archive.get(test) or mailtests.get(test)
        return found.counted if found else None

    def totals(self) -> dict[Verdict, int]:
        """Add up all figures."""
        stats = [stat for domain in fleet.everyone() for stat in standings.stats_of_domain(domain.key)]
        return {
            Verdict.ONTIME: sum(stat.ontime_num for stat in stats),
            Verdict.LATE: sum(stat.late_num for stat in stats),
            Verdict.FAILED: sum(stat.fail_num for stat in stats),
            Verdict.UNSENT: sum(stat.unsent_num for stat in stats),
        }
