"""What holds for a domain: its own settings, and Config's where it has none."""

from dataclasses import dataclass, fields
from typing import Final

from mxtrax.model import Config, Limits, MailDomain

WHOLE: Final = tuple(each.name for each in fields(MailDomain) if each.type == int | None)
SHARES: Final = tuple(each.name for each in fields(MailDomain) if each.type == float | None)
"""What a domain may set for itself: whole numbers, and percentages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective(Limits):
    """The settings that hold for one domain. `interval_minutes` is in minutes, the two times are in seconds."""

    interval_minutes: int
    maxreturntime: int
    max_sec_until_fail: int


def effective(domain: MailDomain, config: Config) -> Effective:
    """Give the settings that hold for a domain. An own one counts where it is 0, too: 0 is a limit, None is none."""
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
