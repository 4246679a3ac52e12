"""Subjects for a smartwatch: who is affected and what is wrong within fifty characters, since when within eighty."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from mxtrax.model import MONITOR, Cause, NoticeKind, Reason
from mxtrax.report.brief import SUBJECT, Brief, brief, subject, worst_first
from tests.notify.briefs import BASE, NOW, any_briefs, notice

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "[DOWN] Millers' Guild (mill.test): mail is refused, no such mailbox, since 12:55"),
        (
            {"cause": Cause.FORWARD_BLOCKED},
            "[SET-UP] Millers' Guild (mill.test): forwarding back is blocked, since 12:55",
        ),
        ({"cause": Cause.SLOW_RETURN}, "[SLOW] Millers' Guild (mill.test): slow on its way back, since 12:55"),
        ({"reason": Reason.DNS}, "[DOWN] Millers' Guild (mill.test): DNS lookup fails, since 12:55"),
        (
            {"kind": NoticeKind.CLOSED, "closed": NOW, "opened": NOW - 41 * 60_000},
            "[OK] Millers' Guild (mill.test): well again after 41 min",
        ),
        (
            {"kind": NoticeKind.REMINDER, "opened": NOW - 24 * HOUR, "reason": None},
            "[DOWN] Millers' Guild (mill.test): mail is refused, since 21 Nov 13:00",
        ),
        (
            {"again_of": "1-1", "first_opened": NOW - HOUR},
            "[DOWN] Again Millers' Guild (mill.test): mail is refused, no such mailbox",
        ),
        ({"name": ""}, "[DOWN] mill.test: mail is refused, no such mailbox, since 12:55"),
        (
            {"maildomain": MONITOR, "cause": Cause.MONITOR_FAULT, "reason": None},
            "MXTRAX itself is in trouble, customer alerts held, since 12:55",
        ),
        (
            {"maildomain": MONITOR, "cause": Cause.STORM, "reason": None},
            "MXTRAX: more mail returns than sent, since 12:55",
        ),
        ({"maildomain": MONITOR, "kind": NoticeKind.CLOSED, "closed": NOW}, "MXTRAX well again after 5 min"),
    ],
)
def test_a_subject_says_who_what_and_since_when(more: dict[str, Any], words: str) -> None:
    """By the clock of the reader; a recovery with its length; ours begins with MXTRAX."""
    assert subject([notice(**more)], ZoneInfo("Europe/Berlin")) == words


def test_what_joins_a_cause_is_also_failing_and_what_has_another_cause_is_not() -> None:
    """Both are changes: of what people know about a cause, and of the cause itself."""
    changed = notice(kind=NoticeKind.CHANGED)
    assert subject([replace(changed, joined=2)]).startswith("[DOWN] Also Millers' Guild (mill.test): ")
    assert subject([changed]).startswith("[DOWN] Millers' Guild (mill.test): ")


def test_several_are_counted_by_customer_and_the_worst_stands_first() -> None:
    """Down before slow, before recovered."""
    other = {"id": "2-17", "customer": "flap", "name": "Flap & Wing", "domain": "flap.test"}
    slow = notice(cause=Cause.SLOW_INSIDE, reason=None, id="3-17", customer="s", name="Slow", domain="slow.test")
    over = notice(kind=NoticeKind.CLOSED, closed=NOW, id="4-17", customer="o", name="Over", domain="over.test")
    them = [over, slow, notice(**other, cause=Cause.ACCEPTED_THEN_LOST, reason=None), notice(opened=NOW - HOUR)]
    assert subject(them) == "[DOWN] Millers' Guild and 2 other customers: 3 causes, since 11:00; 1 more"
    assert [it.incident.id for it in worst_first(them)] == ["1-17", "2-17", "3-17", "4-17"]


def test_one_provider_is_named() -> None:
    """Its customers are counted, and what they share is said once."""
    them = [
        notice(
            id=name,
            customer=name,
            name=name,
            domain=f"{name}.test",
            provider="hosting.test",
            cause=Cause.ACCEPTED_THEN_LOST,
        )
        for name in ("harbour", "meadow")
    ]
    assert subject(them) == "[DOWN] 2 customers of hosting.test: accepted, but not sent back, since 11:55"
    assert subject([notice(id="a"), notice(id="b", domain="b.test")]).startswith("[DOWN] Millers' Guild, 2 domains: ")


@given(any_briefs())
def test_a_subject_is_short_whatever_the_names_are(briefs: list[Brief]) -> None:
    """At most 80 characters on one line, and what is wrong begins within the first fifty."""
    (it,) = briefs
    assert len(it.subject) <= SUBJECT
    assert it.subject.isprintable()
    ours = it.subject.startswith("MXTRAX")
    said = "well again" if it.over else it.words.replace("the monitor itself", "itself") if ours else it.words
    assert said[:10] in it.subject[: 50 + 10]


def test_times_have_utc_beside_where_it_is_another() -> None:
    """Once where the reader's clock is UTC."""
    it = notice()
    assert brief(it, ZoneInfo("Europe/Berlin")).when == "since 2025-11-22 12:55:00 CET (11:55 UTC)"
    assert brief(it).when == "since 2025-11-22 11:55:00 UTC"


def test_a_brief_leads_to_the_domain_and_says_what_to_do() -> None:
    """Until it is over."""
    it = brief(notice(), base=BASE)
    assert it.link == f"{BASE}/console/#/domains/7"
    assert it.steps == it.told.next_steps
    assert brief(notice(kind=NoticeKind.CLOSED, closed=NOW)).steps == ()
