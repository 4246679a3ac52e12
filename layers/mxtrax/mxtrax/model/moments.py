"""Moments and stretches of time: UTC milliseconds since 1970 (`Millis`); durations say their unit."""

from typing import Final

type Millis = int
"""A moment: UTC, milliseconds since 1970-01-01."""


SECOND: Final = 1_000


MINUTE: Final = 60 * SECOND


HOUR: Final = 60 * MINUTE


DAY: Final = 24 * HOUR
