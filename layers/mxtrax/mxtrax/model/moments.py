"""Moments and stretches of time: UTC milliseconds since 1970 (`Millis`); durations say their unit."""

from datetime import UTC, datetime
from typing import Final

type Millis = int
"""A moment: UTC, milliseconds since 1970-01-01."""


SECOND: Final = 1_000


MINUTE: Final = 60 * SECOND


HOUR: Final = 60 * MINUTE


DAY: Final = 24 * HOUR


def iso(at: Millis) -> str | None:
    """Write a moment for machines (RFC 3339), with milliseconds if it has any; None if it never was."""
    if not at:
        return None
    whole, millis = divmod(at, SECOND)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{millis:03}Z" if millis else f"{text}Z"
