"""The model's words, each had from the file of its subject when it is first asked for."""

import pytest

from mxtrax import model


@pytest.mark.parametrize("word", model.__all__)
def test_each_word_can_be_had(word: str) -> None:
    """As declared for mypy, which sees the files and not how they are imported."""
    assert getattr(model, word) is not None


def test_no_other_word_can_be_had() -> None:
    """As with any module."""
    assert not hasattr(model, "Nonsense")
