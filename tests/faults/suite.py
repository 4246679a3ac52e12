"""Every fault at every call: run the lives undisturbed, then once for each case, and compare the outcomes.

After a case, the world runs on until its state is one that was seen before, at the same moment: the rest is the same as
then. So thousands of cases cost little more than the invocations that they disturb.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from mxtrax.model import SECOND
from tests.faults.lives import PLAYS, SHARDS, surroundings, worlds
from tests.faults.outcome import Outcome, outcome, unsound
from tests.faults.wire import FAULTS, Call, Fault, Invocation
from tests.faults.world import Mail, Step, Told, World

TWICE: Final = {"at once": 0, "half a minute later": 30 * SECOND, "two minutes later": 120 * SECOND}
"""When an event that was delivered comes a second time."""

STOPPED_HALFWAY: Final = ("killed", "lasting")
CHANNELS: Final = frozenset({"SendEmail", "Publish"})

MISSABLE: Final = frozenset({"receive", "sweep", "alert", "rollup"})
"""The jobs whose next run makes up for a lost event, without visible effect."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one call of one invocation; or an event that comes twice, or one that never comes."""

    step: int
    job: str
    at: int = -1
    call: Call | None = None
    fault: Fault | None = None
    again: int | None = None
    missed: bool = False
    spoken: str = ""
    trouble: str = ""

    def __str__(self) -> str:
        """Name it for people."""
        where = f" at call {self.at} ({self.call})" if self.call else ""
        return f"step {self.step}, {self.job}: {self.trouble}{where}"

    @property
    def may_repeat(self) -> bool:
        """True if the sender to a channel could not learn, or not yet record, that the notice was accepted."""
        if self.fault is None or self.call is None or not self.spoken:
            return False
        halfway = any(word in self.fault.name for word in STOPPED_HALFWAY)
        return halfway or (self.fault.hidden and self.call.operation in CHANNELS)


def _spoken(job: str, calls: Sequence[Call]) -> str:
    """Give the call to a channel that the last of these calls is, or before all of which that was said is written down.

    `send` notes a batch at its end; `alert` notes each channel's news at once, incident by incident.
    """
    if job == "send":
        return next((call.operation for call in calls if call.operation in CHANNELS), "")
    while calls and calls[-1].operation == "UpdateItem":
        calls = calls[:-1]
    return calls[-1].operation if calls and calls[-1].operation in CHANNELS else ""


class Future(NamedTuple):
    """What follows from a state: its end, and what is visible from outside until then."""

    end: Outcome
    mails: tuple[Mail, ...]
    told: tuple[Told, ...]


@dataclass
class Suite:
    """The undisturbed lives, and everything known about what follows from each state."""

    world: World
    play: str = "lives"
    kept: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[Step, tuple[Call, ...]]] = field(default_factory=list)
    known: dict[bytes, Future] = field(default_factory=dict)
    undisturbed: Future | None = None

    def learn(self) -> None:
        """Run the lives undisturbed, recording every invocation and its calls."""
        PLAYS[self.play].begin(self.world)
        start = self.world.keep()
        while self.world.agenda:
            self.kept.append(self.world.keep())
            step = self.world.next()
            self.steps.append((step, tuple(self.world.play(step).calls)))
        if wrong := list(unsound(self.world, outcome(self.world, SHARDS))):
            raise AssertionError(f"{self.play}, undisturbed: {wrong}")
        self.world.put_back(start)
        self.undisturbed = self._play_on()

    def cases(self) -> Iterator[Case]:
        """Enumerate all cases."""
        for number, (step, calls) in enumerate(self.steps):
            if step.job not in PLAYS[self.play].struck:
                continue
            for at, call in enumerate(calls):
                spoken = _spoken(step.job, calls[: at + 1])
                for fault in FAULTS:
                    if fault.meets(call):
                        yield Case(number, step.job, at, call, fault, spoken=spoken, trouble=fault.name)
            for when, after in TWICE.items():
                yield Case(number, step.job, again=after, trouble=f"the event comes twice, {when}")
            if step.job in MISSABLE:
                yield Case(number, step.job, missed=True, trouble="the event never comes")

    def differences(self, case: Case) -> list[str]:
        """Run a case to its end, and say what is not as it should be."""
        it = self.world
        it.put_back(self.kept[case.step])
        step = it.next()
        invocation = Invocation(case.fault, case.at)
        if not case.missed:
            it.play(step, invocation)
        if case.again is not None:
            for event in step.events:
                it.add(case.again, event.job, event.payload)
        elif case.fault and not invocation.strikes:
            return ["the fault met no call: the play is not the same twice"]
        past = tuple(it.mails), tuple(it.told)
        rest = self._play_on()
        if case.missed and case.job == "receive":
            return list(self._compare_swept(rest.end))
        return list(self._compare(case, rest.end, (*past[0], *rest.mails), (*past[1], *rest.told)))

    def _play_on(self) -> Future:
        """Run until the end, or until a known state; and record for each state on the way what followed from it."""
        it, path = self.world, list[tuple[bytes, int, int]]()
        while True:
            state = it.state()
            if state in self.known or not it.agenda:
                break
            path.append((state, len(it.mails), len(it.told)))
            it.play(it.next())
        end = self.known.get(state) or Future(outcome(it, SHARDS), (), ())
        self.known[state] = end
        mails, told = (*it.mails, *end.mails), (*it.told, *end.told)
        for before, number_of_mails, number_of_told in path:
            self.known[before] = Future(end.end, mails[number_of_mails:], told[number_of_told:])
        return Future(end.end, mails[len(mails) - len(end.mails) :], end.told) if not path else self.known[path[0][0]]

    def _compare(self, case: Case, end: Outcome, mails: tuple[Mail, ...], told: tuple[Told, ...]) -> Iterator[str]:
        assert self.undisturbed
        want = self.undisturbed
        expected, went = _number(want.mails), _number(mails)
        repeated = {to for to in went if went[to] != expected[to]}
        if (fewer := {to for to in expected if went[to] < expected[to]}) or set(went) - set(expected):
            yield f"mails: {fewer or set(went) - set(expected)} differ in number"
        if repeated and not (case.job == "send" and case.may_repeat):
            yield f"mails: sent anew to {sorted(repeated)}"
        for name in ("tests", "stats", "health", "incidents", "rollups"):
            yield from _differ(name, getattr(want.end, name), getattr(end, name), ())
        yield from _differ("times", want.end.times, end.times, repeated | set(_timed_otherwise(case, want.end)))
        yield from _differ("copies", want.end.copies, end.copies, repeated | set(_kept_otherwise(case, want.end, end)))
        yield from _differ("accepted", want.end.accepted, end.accepted, want.end.accepted if case.job == "send" else ())
        for name in ("inbox", "dead", "waiting"):
            if getattr(want.end, name) != getattr(end, name):
                yield f"{name}: {getattr(end, name)} instead of {getattr(want.end, name)}"
        # A mail that is kept by two workers counts twice, one whose worker dies not at all: of a storm, one may be too much.
        about = self.play == "storm" and abs(end.unmatched - want.end.unmatched) == 1
        if end.unmatched != want.end.unmatched and not (repeated or about):
            yield f"unmatched: {end.unmatched} instead of {want.end.unmatched}"
        yield from self._compare_told(case, Counter(_news(want.told)), Counter(_news(told)))

    def _compare_swept(self, end: Outcome) -> Iterator[str]:
        """Compare what the sweep found after ten minutes.

        By then the test counted as overdue, with retests and alarms as a result; but its own verdict, by the time at
        which its mail came, is what it would have been, and all figures agree with their tests.
        """
        assert self.undisturbed
        for key, tests in self.undisturbed.end.tests.items():
            if end.tests[key][0][:3] != tests[0][:3]:
                yield f"tests of {key}: {end.tests[key][0]} instead of {tests[0]}"
            yield from (f"stats of {key}: {stat}" for stat in end.stats[key] if stat[0] == "counted apart")
        if end.inbox or end.dead or end.waiting:
            yield f"left over: {end.inbox} {end.dead} {end.waiting}"

    def _compare_told(self, case: Case, want: Counter[Any], told: Counter[Any]) -> Iterator[str]:
        for news in sorted(set(want) | set(told)):
            if told[news] < want[news]:
                yield f"told: {news} was lost"
            elif told[news] > want[news] and not (want[news] and case.job == "alert" and _excused(case, news)):
                yield f"told: {news} came {told[news]} times"


