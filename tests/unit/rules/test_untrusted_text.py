"""A stranger's text controls nothing that shows it, wherever that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.rules.untrusted_text import for_terminal, harmless, line


@given(st.text())
def test_nothing_controls_what_shows_it(text: str) -> None:
    """Whatever comes, only line ends and tabs are left in a block, and nothing in a line or at a terminal."""
    assert all(each.isprintable() or each in "\n\t" for each in harmless(text))
    assert line(text, 80).isprintable()
    assert line(text, 80, instead=" ").isprintable()
    assert for_terminal(text).isprintable()
    assert len(for_terminal(text)) == len(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=80))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    """Letters of any script, digits, punctuation."""
    assert harmless(text) == line(text, 80) == for_terminal(text) == text


@given(st.text(), st.integers(1, 40), st.sampled_from(["", "…"]))
def test_a_line_is_as_long_as_it_may_be_at_most(text: str, longest: int, cut: str) -> None:
    """With its end, where something was cut off."""
    assert len(line(text, longest, cut=cut)) <= longest


@pytest.mark.parametrize(
    ("text", "block", "one_line", "terminal"),
    [
        ("a\r\nb\rc\td", "a\nb\nc\td", "a b c d", "a··b·c·d"),
        ("\x1b[2Jgone", "\ufffd[2Jgone", "\ufffd[2Jgone", "·[2Jgone"),
        ("pay\u202eexe.now", "pay\ufffdexe.now", "pay\ufffdexe.now", "pay·exe.now"),
        ("  much   room  ", "  much   room  ", "much room", "  much   room  "),
    ],
)
def test_each_place_has_its_own_sign_for_what_is_taken_away(
    text: str, block: str, one_line: str, terminal: str
) -> None:
    """So that it is seen that something was there."""
    assert (harmless(text), line(text, 80), for_terminal(text)) == (block, one_line, terminal)


def test_a_line_that_is_cut_says_so() -> None:
    """Where it is asked to."""
    assert line("one two three", 7) == "one two"
    assert line("one two three", 8, cut="…") == "one two…"
