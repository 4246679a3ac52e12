"""Tests, replies and days for the rules' tests, with only what matters there."""

from typing import Any, Final

from hypothesis import strategies as st

from mxtrax.model import (
    DAY,
    SECOND,
    AlarmWhen,
    Cause,
    DomainHealth,
    Limits,
    MailTest,
    Millis,
    Reason,
    SmtpReply,
    WindowCounts,
)
from mxtrax.rules.health import Terms

START: Millis = 1_795_341_600_000
"""2026-11-22 10:00:00 UTC."""

DOMAIN = "mxtrax@customer.example"


def a_test(sendtime: Millis = START, **more: Any) -> MailTest:
    """Make a test that SES accepted, with the wiki's limits."""
    known: dict[str, Any] = {"maxreturntime": 300, "max_sec_until_fail": 86_400, "accepted": sendtime}
    return MailTest(testid="t", maildomain=DOMAIN, sendtime=sendtime, **{**known, **more})


def said(
    seconds: float = 1, text: str = "250 ok", cause: Cause | None = None, status: str = "", reason: Reason | None = None
) -> SmtpReply:
    """Make an answer, given this many seconds after the start."""
    return SmtpReply(at=START + round(seconds * SECOND), text=text, cause=cause, status=status, reason=reason)


def back(seconds: float, **more: Any) -> MailTest:
    """Make a test that came back after this many seconds."""
    return a_test(receivetime=START + round(seconds * SECOND), **more)


def counted(ontime: int = 0, late: int = 0, missed: int = 0) -> DomainHealth:
    """Make a health with these figures in its window_counts."""
    return DomainHealth(
        maildomain=DOMAIN, window_counts={START // (3_600 * SECOND): WindowCounts(ontime, late, missed)}
    )


WIKI: Final = Limits(maxfailnumber=0, maxfailpercentage=0.0, maxlatenumber=0, maxlatepercentage=0.0)
"""The wiki's limits: not one late test, not one lost."""


def by_limits(**more: Any) -> Terms:
    """Make the terms of the wiki's literal rule."""
    return Terms(**{"limits": WIKI, "maxreturntime": 300, "alarm_when": AlarmWhen.LIMITS, **more})


moments = st.integers(START - 3 * DAY, START + 3 * DAY)
answers = st.none() | st.builds(SmtpReply, at=moments, text=st.just("said"))


@st.composite
def mailtests(draw: st.DrawFn) -> MailTest:
    """Any test, sent at the start, with any evidence."""
    return a_test(
        maxreturntime=draw(st.integers(1, 1_000)),
        max_sec_until_fail=draw(st.integers(1, 100_000)),
        receivetime=draw(st.none() | moments),
        accepted=draw(st.none() | moments),
        delivered=draw(answers),
        deferred=draw(answers),
        refused=draw(answers),
        unsent=draw(answers),
        left=draw(st.none() | moments),
    )