def _excused(case: Case, news: tuple[str, str, str]) -> bool:
    """Say whether the channel may have got this twice: it was being called when the fault struck."""
    return case.may_repeat and (news[0] == "topic") == (case.spoken == "Publish")


def _timed_otherwise(case: Case, want: Outcome) -> Iterator[str]:
    """Give whose delivery times this trouble may change, though no verdict."""
    for key, copies in want.copies.items():
        # A test is measured from just before its batch goes out. Where a return was not accounted for at once, the next
        # copy may be counted before it is.
        late_out = case.job == "send" and case.fault is not None and case.fault.slow
        if late_out or (case.job == "receive" and max(copies) > 1):
            yield key


def _kept_otherwise(case: Case, want: Outcome, is_now: Outcome) -> Iterator[str]:
    """Give whose tests may keep more or fewer copies because of this fault: copies of a final test are dropped.

    If plan or aggregate is delayed, the fold is late and more are kept; the same if send is, which is retried between
    two of the minutes that are run. If receive is delayed, a copy may come too late. The first return is not a copy: it
    is always kept.
    """
    for key, copies in want.copies.items():
        known = is_now.copies.get(key, [])
        pairs = list(zip(known, copies, strict=False)) if len(known) == len(copies) else []
        more = case.job in {"plan", "send", "aggregate"} and all(now >= was for now, was in pairs)
        fewer = case.job == "receive" and all(min(was, 1) <= now <= was for now, was in pairs)
        if pairs and (more or fewer):
            yield key


def _number(mails: Iterable[Mail]) -> Counter[str]:
    return Counter(mail.to for mail in mails)


def _news(told: Iterable[Told]) -> Iterator[tuple[str, str, str]]:
    """Give the notices, by the number of the domain that begins each incident's id. Reminders are not included."""
    for each in told:
        if each.news != "reminder":
            yield each.channel, each.incident.partition("-")[0], each.news


def _differ(name: str, want: dict[str, Any], is_now: dict[str, Any], but: Iterable[str]) -> Iterator[str]:
    excused = set(but)
    for key, value in want.items():
        if key not in excused and value != is_now.get(key):
            yield f"{name} of {key}: {is_now.get(key)} instead of {value}"


def run(suite: Suite, wanted: Callable[[int, Case], bool], tell: Callable[[str], None]) -> Counter[str]:
    """Run the requested cases, reporting each with another outcome; give the number of each kind of fault."""
    played = Counter[str]()
    for number, case in enumerate(suite.cases()):
        if wanted(number, case):
            played[case.trouble] += 1
            if differences := suite.differences(case):
                tell("\n    ".join((str(case), *differences)))
    return played


def play(name: str, part: int, parts: int) -> tuple[Counter[str], list[str]]:
    """Play the cases of every parts-th invocation of a play, from this one on."""
    wrong = list[str]()
    with surroundings(), worlds(PLAYS[name].brakes) as world:
        suite = Suite(world, name)
        suite.learn()
        return run(suite, lambda _, case: case.step % parts == part, wrong.append), wrong
