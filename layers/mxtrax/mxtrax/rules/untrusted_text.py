"""A stranger's text, made safe to show: nothing in it controls a terminal or page. The one place for that."""

from typing import Final

REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str, kept: str = "\n\t", instead: str = REPLACED) -> str:
    """Give a text without control characters and changes of reading direction, except for those that are `kept`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\n" in kept else text
    return "".join(c if c.isprintable() or c in kept else instead for c in lines)


def line(text: str, longest: int, instead: str = REPLACED, cut: str = "") -> str:
    """Give a text as one harmless line of a bounded length; a longer one ends in `cut`."""
    words = " ".join(harmless(" ".join(text[: longest * 4].split()), "", instead).split())
    return words if len(words) <= longest else words[: longest - len(cut)] + cut


def for_terminal(text: str) -> str:
    """Give a text that is harmless on a terminal: characters that it would act on become a dot."""
    return harmless(text, "", "\N{MIDDLE DOT}")
