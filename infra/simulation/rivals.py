"""Simple rules on the same traces: each has only the regular tests, and decides by their returns.

None of them gives causes, groups alarms, or takes maintenance and its own outages into account.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from infra.simulation.episodes import Alert
from infra.simulation.model import MINUTE, ON_TIME, SECOND, Domain, Mail, Millis, Scenario
from infra.simulation.score import Score, of_rival
from infra.simulation.world import World

RUN: Final = 15 * MINUTE
"""How often the original of 2013 checked."""

RETESTED: Final = 20 * MINUTE
"""How long after a miss the rule with retests tests again each minute."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test for a rule: when its return could be read, if it came back."""

    __test__ = False

    mail: Mail
    seen: Millis | None

    @property
    def good(self) -> bool:
        """True if its return could be read in time."""
        return self.seen is not None and self.seen - self.mail.sent <= ON_TIME

    @property
    def decided(self) -> Millis:
        """Give the full minute at which it is known whether it is good."""
        known = self.seen if self.seen is not None and self.good else self.mail.sent + ON_TIME
        return _next_minute(known)


type Trace = Mapping[str, Sequence[Test]]


def compare(scenario: Scenario) -> dict[str, Score]:
    """Score all simple rules on a scenario."""
    plain, asked = trace(scenario), trace(scenario, retests=True)
    return {
        "original of 2013": _original(scenario, plain),
        "one miss": _scored(scenario, consecutive(plain, 1), plain),
        "3 misses": _scored(scenario, consecutive(plain, 3), plain),
        "3 misses, retest 1 min": _scored(scenario, consecutive(asked, 3), asked),
        "no answer for 15 min": _scored(scenario, _unanswered(plain, 15), plain),
        "no answer for 30 min": _scored(scenario, _unanswered(plain, 30), plain),
    }


def _scored(scenario: Scenario, alerts: Sequence[Alert], tests: Trace, mails: int | None = None) -> Score:
    """Score a rule; each alarm and each recovery is a separate mail by default."""
    by_domain = {key: [test.mail for test in of] for key, of in tests.items()}
    return of_rival(scenario, alerts, 2 * len(alerts) if mails is None else mails, by_domain)


def trace(scenario: Scenario, *, retests: bool = False) -> Trace:
    """Send the regular tests of all domains through the world, with `retests` also one each minute after a miss."""
    world = World(scenario)
    found: dict[str, list[Test]] = {key: [] for key in scenario.domains}
    asking = dict.fromkeys(scenario.domains, False)
    for minute in scenario.minutes():
        for key, domain in scenario.domains.items():
            if not (regular(scenario, domain, minute) or asking[key]):
                continue
            at = minute + (scenario.plan_second * SECOND + domain.number * 20) % MINUTE
            if not world.no_sending(at):
                found[key].append(sent(world, key, at))
        if retests:
            asking = {key: _missed(tests, minute) for key, tests in found.items()}
    return found


def regular(scenario: Scenario, domain: Domain, minute: Millis) -> bool:
    """Say whether a domain is tested in this minute."""
    return ((minute - scenario.start) // MINUTE + domain.number * 7) % scenario.interval_of(domain.key) == 0


def sent(world: World, key: str, at: Millis) -> Test:
    """Send a test, and give when its return can be read."""
    mail = Mail(f"{key} {at // MINUTE}", key, at)
    world.meet(mail)
    down = world.ours("receive_down", mail.back) if mail.back is not None else None
    return Test(mail, down.end if down else mail.back)


def _missed(tests: Sequence[Test], now: Millis) -> bool:
    """Say whether the last decided test was missed recently."""
    known = [it for it in tests[-12:] if it.mail.sent + ON_TIME <= now or (it.seen and it.seen <= now)]
    return bool(known) and not known[-1].good and known[-1].mail.sent > now - RETESTED


def consecutive(tests: Trace, misses: int) -> list[Alert]:
    """Open after this many misses in a row, close with the first test on time."""
    return [alert for key, of_domain in tests.items() for alert in _consecutive(key, of_domain, misses)]


def _consecutive(key: str, tests: Sequence[Test], misses: int) -> Iterator[Alert]:
    row, open_ = 0, None
    for test in tests:
        if test.good:
            row = 0
            if open_:
                open_.over, open_ = test.decided, None
            continue
        row += 1
        if row >= misses and open_ is None:
            yield (open_ := _alert(key, test.decided, test))


def _unanswered(tests: Trace, minutes: int) -> list[Alert]:
    """Open if a test has had no answer for some minutes, whatever counts as late; close with the next answer."""
    return [alert for key, of in tests.items() for alert in _unanswered_of(key, of, minutes * MINUTE)]


def _unanswered_of(key: str, tests: Sequence[Test], patience: Millis) -> Iterator[Alert]:
    open_: Alert | None = None
    for test in tests:
        limit = test.mail.sent + patience
        if test.seen is not None and test.seen <= limit:
            if open_ and test.seen > open_.told:
                open_.over, open_ = _next_minute(test.seen), None
        elif open_ is None:
            yield (open_ := _alert(key, _next_minute(limit), test))


def _original(scenario: Scenario, tests: Trace) -> Score:
    """Check all tests ever, every 15 minutes; mail all domains while any fails. Nothing recovers."""
    alerts, mails, failing = list[Alert](), 0, set[str]()
    bad = sorted(
        ((test.mail.sent + ON_TIME, key, test) for key, of in tests.items() for test in of if not test.good),
        key=lambda it: it[0],
    )
    for at in range(scenario.start + RUN, scenario.end, RUN):
        while bad and bad[0][0] <= at:
            _, key, test = bad.pop(0)
            if key not in failing:
                failing.add(key)
                alerts.append(_alert(key, at, test))
        mails += bool(failing)
    return _scored(scenario, alerts, tests, mails)


def _alert(key: str, at: Millis, test: Test) -> Alert:
    return Alert(id=f"{key} {at}", domain=key, told=at, mail=test.mail)


def _next_minute(at: Millis) -> Millis:
    return at // MINUTE * MINUTE + MINUTE
