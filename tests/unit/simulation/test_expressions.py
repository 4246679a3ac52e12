"""Conditions are read as DynamoDB reads them, and what is not known is refused."""

import pytest

from infra.simulation.expressions import Value, condition


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("begins_with (#t, :ab)", True),
        ("begins_with (#t, :b)", False),
        ("contains (#t, :b)", True),
        ("NOT (contains (#t, :b))", False),
        ("size (#t) = :two", True),
        ("#m.#t = :b", True),
        ("#m.#n = :b", False),
        ("#n <> :b", True),
        ("#t = :two", False),
        ("attribute_exists (#m) AND attribute_not_exists (#n)", True),
    ],
)
def test_a_condition_holds_as_its_words_say(text: str, *, holds: bool) -> None:
    """Texts, sizes, values in a map, missing ones; a number is not a text."""
    item: dict[str, Value] = {"text": {"S": "ab"}, "map": {"M": {"text": {"S": "b"}}}}
    names = {"#t": "text", "#m": "map", "#n": "nothing"}
    values: dict[str, Value] = {":ab": {"S": "ab"}, ":b": {"S": "b"}, ":two": {"N": "2"}}
    assert condition(text)(item, names, values) is holds


def test_what_pynamodb_never_says_is_not_guessed_at() -> None:
    """An expression that is not understood is an error, not a condition that never holds."""
    for text in ("#a = ", "#a = :b :c", "#a ? :b", "between (#a)"):
        with pytest.raises((ValueError, KeyError)):
            condition(text)
