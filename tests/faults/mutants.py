"""Can the suite fail? Each mutant removes one safeguard, and the suite must report lives with another outcome."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from pynamodb.transactions import TransactWrite

from mxtrax.aws import s3
from mxtrax.inbox import Arrival
from mxtrax.jobs import feedback, plan, receive, send, sweep
from mxtrax.model import Notice
from mxtrax.notify.channel import Sent, Target
from mxtrax.notify.mail import MailChannel
from mxtrax.rules import testid
from mxtrax.store import fold, mailtests, runtime, statements
from tests.faults.lives import PLAYS, surroundings, worlds
from tests.faults.suite import Case, Suite

STRIDE: Final = 7_919
"""A prime: cases are played in steps of it, so that different ones come up soon."""

Patch = pytest.MonkeyPatch

_CONDITIONS: Final = frozenset({"DuplicateItem", "ConditionalCheckFailed"})
"""The refusals of a statement that are answers."""


class Mutant(NamedTuple):
    """What is broken, how it is broken, and the play and job in which it must show."""

    wrong: str
    make: Callable[[Patch], None]
    job: str
    play: str = "lives"


def _fold_what_is_folded(patch: Patch) -> None:
    class Careless(NamedTuple):
        together: TransactWrite

        def update(self, row: Any, actions: Any, **_: Any) -> None:
            self.together.update(row, actions=actions)

    include = fold._include
    patch.setattr(fold, "_include", lambda together, step: include(Careless(together), step))  # type: ignore[arg-type]


def _create_what_is_there(patch: Patch) -> None:
    def save(rows: Sequence[Any], _: Any) -> list[Any]:
        for row in rows:
            row.save()
        return []

    patch.setattr(mailtests, "save_new", save)


def _take_refusals_for_done(patch: Patch) -> None:
    call = statements._call
    patch.setattr(statements, "_call", lambda asked: [code if code in _CONDITIONS else "" for code in call(asked)])


def _take_over_the_living(patch: Patch) -> None:
    patch.setattr(send, "LEASE", 0)


def _delete_first(patch: Patch) -> None:
    note = receive._note

    def careless(arrival: Arrival, *more: Any) -> str:
        s3.delete_mail("inbox", f"inbox/{arrival.id}")
        return note(arrival, *more)

    patch.setattr(receive, "_note", careless)


def _never_sweep(patch: Patch) -> None:
    patch.setattr(sweep, "_missed", lambda *_: ())


def _lose_events(patch: Patch) -> None:
    run = feedback.run

    def careless(event: Any, settings: Any) -> str:
        with suppress(Exception):
            return run(event, settings)
        return ""

    patch.setattr(feedback, "run", careless)


def _note_before_sending(patch: Patch) -> None:
    send = MailChannel.send

    def careless(channel: MailChannel, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:
        yield from ((notice, "") for notice in notices)
        list(send(channel, target, notices))

    patch.setattr(MailChannel, "send", careless)


def _tell_side_by_side(patch: Patch) -> None:
    patch.setattr(runtime, "acquire_lease", lambda *_: True)


def _plan_noted_first(patch: Patch) -> None:
    slots = plan._slots

    def careless(now: int, *more: Any) -> range:
        planned = slots(now, *more)
        runtime.heartbeat("plan", now)
        return planned

    patch.setattr(plan, "_slots", careless)


def _ids_of_chance(patch: Patch) -> None:
    mint = testid.mint
    patch.setattr(testid, "mint", lambda secret, domain, slot: mint(secret, domain, f"{slot} {uuid4()}"))


MUTANTS: Final = (
    Mutant("tests are folded though they are folded", _fold_what_is_folded, "aggregate", "outage"),
    Mutant("tests are written though they are there", _create_what_is_there, "send"),
    Mutant("a statement that was refused counts as done", _take_refusals_for_done, "send"),
    Mutant("a sender that lives is taken over", _take_over_the_living, "send"),
    Mutant("a mail is deleted before it is noted", _delete_first, "sweep", "missed"),
    Mutant("what was left in the inbox is not swept", _never_sweep, "receive"),
    Mutant("an event that failed does not come again", _lose_events, "feedback"),
    Mutant("a notice counts as taken before it is", _note_before_sending, "alert", "outage"),
    Mutant("two workers tell at once", _tell_side_by_side, "alert", "outage"),
    Mutant("a minute counts as planned before it is", _plan_noted_first, "plan"),
    Mutant("a test gets another id each time", _ids_of_chance, "plan"),
)
"""The safeguards that this suite tests, each removed."""


def report(number: int) -> str:
    """Give the first thing that the suite reports for this mutant; nothing if it notices nothing."""
    mutant = MUTANTS[number]
    with surroundings(), worlds(PLAYS[mutant.play].brakes) as world, pytest.MonkeyPatch.context() as patch:
        mutant.make(patch)
        suite = Suite(world, mutant.play)
        suite.learn()
        for case in _mixed([case for case in suite.cases() if case.job == mutant.job]):
            if found := suite.differences(case):
                return f"{case}: {found[0]}"
    return ""


def _mixed(cases: Sequence[Case]) -> Iterator[Case]:
    for number in range(len(cases)):
        yield cases[number * STRIDE % len(cases)]
