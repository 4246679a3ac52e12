"""Frozen dataclasses that are made quickly: there are 200 of them, and each cold start pays for those that it brings.

For mypy `dataclass` is the standard library's, frozen as it says: an assignment to a field does not pass `make lint`. At
run time nothing else guards the fields, and equality, hash and repr are code that all records share, where the standard
library writes and compiles six methods for each class. It still writes the constructor, with the first record of a class:
most cold starts make records of few of the classes that they bring.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass[C: type](*, frozen: Literal[True], slots: bool = False, kw_only: bool = False) -> Callable[[C], C]:
        """Make a class a dataclass whose records are compared, hashed and shown by their fields."""
        if not frozen:
            raise TypeError("a record whose fields change is a dataclass of the standard library")

        def made(kind: C) -> C:
            kind = dataclasses.dataclass(init=False, eq=False, repr=False, slots=slots, kw_only=kw_only)(kind)

            def first(one: object, /, *values: object, **named: object) -> None:
                kind.__init__ = _constructor(kind, slots=slots)
                kind.__init__(one, *values, **named)

            kind.__init__, kind.__eq__, kind.__hash__, kind.__repr__ = first, _equal, _hash, _shown
            return kind

        return made


def _constructor(kind: Any, *, slots: bool) -> Callable[..., None]:  # noqa: ANN401 -- here and below: any of the records
    """Have the standard library write the constructor, as of a class that adds no field to this one."""
    same = type(kind.__name__, (kind,), {"__doc__": kind.__doc__})
    made: type = dataclasses.dataclass(eq=False, repr=False, match_args=False, slots=slots)(same)
    constructor: Callable[..., None] = vars(made)["__init__"]
    return constructor


def _equal(one: Any, other: Any) -> Any:  # noqa: ANN401
    if one.__class__ is not other.__class__:
        return NotImplemented
    values = _values(one.__class__)
    return values(one) == values(other)


def _hash(one: Any) -> int:  # noqa: ANN401
    return hash(_values(one.__class__)(one))


def _shown(one: Any) -> str:  # noqa: ANN401
    each = (f"{field.name}={getattr(one, field.name)!r}" for field in dataclasses.fields(one))
    return f"{one.__class__.__qualname__}({', '.join(each)})"


@cache
def _values(kind: Any) -> Callable[[object], object]:  # noqa: ANN401
    """Give what takes the values of all of a record's fields, in order."""
    names = [field.name for field in dataclasses.fields(kind)]
    return attrgetter(*names) if names else lambda _: ()
