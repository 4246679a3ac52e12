"""A stranger's text, made fit to be shown: nothing in it controls what shows it. The one place where that is done."""

from typing import Final

REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str, kept: str = "\n\t", instead: str = REPLACED) -> str:
    """Give a text in which nothing but what is `kept` controls anything, or turns the direction of what is read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\n" in kept else text
    return "".join(c if c.isprintable() or c in kept else instead for c in lines)


def line(text: str, longest: int, instead: str = REPLACED, cut: str = "") -> str:
    """Give a text as one harmless line of a bounded length; `cut` stands at the end of one that was longer."""
    words = " ".join(harmless(" ".join(text[: longest * 4].split()), "", instead).split())
    return words if len(words) <= longest else words[: longest - len(cut)] + cut


def for_terminal(text: str) -> str:
    """Give a text whose every character is a character for a terminal, too: what it would act on is shown as a dot."""
    return harmless(text, "", "\N{MIDDLE DOT}")
