"""Tokens of links that act: who can make one, and how long it is valid."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import DAY, HOUR, SECOND, Incident
from mxtrax.rules.act_token import LONGEST, ActToken, morning, read, sign

KEY = bytes(range(32))
NOW = 1_763_812_800_000
"""2025-11-22 12:00:00 UTC."""

TOKEN = ActToken(incident="12-1763812800000", opened=NOW, expires=NOW + DAY, zone="Europe/Berlin", way="mail")
SIGNED = sign(KEY, TOKEN)


def test_what_was_signed_is_read() -> None:
    """With its incident, its end, its reader's clock, and the way it went out by; in a URL of a mail."""
    assert read(KEY, SIGNED, NOW) == TOKEN
    assert len(SIGNED) < 120


@given(st.text(max_size=200) | st.text("abcXYZ019-_", min_size=20, max_size=LONGEST + 10))
def test_nobody_can_make_one_up(text: str) -> None:
    """Whatever string is tried, it is not a token."""
    assert read(KEY, text, NOW) is None


@given(st.integers(0, len(SIGNED) - 1), st.sampled_from("ABCxyz019-_"))
def test_nothing_in_it_can_be_changed(at: int, letter: str) -> None:
    """Each letter is covered by the signature, except for spare bits at the end."""
    changed = SIGNED[:at] + letter + SIGNED[at + 1 :]
    assert read(KEY, changed, NOW) in (None, TOKEN)
    assert changed == SIGNED or at == len(SIGNED) - 1 or read(KEY, changed, NOW) is None


def test_it_ends() -> None:
    """At its time, and with its key."""
    assert read(KEY, SIGNED, TOKEN.expires - SECOND) == TOKEN
    assert read(KEY, SIGNED, TOKEN.expires) is None
    assert read(bytes(32), SIGNED, NOW) is None


def test_it_is_for_one_incident_and_a_day_after_its_end() -> None:
    """It is not for another one under the same id, as with the monitor's own."""
    incident = Incident(id=TOKEN.incident, maildomain="a@b.example", opened=NOW)
    assert TOKEN.is_for(incident, NOW + 5 * DAY)
    over = replace(incident, closed=NOW + HOUR)
    assert TOKEN.is_for(over, NOW + HOUR + DAY - 1)
    assert not TOKEN.is_for(over, NOW + HOUR + DAY)
    assert not TOKEN.is_for(replace(incident, opened=NOW + 1), NOW)
    assert not TOKEN.is_for(None, NOW)


@pytest.mark.parametrize(
    ("zone", "hours"), [("UTC", 20), ("Europe/Berlin", 19), ("America/New_York", 1), ("Asia/Tokyo", 11)]
)
def test_morning_is_the_readers(zone: str, hours: int) -> None:
    """The next eight o'clock in their own time zone."""
    assert morning(NOW, ZoneInfo(zone)) == NOW + hours * HOUR


def test_morning_keeps_to_the_wall_when_the_clocks_change() -> None:
    """The night to the last Sunday of October has an hour more."""
    evening = 1_761_433_200_000  # 2025-10-25 23:00 UTC, which is 01:00 in Berlin
    assert morning(evening, ZoneInfo("Europe/Berlin")) == evening + 8 * HOUR
