"""Records: each declared once, for the JSON and for its schema."""

from dataclasses import dataclass, make_dataclass
from enum import IntEnum, StrEnum

import pytest

from mxtrax.api.fields import Moment
from mxtrax.api.schema import Day, Duration, Named, Object, Time, as_json, of, record, schema_of, several
from mxtrax.model import Millis
from mxtrax.model.moments import iso

AT = 1_763_812_800_000


class Colour(StrEnum):
    """A word."""

    RED = "dark-red"


class Rank(IntEnum):
    """A word that has an order."""

    FIRST = 0


@dataclass(frozen=True)
class Part:
    """Something within a record."""

    took: Duration | None
    at: Time


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A record that has a field of each form."""

    name: str
    nickname: str | None
    number: int | None
    share: float
    on: bool
    day: Day
    since: Time | None
    colour: Colour | None
    rank: Rank
    tags: frozenset[str]
    parts: tuple[Part, ...]
    part: Part | None
    anything: Object
    from_: str


FULL = Whole(
    name="a", nickname="b", number=0, share=0.5, on=True, day="2025-11-22", since=AT, colour=Colour.RED, rank=Rank.FIRST,
    tags=frozenset("zyx"), parts=(Part(1_500, AT), Part(0, AT)), part=Part(None, AT + 7), anything={"x": 1}, from_="c",
)  # fmt: skip


def test_a_record_goes_out_as_its_fields_say() -> None:
    """Moments by date and clock, durations in seconds, enumerations by their words, sets in order."""
    noon = "2025-11-22T12:00:00Z"
    assert as_json(FULL) == {
        "name": "a", "nickname": "b", "number": 0, "share": 0.5, "on": True, "day": "2025-11-22", "since": noon,
        "colour": "dark-red", "rank": "first", "tags": ["x", "y", "z"],
        "parts": [{"took": 1.5, "at": noon}, {"took": 0.0, "at": noon}],
        "part": {"took": None, "at": "2025-11-22T12:00:00.007Z"}, "anything": {"x": 1}, "from": "c",
    }  # fmt: skip


def test_what_is_empty_is_null_where_that_may_be() -> None:
    """An empty text and a time that never was; 0 is a number, and an empty text that may not be null stays one."""
    empty = of(Whole, FULL, name="", nickname="", number=0, since=0, colour=None, part=None)
    shown = as_json(empty)
    assert [shown[name] for name in ("name", "nickname", "number", "since", "colour", "part")] == [
        "", None, 0, None, None, None,
    ]  # fmt: skip


def test_the_schema_says_the_same() -> None:
    """Every field is there and needed; its form is what the JSON has."""
    known = schema_of(Whole)
    properties = known["properties"]
    assert known["required"] == list(properties) == list(as_json(FULL))
    assert known["description"] == "A record that has a field of each form."
    assert properties["since"] == {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    assert properties["rank"] == {"type": "string", "enum": ["first"]}
    assert properties["parts"]["items"]["properties"]["took"] == {"anyOf": [{"type": "number"}, {"type": "null"}]}
    assert properties["tags"] == {"type": "array", "items": {"type": "string"}}
    assert schema_of(record(it=Part | None))["properties"]["it"]["anyOf"][0] == schema_of(Part)


def test_a_document_has_each_record_once_under_its_name() -> None:
    """Generated clients get one class of it, and two records of one name are a mistake that does not pass."""
    named = Named()
    assert schema_of(record(one=Part, more=several(Part)), named)["properties"] == {
        "one": {"$ref": "#/components/schemas/Part"},
        "more": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
    }
    assert named.schemas == {"Part": schema_of(Part)}
    other = make_dataclass("Part", [("took", int)], frozen=True)
    with pytest.raises(TypeError, match="both called Part"):
        schema_of(other, named)


def test_a_record_is_filled_from_what_has_its_fields() -> None:
    """What is given by name goes first, then the first source that has a field of the name; one in none is a mistake."""
    assert of(Part, Part(1, 2), Part(3, 4), took=5) == Part(5, 2)
    with pytest.raises(AttributeError):
        of(Part, Colour.RED, took=1)
    with pytest.raises(TypeError, match="is no record"):
        of(Colour, FULL)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (AT, "2025-11-22T12:00:00Z"),
        (AT + 7, "2025-11-22T12:00:00.007Z"),
        (AT + 990, "2025-11-22T12:00:00.990Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (0, None),
    ],
)
def test_a_moment_keeps_its_milliseconds(at: Millis, shown: str | None) -> None:
    """A shown time can be used in a query, and means the same moment; 0 means never."""
    assert iso(at) == shown
    if shown:
        assert Moment().read("from", shown) == at
