"""The fields that a row and its dataclass share."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from pynamodb.attributes import AttributeContainer, MapAttribute


def words_or_none(words: frozenset[str]) -> set[str] | None:
    """Give a set for DynamoDB, which has no empty sets."""
    return set(words) or None


def pairs_or_none(pairs: Mapping[str, int]) -> dict[str, int] | None:
    """Give pairs for DynamoDB; none are left out."""
    return dict(pairs) or None


def taken(row: AttributeContainer, shape: type, **rewrite: Callable[[Any], Any]) -> dict[str, Any]:
    """Take a dataclass's fields from a row; a missing one gets the dataclass's default."""
    values: dict[str, Any] = {}
    for each in fields(shape):
        value = getattr(row, each.name)
        if value is not None and not isinstance(value, MapAttribute):
            values[each.name] = rewrite[each.name](value) if each.name in rewrite else value
    return values


def nonzero(number: int) -> int | None:
    """Give a number for DynamoDB; zero is left out."""
    return number or None


def present(it: Any, **rewrite: Callable[[Any], Any]) -> dict[str, Any]:  # noqa: ANN401 -- any of the dataclasses
    """Give a dataclass's fields for a row; empty text and None are left out."""
    values: dict[str, Any] = {}
    for each in fields(it):
        value = getattr(it, each.name)
        value = rewrite[each.name](value) if each.name in rewrite else value
        if value is not None and value != "":
            values[each.name] = value
    return values
