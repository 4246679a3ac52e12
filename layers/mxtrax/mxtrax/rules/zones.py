"""The time zone in which times are written."""

from datetime import UTC, tzinfo


def zone_of(timezone: str) -> tzinfo:
    """Give the zone in which times are written; UTC if this machine does not know it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 -- most calls write no local time

    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
