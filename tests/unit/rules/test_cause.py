"""Causes: why a test is not on time, in one word and in one sentence."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from mxtrax.model import DAY, HOUR, MINUTE, SECOND, Cause, MailTest, Reason, Verdict
from mxtrax.rules.cause import cause_of, legs, sentence, span
from mxtrax.rules.causes_table import REFUSED
from mxtrax.rules.evidence import CERTAINTY
from mxtrax.rules.verdict import classify
from tests.unit.rules.made import START, a_test, back, mailtests, said

GREY = said(3, "451 4.7.1 greylisted, try again later", Cause.DEFERRED)
NO_USER = said(2, "550 5.1.1 no such user here", Cause.REFUSED, "5.1.1")
BLOCKED = said(9, "550 5.7.520 your organization does not allow external forwarding", Cause.FORWARD_BLOCKED)
GAVE_UP = said(50_400, "4.4.7 message expired", Cause.DEFERRED)
TOOK = said(2, "250 2.0.0 queued")
OURS = "The fault is ours, not theirs."


UNVERIFIED = "MessageRejected: Email address is not verified."
SPENT = "Daily message quota exceeded."

OF_MANY = {"monitor_fault", "storm", "channel_failed", "job_silent", "peer_unwell"}
"""Causes that no single test has."""

TABLE: list[tuple[str, MailTest, int, Cause | None, str]] = [
    (
        "refused",
        a_test(refused=NO_USER),
        5,
        Cause.REFUSED,
        "Their server refused it at 2026-11-22 10:00:02: “550 5.1.1 no such user here”. Nothing has come back since.",
    ),
    (
        "put off",
        a_test(deferred=GREY),
        400,
        Cause.DEFERRED,
        (
            "Their server deferred it at 2026-11-22 10:00:03: “451 4.7.1 greylisted, try again later”. "
            "Nothing has come back since."
        ),
    ),
    (
        "put off until SES gave up",
        a_test(deferred=GREY, refused=GAVE_UP),
        60_000,
        Cause.DEFERRED,
        (
            "Their server kept deferring it, and SES gave up at 2026-11-23 00:00:00: “4.4.7 message expired”. "
            "Nothing has come back since."
        ),
    ),
    (
        "taken and lost",
        a_test(delivered=TOOK),
        90_000,
        Cause.ACCEPTED_THEN_LOST,
        "Their server accepted it at 2026-11-22 10:00:02 with “250 2.0.0 queued”. Nothing came back within 1 d.",
    ),
    (
        "taken after a delay, and lost",
        a_test(deferred=GREY, delivered=said(100)),
        400,
        Cause.ACCEPTED_THEN_LOST,
        "Their server accepted it at 2026-11-22 10:01:40 with “250 ok”. Nothing has come back since.",
    ),
    (
        "taken and bounced",
        a_test(delivered=TOOK, refused=said(30, "550 5.2.2 mailbox full", Cause.REFUSED)),
        400,
        Cause.RETURNED_AS_BOUNCE,
        (
            "Their server accepted it at 2026-11-22 10:00:02 and then refused it at 2026-11-22 10:00:30: "
            "“550 5.2.2 mailbox full”. Nothing has come back since."
        ),
    ),
    (
        "not allowed back out",
        a_test(delivered=TOOK, refused=BLOCKED),
        400,
        Cause.FORWARD_BLOCKED,
        (
            "Their server accepted it at 2026-11-22 10:00:02 and then refused to send it back at 2026-11-22 10:00:09: "
            "“550 5.7.520 your organization does not allow external forwarding”. Nothing has come back since."
        ),
    ),
    (
        "no DNS",
        a_test(deferred=said(3, "4.4.4 Unable to lookup DNS for customer.example", Cause.DEFERRED, reason=Reason.DNS)),
        400,
        Cause.DEFERRED,
        (
            "A DNS lookup failed at 2026-11-22 10:00:03: “4.4.4 Unable to lookup DNS for customer.example”. "
            "Nothing has come back since."
        ),
    ),
    (
        "no DNS until SES gave up",
        a_test(deferred=said(3, "4.4.4 Unable to lookup DNS", Cause.DEFERRED, reason=Reason.DNS), refused=GAVE_UP),
        60_000,
        Cause.DEFERRED,
        "A DNS lookup failed, and SES gave up at 2026-11-23 00:00:00: “4.4.7 message expired”. Nothing has come back since.",
    ),
    (
        "no connection",
        a_test(deferred=said(3, "connection refused", Cause.DEFERRED, reason=Reason.UNREACHABLE)),
        400,
        Cause.DEFERRED,
        (
            "SES could not connect to their mail server at 2026-11-22 10:00:03: “connection refused”. "
            "Nothing has come back since."
        ),
    ),
    (
        "no word",
        a_test(),
        400,
        Cause.NO_WORD,
        "Sent at 2026-11-22 10:00:00; no server has answered yet. Nothing has come back since.",
    ),
    (
        "slow to their server",
        back(420, delivered=said(390), left=START + 400 * SECOND),
        500,
        Cause.SLOW_OUTBOUND,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); "
            "6 min 30 s of that on the way to their server."
        ),
    ),
    (
        "slow inside",
        back(420, delivered=TOOK, left=START + 400 * SECOND),
        500,
        Cause.SLOW_INSIDE,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); "
            "6 min 38 s of that inside their system."
        ),
    ),
    (
        "slow on the way back",
        back(420, delivered=TOOK, left=START + 10 * SECOND),
        500,
        Cause.SLOW_RETURN,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); "
            "6 min 50 s of that on the way back."
        ),
    ),
    (
        "slow, and nobody knows where",
        back(420),
        500,
        Cause.NO_WORD,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); "
            "no server says where it was held up."
        ),
    ),
    (
        "put off, then late",
        back(420, deferred=GREY, delivered=said(410)),
        500,
        Cause.DEFERRED,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); deferred at first: "
            "“451 4.7.1 greylisted, try again later”."
        ),
    ),
    (
        "put off, and not known when it was taken",
        back(420, deferred=GREY),
        500,
        Cause.DEFERRED,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); deferred at first: "
            "“451 4.7.1 greylisted, try again later”."
        ),
    ),
    (
        "put off for a moment, but slow inside",
        back(420, deferred=GREY, delivered=said(8)),
        500,
        Cause.SLOW_INSIDE,
        (
            "It came back at 2026-11-22 10:07:00, 2 min late: after 7 min (limit 5 min); "
            "6 min 52 s of that inside their system or on the way back."
        ),
    ),
    (
        "too late",
        back(90_000, delivered=TOOK, left=START + 80_000 * SECOND),
        99_000,
        Cause.SLOW_INSIDE,
        (
            "It came back at 2026-11-23 11:00:00, 1 d late: after 1 d 1 h (too late to count); "
            "22 h 13 min of that inside their system."
        ),
    ),
    *(
        (name, a_test(accepted=None, unsent=said(0, text, cause)), 5, cause, f"It was never sent: {words}. {OURS}")
        for name, cause, text, words in (
            ("suppressed", Cause.SUPPRESSED, "", "address is suppressed"),
            ("not taken by SES", Cause.SEND_FAILED, UNVERIFIED, f"sending failed (“{UNVERIFIED}”)"),
            ("above the rate", Cause.THROTTLED, "", "above sending rate"),
            ("above the day's quota", Cause.QUOTA_EXCEEDED, SPENT, f"daily quota used up (“{SPENT}”)"),
        )
    ),
    (
        "a sender cut short",
        a_test(accepted=None),
        400,
        Cause.SEND_FAILED,
        f"It was never sent: sending failed. {OURS}",
    ),
    ("on time", back(4), 9, None, "It came back at 2026-11-22 10:00:04, after 4.0 s."),
    ("under way", a_test(), 9, None, "Sent at 2026-11-22 10:00:00, still under way."),
    (
        "under way, and no server was there",
        a_test(deferred=said(3, "connection refused", Cause.DEFERRED, reason=Reason.UNREACHABLE)),
        9,
        None,
        "SES could not connect to their mail server at 2026-11-22 10:00:03: “connection refused”. It is still under way.",
    ),
]


@pytest.mark.parametrize(("test", "age", "cause", "words"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_became_of_it(test: MailTest, age: int, cause: Cause | None, words: str) -> None:
    """The evidence gives the cause, and the sentence gives it with times and the server's own words."""
    verdict = classify(test, START + age * SECOND)
    assert cause_of(test, verdict) is cause
    assert sentence(test, verdict) == words


