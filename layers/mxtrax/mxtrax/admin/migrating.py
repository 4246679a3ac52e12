"""Bring the tables to the layout of this release, step by step, after it was deployed.

A step is done in parts. After each part it is noted where the next one begins, so a run that was killed is taken up there:
the part that it was at is done again. Once a step is done that is noted, too, with the audit, and it is never done again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import MxtraxError, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import Change, Millis, Schema
from mxtrax.store import schema


class LaterRelease(MxtraxError):
    """The tables are of a later release than this one, which must not touch what it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The step from the version before to this one.

    `part` takes a mark, at first an empty one, and returns that of the next part; an empty one when all is done. It may
    run twice, and while all jobs are running.
    """

    version: int
    what: str
    part: Callable[[str], str]


def _nothing(_: str) -> str:
    return ""


STEPS: Final = (Step(version=1, what="Note that the tables are those of the first release.", part=_nothing),)
"""All steps since the first release, in order, each version one more than that before."""


def due(steps: Sequence[Step] = STEPS) -> tuple[Step, ...]:
    """Give the steps that are to be done. Raises LaterRelease if the tables are of a later release than this one."""
    there, known = schema.load().version, steps[-1].version
    if there > known:
        raise LaterRelease(
            f"The tables have the layout of version {there}, and this release knows versions up to {known}: "
            "use the release that brought them there, or a later one.",
        )
    return tuple(step for step in steps if step.version > there)


def run(actor: Actor, now: Callable[[], Millis], steps: Sequence[Step] = STEPS) -> Iterator[Step]:
    """Do what is due, and give each step when it is done.

    Raises TryAgain if somebody else is at it, LaterRelease if the tables are of a later release.
    """
    for step in due(steps):
        at = schema.load()
        if at.version != step.version - 1:
            raise _somebody_else()
        while mark := step.part(at.mark):
            at = _saved(replace(at, mark=mark))
        after = Schema(version=step.version, rev=at.rev)
        before = {"version": at.version}
        change = entry(actor, now(), "schema.migrate", "schema", before=before, after={"version": step.version})
        _saved(after, change)
        yield step


def _saved(after: Schema, change: Change | None = None) -> Schema:
    saved = schema.save(after, change)
    if saved is None:
        raise _somebody_else()
    return saved


def _somebody_else() -> TryAgain:
    return TryAgain("Somebody else is migrating the tables; wait until they are done, then look again.")
