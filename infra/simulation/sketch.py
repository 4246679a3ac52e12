"""A sketch of an evidence rule, for comparison: log likelihood ratios added up (CUSUM), with early retests.

An alarm is held while our own loop is out, the domains of one provider are tested at once, and one provider's news
within some minutes is one mail. It sees returns, SES's events and its own clock; about greylisting and our outages it
knows slightly more than a product can.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from infra.simulation.episodes import INBOX, Alert
from infra.simulation.model import MINUTE, ON_TIME, SECOND, Domain, Millis, Scenario, Trouble
from infra.simulation.rivals import Test, regular, sent
from infra.simulation.score import Score, of_rival
from infra.simulation.world import World

LOST: Final = 3.9
GREY: Final = 1.2
DEFERRED: Final = 3.0
HARD: Final = 7.0
OK: Final = -0.68
"""ln of P(seen | broken) / P(seen | well): a loss (0.5 / 0.01), a greylisting, another deferral, a bounce, on time."""

SUSPECT: Final = 1.5
OVERDUE: Final = 2.6
"""The same for a test that is not back early, and for one that is not back after twice as long."""

OPEN: Final = 6.5
STREAK: Final = 3
QUICK: Final = 50 * SECOND
SLOW: Final = 150 * SECOND
"""When a test that is not back becomes suspicious, at the earliest and at the latest."""

OUR_LOOP: Final = "loop@us"
LOOP_TIME: Final = 30 * SECOND
WAIT: Final = 3 * MINUTE
"""How long a provider's news is gathered."""


def compare(scenario: Scenario) -> dict[str, Score]:
    """Score the sketch on a scenario."""
    return {
        "sketch: evidence, early retests": _Sketch(scenario, early=True).play(),
        "sketch without early retests": _Sketch(scenario, early=False).play(),
    }


@dataclass(slots=True)
class _State:
    """What is known about one domain. `asking` is for how many minutes it is retested, `usual` when it is suspicious."""

    domain: Domain
    siblings: str
    tests: list[Test] = field(default_factory=list)
    asking: int = 0
    usual: Millis = QUICK
    open: Alert | None = None


@dataclass(slots=True)
class _Evidence:
    """The evidence of a domain's last tests: the weight, the last bad one, the number on time since, whether one is out."""

    weight: float = 0.0
    bad: Test | None = None
    streak: int = 0
    suspect: bool = False

    def add(self, weight: float) -> None:
        self.weight = max(0.0, self.weight + weight)


class _Loop:
    """Our own loop: a test each minute, overdue after half a minute."""

    def __init__(self, world: World) -> None:
        self.world, self.tests, self.until = world, list[Test](), 0
        self.lost = list[Millis]()

    def minute(self, now: Millis) -> bool:
        """Test, and say whether the fault is ours."""
        if not self.world.ours("plan_down", now):
            if self.world.no_sending(now):
                self.until = now + 2 * MINUTE
            else:
                self.tests.append(sent(self.world, OUR_LOOP, now))
                self.lost += [now] if _lost(self.tests[-1]) else []
        newest = next((it for it in reversed(self.tests) if now - it.mail.sent >= LOOP_TIME), None)
        ours = now < self.until or (newest is not None and newest in self.tests[-8:] and _lost(newest))
        if ours:
            self.until = max(self.until, now + MINUTE)
        return ours

    def out_around(self, at: Millis) -> bool:
        """Say whether it was out while a test of this moment was under way."""
        return any(at - 2 * MINUTE <= lost <= at + ON_TIME + MINUTE for lost in self.lost)


def _lost(test: Test) -> bool:
    return test.seen is None or test.seen - test.mail.sent > LOOP_TIME


