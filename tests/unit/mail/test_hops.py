"""The Received chain: who passed the mail to whom, when, and how long each leg took."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.mail import read
from mxtrax.mail.dates import moment
from mxtrax.mail.hops import Chain, hop
from mxtrax.model import HOUR, MINUTE, SECOND


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_date_is_read_as_the_standard_library_reads_it(when: datetime) -> None:
    """Every date that RFC 5322 allows gives the same moment."""
    text = format_datetime(when)
    assert moment(f"; {text}") == int(parsedate_to_datetime(text).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Sun, 22 Nov 2026 10:00:00 +0000", 0),
        ("22 Nov 2026 10:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 10:00:00 -0500 (EST)", 5),
        ("Sun, 22 Nov 2026 10:00:00 PDT", 7),
        ("Sun, 22-Nov-26 10:00:00 +0200", -2),
        ("Sun, 22 Nov 2026 10:00 +0000", 0),
        ("Sun, 22 Nov 2026 10:00:00.123 +0000", 0),
        ("Sun, 22 Nov 2026 10:00:00,5 +0000", 0),
        ("Sun, 22 Nov 2026 09:59:60 +0000", 0),
        ("Sun, 22 Nov 2026 10:00:00 +05:30", -5.5),
        ("2026-11-22T10:00:00+01", -1),
        ("Sun, 22 Nov 2026 10:00:00 CET", -1),
        ("2026-11-22T10:00:00Z", 0),
        ("2026-11-22 10:00:00.250 -03:00", 3),
        ("2026-11-22t10:00:00z", 0),
        ("Sun, 22 Nov 2026 10:00:00 GMT+0200 (CEST)", -2),
        ("Sun, 22 Nov 2026 10:00:00 GMT+2", -2),
        ("Sun, 22 Nov 2026 10:00:00 UTC+05:30", -5.5),
        ("Sun, 22 Nov 2026 10:00:00 +530", -5.5),
        ("Sun Nov 22 10:00:00 CET 2026", -1),
        ("Sun Nov 22 10:00:00 2026 +0100", -1),
        ("Sun Nov 22 10:00:00 2026 CET", -1),
    ],
)
def test_old_and_sloppy_dates_are_read(text: str, hours: float) -> None:
    """Zone names, two-digit years, fractions, leap seconds and ISO 8601 are understood."""
    assert moment(text) == int(datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp()) * SECOND + hours * HOUR


def test_a_zone_that_nobody_can_tell_is_no_moment() -> None:
    """Rather no moment than one that is hours off; a form that is in UTC by its own rule says so."""
    assert moment("Sun, 22 Nov 2026 10:00:00 IST") is None
    assert moment("Sun, 22 Nov 2026 10:00:00") is None
    assert moment("Sun, 22 Nov 2026 10:00:00 CET+1") is None
    assert moment("Sun, 22 Nov 2026 10:00:00 EST5EDT") is None
    assert moment("Sun Nov 22 10:00:00 2026", zoneless=True) == moment("Sun, 22 Nov 2026 10:00:00 +0000")
    assert moment("Sun Nov 22 10:00:00 2026 +0100", zoneless=True) == moment("Sun, 22 Nov 2026 09:00:00 +0000")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "99 Nov 2026 10:00:00",
        "22 Nov 2026 25:00:00",
        "22 Nov 1066 10:00:00 +0000",
        "31 Feb 2026 10:00:00 +0000",
    ],
)
def test_what_is_no_date_has_no_moment(text: str) -> None:
    """An impossible date gives None."""
    assert moment(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("from a.test (a.test [192.0.2.1]) by b.test (Postfix) with ESMTPS id 1", ("a.test", "b.test", "ESMTPS", True)),
        ("from a by b (with a comment by c) with SMTP", ("a", "b", "SMTP", False)),
        ("from a (a [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits)) by b with ESMTP", ("a", "b", "ESMTP", True)),
        ("by b with HTTP; Sun, 22 Nov 2026 10:00:00 +0000", ("", "b", "HTTP", False)),
        ("(qmail 4711 invoked by uid 7)", ("", "", "", False)),
    ],
)  # fmt: skip
def test_the_clauses_of_a_hop_are_told_apart(value: str, expected: tuple[str, str, str, bool]) -> None:
    """Comments in brackets are not clauses; but TLS in them counts."""
    assert hop(value)[:4] == expected


def _received(*minutes: int) -> list[str]:
    return [f"from a by b{n} with SMTP; Sun, 22 Nov 2026 10:{n:02}:00 +0000" for n in reversed(minutes)]


def test_gaps_are_the_time_since_the_hop_before() -> None:
    """The oldest hop comes first and has no gap."""
    assert [one.gap for one in Chain(_received(0, 1, 5))] == [None, MINUTE, 4 * MINUTE]


def test_a_clock_that_is_behind_shows_as_skew() -> None:
    """No gap is ever negative: the difference is the clock's."""
    hops = Chain(_received(5, 1, 2))
    assert [(one.gap, one.skew) for one in hops] == [(None, 0), (0, 4 * MINUTE), (MINUTE, 0)]


@given(st.lists(st.integers(0, 59), max_size=20))
def test_no_gap_is_negative(minutes: list[int]) -> None:
    """Whatever the clocks say."""
    assert all((one.gap or 0) >= 0 and one.skew >= 0 for one in Chain(_received(*minutes)))


def test_the_leg_that_took_longest_is_named() -> None:
    """For both chains, the slowest hop is given."""
    lines = "".join(f"Received: {value}\n" for value in _received(0, 1, 31, 32))
    slowest = read(f"{lines}Subject: x\n\n".encode()).slowest
    assert slowest is not None
    assert (slowest.by, slowest.gap) == ("b31", 30 * MINUTE)


def test_a_hop_without_a_date_breaks_no_gap() -> None:
    """The gap is counted from the last hop that has a time."""
    one, two = _received(0, 3)[::-1]
    assert [hop.gap for hop in Chain([two, "from a by c with SMTP", one])] == [None, None, 3 * MINUTE]
