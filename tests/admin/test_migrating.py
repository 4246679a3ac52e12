"""Migrations: in steps, each in parts; killed anywhere, they resume; once done, they are never repeated."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mxtrax.admin import migrating
from mxtrax.admin.actor import Actor
from mxtrax.admin.migrating import STEPS, LaterRelease, Step
from mxtrax.errors import TryAgain
from mxtrax.model import Customer, Schema
from mxtrax.store import audit, customers, schema
from tests.stage import Stage

NAMES = ("a", "b", "c", "d")


def _renaming(done: list[str], after_each: Callable[[str], None] = lambda _: None) -> Step:
    """Make a step that gives each customer a longer name, one a part."""

    def part(mark: str) -> str:
        name = mark or NAMES[0]
        found = customers.get(name)
        assert found
        if not found.friendlyname.endswith("(new)"):
            assert customers.save(replace(found, friendlyname=f"{found.friendlyname} (new)"))
        done.append(name)
        after_each(name)
        return "".join(NAMES[NAMES.index(name) + 1 :][:1])

    return Step(version=2, what="Give each customer a longer name.", part=part)


@pytest.fixture
def stamped(it: Stage, anna: Actor) -> Stage:
    """Have four customers, and the tables of the first release."""
    for name in NAMES:
        customers.add(Customer(codename=name, friendlyname=name))
    assert [step.version for step in migrating.run(anna, it.clock)] == [1]
    return it


def test_versions_follow_one_another() -> None:
    """Each step leads from the version before it."""
    assert [step.version for step in STEPS] == list(range(1, len(STEPS) + 1))


def test_a_new_stack_is_noted_once(stamped: Stage, anna: Actor) -> None:
    """The second time there is nothing to do, and nothing is written."""
    assert schema.load() == Schema(version=1, rev=1)
    assert list(migrating.run(anna, stamped.clock)) == []
    assert schema.load() == Schema(version=1, rev=1)
    (change,) = audit.latest(10, target="schema").items
    assert (change.who, change.what, change.before, change.after) == (
        "anna",
        "schema.migrate",
        {"version": 0},
        {"version": 1},
    )


@pytest.mark.parametrize("killed_at", NAMES)
def test_a_migration_that_is_killed_is_taken_up(stamped: Stage, anna: Actor, killed_at: str) -> None:
    """Recorded parts are not repeated; the one at which it was killed is, and changes nothing more."""
    done = list[str]()

    def kill(name: str) -> None:
        if name == killed_at and done.count(name) == 1:
            raise KeyboardInterrupt

    steps = (*STEPS, _renaming(done, kill))
    with pytest.raises(KeyboardInterrupt):
        list(migrating.run(anna, stamped.clock, steps))
    assert schema.load().version == 1
    assert [step.version for step in migrating.due(steps)] == [2]
    assert [step.version for step in migrating.run(anna, stamped.clock, steps)] == [2]
    assert done == sorted([*NAMES, killed_at])
    assert [it.friendlyname for it in customers.everyone().values()] == [f"{name} (new)" for name in NAMES]
    assert (schema.load().version, schema.load().mark) == (2, "")
    assert len(audit.latest(10, target="schema").items) == 2


def test_two_at_once_are_noticed(stamped: Stage, anna: Actor) -> None:
    """The second one stops instead of continuing the first one's work."""
    done = list[str]()

    def other(name: str) -> None:
        if name == "b":
            assert schema.save(replace(schema.load(), mark="c"))

    with pytest.raises(TryAgain, match="Somebody else is migrating"):
        list(migrating.run(anna, stamped.clock, (*STEPS, _renaming(done, other))))
    assert done == ["a", "b"]


def test_tables_of_a_later_release_are_left_alone(stamped: Stage, anna: Actor) -> None:
    """A release must not touch what it does not know."""
    assert schema.save(replace(schema.load(), version=7))
    with pytest.raises(
        LaterRelease, match="layout of version 7, and this release knows versions up to 1: use the release"
    ):
        list(migrating.run(anna, stamped.clock))
