"""Lives of channels whose service hangs, lies or fails for ten minutes, and the targets' notices.

Two incidents open meanwhile and one ends. The failing channel comes before the others: if it delays anything, they show
it. Each life says what was wrong in it; each mutant removes a safeguard of the channels, and some life must notice.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pytest

from infra.local.doubles.server import Doubles, doubles
from infra.local.doubles.services import Said
from mxtrax.admin import channels as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.model import SECOND, ChannelKind, ChannelState, Door, Millis
from mxtrax.notify import added, https
from mxtrax.notify.calling import Outcome
from mxtrax.notify.channel import Target
from mxtrax.rules import channels as rules
from mxtrax.runtime import log
from mxtrax.store import channels, incidents
from tests.faults.lives import surroundings
from tests.notify.told import TOLD
from tests.stage import Stage, calls, opened, stage

ANNA: Final = Actor(name="anna", door=Door.API)
SLACK, PAGERDUTY = "hooks.slack.com", "events.pagerduty.com"
LASTS: Final = 10
"""Minutes for which the service is in trouble."""

UNTIL: Final = 75
"""Minutes that are played: a service that has said no is asked again after an hour."""

OPENS: Final = (0, 3)
"""Minutes in which an incident opens, d0 and d3; the first ends while the service is in trouble."""

ENDS: Final = 6
MOST_TRIES: Final = 4
"""How often a service in trouble is asked at most in its ten minutes: at once, and after 1, 2 and 4 minutes."""

LONGEST_WAIT: Final = 15
"""Minutes for which a service that asks for time is given it at most."""


class Trouble(NamedTuple):
    """What a service does instead, whether that is a refusal, and its Retry-After in minutes."""

    begin: Callable[[Doubles], None]
    is_no: bool = False
    asks: int = 0


def _instead(said: Said) -> Callable[[Doubles], None]:
    return lambda services: services.instead.update({PAGERDUTY: said})


TROUBLES: Final[Mapping[str, Trouble]] = {
    "hangs": Trouble(lambda services: services.hanging.update({PAGERDUTY: 1.5})),
    "answers 500": Trouble(_instead(Said(500, "oops"))),
    "answers without end": Trouble(_instead(Said(503, "x" * 1_000_000))),
    "asks for five minutes": Trouble(_instead(Said(429, "later", headers=(("Retry-After", "300"),))), asks=5),
    "asks for a year": Trouble(_instead(Said(429, "later", headers=(("Retry-After", "31536000"),))), asks=LONGEST_WAIT),
    "lies about the time": Trouble(_instead(Said(503, "later", headers=(("Retry-After", "-5"),)))),
    "leads elsewhere": Trouble(_instead(Said(307, "", headers=(("Location", "https://127.0.0.1/"),))), is_no=True),
    "says no": Trouble(_instead(Said(400, '{"status":"invalid event"}')), is_no=True),
}


@dataclass
class Life:
    """One life, minute by minute. `asked` are the minutes in which the service in trouble was asked."""

    it: Stage
    services: Doubles
    trouble: Trouble
    mails: list[str] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def live(self) -> None:
        """Live it."""
        self.trouble.begin(self.services)
        for minute in range(UNTIL):
            self._begins(minute)
            self._alert(minute)
            if minute in OPENS:
                self._check(f"d{minute} is told by mail at once", self._mailed(f"d{minute}") == 1)
                self._check(f"d{minute} is told by the chat at once", self._chat(f"d{minute}") == ["opened"])
            self.it.wait(60)
        self._in_the_end()

    def _begins(self, minute: int) -> None:
        if minute in OPENS:
            opened(self.it, self.it.domain(f"d{minute}.example"), f"d{minute}")
        if minute == ENDS and (known := incidents.get("d0")):
            incidents.end(known, self.it.now)
        if minute == LASTS:
            self.services.instead.clear()
            self.services.hanging.clear()

    def _alert(self, minute: int) -> None:
        """Run alert. If a run raises, that is recorded: nobody else was notified by it."""
        before = len(self.it.outbox), self.services.asked[PAGERDUTY]
        try:
            self.it.alert()
        except Exception as error:  # noqa: BLE001 -- whatever it is
            self.wrong.append(f"minute {minute}: alert raised {type(error).__name__}")
        self.mails += [str(message_from_bytes(mail.raw)["Subject"]) for mail in self.it.outbox[before[0] :]]
        if self.services.asked[PAGERDUTY] > before[1]:
            self.asked.append(minute)

    def _in_the_end(self) -> None:
        mailed = {name: self._mailed(name) for name in ("d0", "d3")}
        self._check(f"each is mailed once, and its end: {mailed}", mailed == {"d0": 2, "d3": 1})
        chats = {name: self._chat(name) for name in ("d0", "d3")}
        self._check(f"each is told the chat once: {chats}", chats == {"d0": ["opened", "resolved"], "d3": ["opened"]})
        paged = [(json.loads(it.asked.body)["dedup_key"], it.said.took) for it in self.services.took(PAGERDUTY)]
        self._check(f"the pager takes what goes on once: {paged}", paged.count(("mxtrax-d3", "opened")) == 1)
        self._check("the pager hears of no end that it did not know of", all(key != "mxtrax-d0" for key, _ in paged))
        during = [minute for minute in self.asked if minute < LASTS]
        self._check(f"the service is left alone: asked in the minutes {during}", len(during) <= MOST_TRIES)
        waits = [later - before for before, later in zip(self.asked, self.asked[1:], strict=False) if before < LASTS]
        self._check(f"it is given the time it asks for: {waits}", all(wait >= self.trouble.asks for wait in waits))
        own = [it.said.took for it in self.services.took(SLACK) if _is_own(it.asked.body)]
        wanted = ["opened", "resolved"] if self.trouble.is_no else []
        self._check(f"the chat is told that the pager says no, and that it is over: {own}", own == wanted)
        left = [it.name for it in channels.load().them if channels.state_of(it.id).problem]
        self._check(f"all is well in the end: {left}", not left)

    def _mailed(self, name: str) -> int:
        return sum(f"{name}.example" in subject for subject in self.mails)

    def _chat(self, name: str) -> list[str]:
        return [it.said.took for it in self.services.took(SLACK) if f"{name}.example".encode() in it.asked.body]

    def _check(self, what: str, holds: bool) -> None:  # noqa: FBT001 -- the only thing that is recorded
        if not holds:
            self.wrong.append(what)


def _is_own(body: bytes) -> bool:
    return b"a channel does not deliver" in body or b"MXTRAX well again" in body


def lived(name: str, make: Callable[[pytest.MonkeyPatch], None] = lambda _: None) -> list[str]:
    """Let a service fail in this way, and give the expectations that were not met."""
    with TemporaryDirectory() as folder, doubles(Path(folder)) as services, _begun(services) as it:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(log.metrics, "add_metric", lambda **_: None)
            patch.setattr(https, "READ_SECONDS", 0.5)  # the caller is less patient than in production
            make(patch)
            life = Life(it, services, TROUBLES[name])
            life.live()
        return life.wrong


@contextmanager
def _begun(services: Doubles) -> Iterator[Stage]:
    with surroundings(), stage() as it:
        calls(it, services)
        for kind in (ChannelKind.PAGERDUTY, ChannelKind.SLACK):
            use_cases.add(ANNA, it.now, it.settings, kind, {"settings": TOLD[kind]})
        it.configure(remind_minutes=None)
        yield it


class Mutant(NamedTuple):
    """What is broken, how it is broken, and a failure in which it must show."""

    wrong: str
    make: Callable[[pytest.MonkeyPatch], None]
    trouble: str


def _deaf_to_retry_after(patch: pytest.MonkeyPatch) -> None:
    real = rules.failed
    patch.setattr(rules, "failed", lambda state, now, problem, _: real(state, now, problem))


def _asks_each_minute(patch: pytest.MonkeyPatch) -> None:
    real = rules.failed

    def impatient(state: ChannelState, now: Millis, problem: str, wait: float | None) -> ChannelState:
        return replace(real(state, now, problem, wait), not_before=now + SECOND)

    patch.setattr(rules, "failed", impatient)


def _takes_a_failure_for_success(patch: pytest.MonkeyPatch) -> None:
    real = added.deliver

    def gullible(*given: Any) -> Outcome:
        return replace(real(*given), problem="")

    patch.setattr(added, "deliver", gullible)


def _holds_up_the_others(patch: pytest.MonkeyPatch) -> None:
    real = added.deliver

    def raising(*given: Any) -> Outcome:
        if problem := (outcome := real(*given)).problem:
            raise RuntimeError(problem)
        return outcome

    patch.setattr(added, "deliver", raising)


def _keeps_its_trouble_to_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(added, "_tell", lambda *_: None)


def _ends_what_nobody_knew(patch: pytest.MonkeyPatch) -> None:
    real = Target.wants
    patch.setattr(Target, "wants", lambda it, incident: real(replace(it, added=False), incident))


MUTANTS: Final = (
    Mutant("a service that asks for time is not given it", _deaf_to_retry_after, "asks for five minutes"),
    Mutant("a service in trouble is asked each minute", _asks_each_minute, "answers 500"),
    Mutant("what a service did not take counts as taken", _takes_a_failure_for_success, "answers 500"),
    Mutant("a service in trouble holds up the others", _holds_up_the_others, "answers 500"),
    Mutant("nobody is told of a channel that does not work", _keeps_its_trouble_to_itself, "says no"),
    Mutant("an end goes to a service that knew of no beginning", _ends_what_nobody_knew, "answers 500"),
)


def differences() -> list[str]:
    """Run all lives, and say what was wrong. Nothing is logged in this process any more."""
    log.logger.setLevel("CRITICAL")
    return [f"{name}: {wrong}" for name in TROUBLES for wrong in lived(name)]


def unseen() -> list[str]:
    """Remove each safeguard, and name those that no life misses. Nothing is logged in this process any more."""
    log.logger.setLevel("CRITICAL")
    return [it.wrong for it in MUTANTS if not lived(it.trouble, it.make)]