@pytest.mark.parametrize("cause", sorted(REFUSED - {Cause.REFUSED, Cause.RETURNED_AS_BOUNCE}))
def test_a_refusal_that_says_all_by_itself_is_the_cause(cause: Cause) -> None:
    """Whether it came at once, or after their server had accepted the test; and it outweighs what only did not happen."""
    no = said(9, "550 no", cause)
    assert cause_of(a_test(refused=no), Verdict.OVERDUE) is cause
    assert cause_of(a_test(delivered=TOOK, refused=no), Verdict.OVERDUE) is cause
    assert CERTAINTY[cause] == max(CERTAINTY.values())


def test_every_cause_is_reached() -> None:
    """Every cause follows from some evidence."""
    assert {cause for _, _, _, cause, _ in TABLE if cause} == {cause for cause in Cause if cause not in OF_MANY}


def test_times_are_told_in_the_readers_zone() -> None:
    """Where Config says so, people read their own clock."""
    assert sentence(back(4), Verdict.ONTIME, ZoneInfo("Europe/Berlin")).startswith(
        "It came back at 2026-11-22 11:00:04"
    )


@given(mailtests())
def test_any_evidence_has_a_cause_and_a_sentence(test: MailTest) -> None:
    """Tests neither pending nor on time have a cause, whatever evidence came in whatever order; all have a sentence."""
    for age in (0, 600 * SECOND, 200_000 * SECOND):
        verdict = classify(test, START + age)
        assert (cause_of(test, verdict) is None) is (verdict in {Verdict.PENDING, Verdict.ONTIME})
        told = sentence(test, verdict)
        assert told.endswith(".")
        assert told[0].isupper()
        assert "None" not in told


