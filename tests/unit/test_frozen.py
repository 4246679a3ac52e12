"""Frozen dataclasses that are made quickly: the same as the standard library's, except for what mypy checks."""

import dataclasses
from typing import Any

import pytest

from mxtrax.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: int
    y: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Point):
    """A place with a name."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Twin:
    """The standard library's."""

    x: int
    y: int = 0


def test_records_are_compared_by_kind_and_fields() -> None:
    """Another kind is never the same, not even one that has the same fields, or more of them."""
    assert Point(1) == Point(1, 0) != Point(1, 1)
    assert Named(1, name="a") == Named(1, name="a") != Named(1, name="b")
    different: list[Any] = [Named(1, name="a"), Twin(1), (1, 0), None]
    assert Point(1) not in different


def test_what_is_the_same_has_the_same_hash() -> None:
    """So records are members of sets and keys."""
    assert {Point(1), Point(1, 0), Point(2)} == {Point(2), Point(1)}
    assert {Named(1, name="a"): "there"}[Named(1, 0, name="a")] == "there"


def test_a_record_is_shown_by_its_fields() -> None:
    """As the standard library shows it."""
    assert repr(Point(1)) == "Point(x=1, y=0)"
    assert repr(Point(1)).removeprefix("Point") == repr(Twin(1)).removeprefix("Twin")
    assert repr(Named(1, name="a")) == "Named(x=1, y=0, name='a')"


def test_what_takes_records_apart_takes_these() -> None:
    """The standard library's functions for dataclasses work on them."""
    assert dataclasses.replace(Point(1), y=2) == Point(1, 2)
    assert dataclasses.asdict(Named(1, name="a")) == {"x": 1, "y": 0, "name": "a"}
    assert not hasattr(Point(1), "__dict__")


def test_a_constructor_is_what_the_standard_library_would_write() -> None:
    """It is compiled with the first record of a class, and that one is made like any other: by the same errors, too."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Box:
        x: int
        inside: list[int] = dataclasses.field(default_factory=list)
        _seen: bool = dataclasses.field(default=False, init=False)

    with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required keyword-only argument: 'x'"):
        Box()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument '_seen'"):
        Box(x=1, _seen=True)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        Box(1)  # type: ignore[call-arg]
    one, other = Box(x=1), Box(x=1)
    one.inside.append(2)
    assert (one.inside, other.inside, other._seen) == ([2], [], False)
    assert type(one) is type(other) is Box
    assert Box.__init__.__kwdefaults__ is not None


def test_a_class_below_has_a_constructor_of_its_own() -> None:
    """Whichever is made first, and with or without fields that it adds."""

    @dataclass(frozen=True)
    class Below(Point):
        z: int = 7

    class Bare(Below):
        """Adds nothing."""

    assert (Bare(1, 2, 3), Below(1, z=4), Point(5)) == (Bare(1, 2, 3), Below(1, 0, 4), Point(5, 0))
    assert dataclasses.replace(Bare(1), y=9) == Bare(1, 9, 7)


def test_mypy_holds_them_frozen() -> None:
    """Without the exception, `make lint` fails at the assignment; with an exception that is not needed, it fails as well."""
    moved = Point(1)
    moved.y = 2  # type: ignore[misc]
    assert moved == Point(1, 2)


def test_what_changes_is_none_of_them() -> None:
    """Nothing here makes a record whose fields may change."""
    with pytest.raises(TypeError, match="standard library"):
        dataclass(frozen=False)
