"""What a value should have been: one sentence for each mistake, wherever the value came from."""

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 40
"""Characters of a value that are shown: enough to find it again."""


def whole(field: str, value: object, low: int, high: int) -> str:
    """Say that a value is not a whole number, or out of range."""
    return f"{field}: {shown(value)} should be a whole number from {low} to {high}."


def number(field: str, value: object, low: float, high: float) -> str:
    """Say that a value is not a number, or out of range."""
    return f"{field}: {shown(value)} should be a number from {low:g} to {high:g}."


def one_of(field: str, value: object, words: Iterable[str]) -> str:
    """Say that a value is none of the words allowed."""
    return f"{field}: {shown(value)} should be one of {', '.join(words)}."


def no_customer(field: str, codename: str) -> str:
    """Say that there is no such customer."""
    return f"{field}: there is no customer {shown(codename)}; add it first."


def shown(value: object) -> str:
    """Show a value as it was given, short and without anything that a terminal or a page would act on."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
