"""The keys of mail that was set aside, made so that S3, which lists by key, lists the latest first."""

from typing import Final

from mxtrax.model import SECOND, Millis

ASIDE: Final = "unmatched/"
"""What these keys begin with; a lifecycle rule ends what is there."""

WHY: Final = "why"
"""The metadata of an object that says why it is here."""

_END_OF_TIME: Final = 9_999_999_999
"""The number from which a mail's seconds are subtracted."""

_DIGITS: Final = 10


def aside(number: str, at: Millis) -> str:
    """Give the key for a mail that came in then."""
    return f"{ASIDE}{_END_OF_TIME - at // SECOND:0{_DIGITS}}-{number}"


def came_in(name: str) -> Millis | None:
    """Give when a mail came in; None for an object that somebody has put here by hand."""
    seconds, dash = name[:_DIGITS], name[_DIGITS : _DIGITS + 1]
    named = dash == "-" and seconds.isascii() and seconds.isdecimal()
    return (_END_OF_TIME - int(seconds)) * SECOND if named else None