class _Sketch:
    def __init__(self, scenario: Scenario, *, early: bool) -> None:
        self.scenario, self.early, self.world = scenario, early, World(scenario)
        self.loop = _Loop(self.world)
        self.states = {key: _State(it, _siblings(it)) for key, it in scenario.domains.items()}
        self.by_provider = defaultdict[str, list[_State]](list)
        for state in self.states.values():
            self.by_provider[state.siblings].append(state)
        self.declared = {key: it for it in scenario.troubles if it.declared for key in it.domains}
        self.alerts, self.news = list[Alert](), list[tuple[Millis, str, str]]()

    def play(self) -> Score:
        """Run through the scenario."""
        for number, now in enumerate(self.scenario.minutes()):
            ours = self.loop.minute(now)
            for state in self.states.values():
                self._test(state, now)
                if number % 60 == 0:
                    state.usual = _usual(state.tests, now)
                self._judge(state, self._weighed(state, now), now, ours=ours)
        by_domain = {key: [test.mail for test in state.tests] for key, state in self.states.items()}
        return of_rival(self.scenario, self.alerts, _mails(self.news), by_domain)

    def _test(self, state: _State, now: Millis) -> None:
        at = now + (state.domain.number * 200) % (20 * SECOND)
        wanted = regular(self.scenario, state.domain, now) or state.asking > 0
        if wanted and not self.world.no_sending(at):
            state.tests.append(sent(self.world, state.domain.key, at))
        state.asking = max(0, state.asking - 1)

    def _weighed(self, state: _State, now: Millis) -> _Evidence:
        """Add up the evidence of the last tests."""
        found, declared = _Evidence(), self.declared.get(state.domain.key)
        for test in state.tests[-30:]:
            if test.mail.sent > now or (declared and _within(declared, test.mail.sent)):
                continue
            if test.good and test.seen is not None and test.seen <= now:
                found.add(OK)
                found.streak += 1
            else:
                self._weigh_bad(found, test, state.usual, now)
        return found

    def _weigh_bad(self, found: _Evidence, test: Test, usual: Millis, now: Millis) -> None:
        """Add the evidence of a test that was not back in time, or is still out."""
        age, heard = now - test.mail.sent, test.mail.heard
        bounced = heard.get("Bounce", now + 1) <= now
        deferred = heard.get("DeliveryDelay", now + 1) <= now
        grey = deferred and test.mail.what == "greylist"
        if bounced or age >= ON_TIME:
            found.streak = 0
            if not self._spoilt(test):
                found.bad = test
                found.add(HARD if bounced else GREY if grey else DEFERRED if deferred else LOST)
        elif age >= usual and self.early:
            found.suspect = True
            if not self._spoilt(test):
                found.add(GREY / 2 if grey else SUSPECT if age < 2 * usual else OVERDUE)

    def _spoilt(self, test: Test) -> bool:
        """Say whether a test was under way in an outage of ours that our loop has noticed."""
        at = test.mail.sent
        ours = any(it.start - 6 * MINUTE <= at <= it.end for it in self.scenario.own if it.kind in INBOX)
        return ours and self.loop.out_around(at)

    def _judge(self, state: _State, found: _Evidence, now: Millis, *, ours: bool) -> None:
        """Open, close, and order retests."""
        if state.open is None and found.weight >= OPEN and found.bad is not None and not ours:
            key = state.domain.key
            state.open = Alert(id=f"{key} {now}", domain=key, told=now, mail=found.bad.mail)
            self.alerts.append(state.open)
            self.news.append((now, state.siblings, "open"))
            for other in self.by_provider[state.siblings]:
                other.asking = max(other.asking, 2)
        elif state.open is not None and found.streak >= STREAK and found.weight < OPEN / 2:
            state.open.over, state.open = now, None
            self.news.append((now, state.siblings, "closed"))
        lately = bool(state.tests) and state.tests[-1].mail.sent > now - 40 * MINUTE
        if found.suspect or (found.weight > 0.5 and lately):
            state.asking = max(state.asking, 1)


def _siblings(domain: Domain) -> str:
    """Name a domain's provider, as far as it is visible: not one that names its servers after customers."""
    return domain.key if domain.provider.vanity else domain.provider.name


def _usual(tests: Sequence[Test], now: Millis) -> Millis:
    """Give when a domain's test becomes suspicious: 1.5 times the 95th percentile of its last returns."""
    back = [(test, test.seen) for test in tests[-100:] if test.good and test.seen is not None]
    took = sorted(seen - test.mail.sent for test, seen in back if seen <= now)
    usual = round(1.5 * took[len(took) * 95 // 100]) if len(took) > 20 else QUICK
    return min(max(QUICK, usual), SLOW)


def _within(declared: Trouble, at: Millis) -> bool:
    """Say whether declared maintenance may have touched a test."""
    return declared.start - ON_TIME <= at < declared.end + 10 * MINUTE


def _mails(news: Sequence[tuple[Millis, str, str]]) -> int:
    """Count mails: a provider's news within some minutes of its first goes out together, and all of one minute in one."""
    sent_at, first = set[Millis](), dict[tuple[str, str], Millis]()
    for at, provider, kind in news:
        key = provider, kind
        if key not in first or at > first[key] + WAIT:
            first[key] = at
        sent_at.add(first[key] + WAIT)
    return len(sent_at)