@given(mailtests())
def test_legs_add_up_to_the_journey(test: MailTest) -> None:
    """However wrong foreign clocks are: no leg is negative, and together they are the time between our own two."""
    spans = legs(test)
    assert min(spans.values(), default=0) >= 0
    took = 0 if test.receivetime is None else max(0, test.receivetime - test.sendtime)
    assert sum(spans.values()) == took


@pytest.mark.parametrize(
    ("took", "words"),
    [
        (0, "0.0 s"),
        (449, "0.4 s"),
        (42 * SECOND, "42 s"),
        (5 * MINUTE, "5 min"),
        (5 * MINUTE + 3 * SECOND, "5 min 3 s"),
        (2 * HOUR + 5 * MINUTE + 59 * SECOND, "2 h 5 min"),
        (DAY, "1 d"),
        (3 * DAY + 4 * HOUR, "3 d 4 h"),
    ],
)
def test_durations_read_as_people_say_them(took: int, words: str) -> None:
    """At most two units, and no idle zeros."""
    assert span(took) == words


def test_an_answer_without_words_is_quoted_by_its_status() -> None:
    """If a server gave only a code, that is shown; if it gave nothing, the sentence says so."""
    answers: list[tuple[dict[str, Any], str]] = [
        ({"text": "", "status": "5.1.1"}, "“5.1.1”"),
        ({"text": ""}, "“no text”"),
    ]
    for answer, quoted in answers:
        assert quoted in sentence(a_test(refused=said(2, **answer)), Verdict.OVERDUE)


@pytest.mark.parametrize(("cause", "verb"), [(Cause.REFUSED, "refused it"), (Cause.DEFERRED, "gave it up")])
def test_what_a_report_by_mail_says_is_not_what_ses_did(cause: Cause, verb: str) -> None:
    """SES may have met an obstacle of its own: it has not given up, and has not reported what came by mail."""
    told = replace(said(9, "550 5.2.1 frozen", cause, "5.2.1"), by_mail=True)
    met = said(3, "4.4.4 Unable to lookup DNS", Cause.DEFERRED, reason=Reason.DNS)
    text = sentence(a_test(deferred=met, refused=told), Verdict.FAILED)
    assert text.startswith(f"Their server {verb} at 2026-11-22 10:00:09: “550 5.2.1 frozen”.")
    assert "SES gave up" not in text
