"""What a domain may set for itself, and what applies to it: its own settings, or else Config's."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import Config, Limits, MailDomain

WHOLE: Final = tuple(each.name for each in fields(MailDomain) if each.type == int | None)
SHARES: Final = tuple(each.name for each in fields(MailDomain) if each.type == float | None)
"""What a domain may set for itself: whole numbers, and percentages."""

MAX_SHARE: Final = 100
"""Per cent."""


@dataclass(frozen=True, slots=True)
class Own:
    """The range of a setting, what it is, and for a limit its words after "limit for the"."""

    low: int
    high: int
    note: str
    words: str = ""


OWN: Final[Mapping[str, Own]] = {
    "maxreturntime": Own(1, 7 * 86_400, "Seconds within which a test is on time."),
    "max_sec_until_fail": Own(1, 30 * 86_400, "Seconds after which a late test has failed."),
    "maxfailnumber": Own(0, 1_000_000, "How many tests may fail to come back.", "number of tests that did not return"),
    "maxfailpercentage": Own(
        0, MAX_SHARE, "Per cent of tests that may fail to come back.", "rate of tests that did not return"
    ),
    "maxlatenumber": Own(0, 1_000_000, "How many tests may be late.", "number of late tests"),
    "maxlatepercentage": Own(0, MAX_SHARE, "Per cent of tests that may be late.", "rate of late tests"),
    "interval_minutes": Own(1, 1_440, "Minutes from test to test."),
}
"""The one table of them, for checks, requests, and sentences about a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective(Limits):
    """The settings that hold for one domain. `interval_minutes` is in minutes, the two times are in seconds."""

    interval_minutes: int
    maxreturntime: int
    max_sec_until_fail: int


def effective(domain: MailDomain, config: Config) -> Effective:
    """Give the settings that apply to a domain. Its own counts even if it is 0: 0 is a limit, None is none."""
    limits = config.limits
    return Effective(
        interval_minutes=_or(domain.interval_minutes, config.interval_minutes),
        maxreturntime=_or(domain.maxreturntime, config.maxreturntime),
        max_sec_until_fail=_or(domain.max_sec_until_fail, config.max_sec_until_fail),
        maxfailnumber=_or(domain.maxfailnumber, limits.maxfailnumber),
        maxfailpercentage=_or(domain.maxfailpercentage, limits.maxfailpercentage),
        maxlatenumber=_or(domain.maxlatenumber, limits.maxlatenumber),
        maxlatepercentage=_or(domain.maxlatepercentage, limits.maxlatepercentage),
    )


def _or[T](own: T | None, fallback: T) -> T:
    return fallback if own is None else own
