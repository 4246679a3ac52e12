"""Whose clock times are written by."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(timezone: str) -> tzinfo:
    """Give the zone in which times are written; a zone that this machine does not know is no reason to keep silent."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
