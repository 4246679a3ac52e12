"""Evidence: what tests weigh, when that opens an incident, and which streak ends it."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import HOUR, MINUTE, SECOND, Cause, Reason, Recent, SmtpReply, Stretch, Verdict
from mxtrax.rules.causes_table import REFUSED
from mxtrax.rules.evidence import (
    BAR,
    CLEAR,
    DEFERRED,
    FIFTH,
    GREYLISTED,
    GREYLISTED_MOST,
    LONGEST_STREAK,
    LOST,
    OUT,
    OUT_LONG,
    PERMANENT,
    SHORTEST_STREAK,
    UNREACHED,
    Weighed,
    judged,
    spoilt,
    streak_needed,
    streak_of,
    weigh,
    weight_of,
    without_ours,
)
from mxtrax.rules.marks import early_mark
from tests.unit.rules.made import START, a_test

G, L, M, P, U = Verdict.ONTIME, Verdict.LATE, Verdict.OVERDUE, Verdict.PENDING, Verdict.UNSENT
MARK = 60


def strip(verdicts: Iterable[Verdict], cause: Cause | None = None, reason: Reason | None = None) -> list[Recent]:
    """Make tests a minute apart; the cause and the reason are those of all that are not on time."""
    return [
        Recent(START + n * MINUTE, it, 5 * SECOND if it is G else None, None if it is G else cause, reason=reason)
        for n, it in enumerate(verdicts)
    ]


def weight(verdicts: Iterable[Verdict], cause: Cause | None = None, reason: Reason | None = None) -> float:
    """Weigh tests a minute apart, a moment after the last was sent."""
    tests = strip(verdicts, cause, reason)
    return weigh(tests, tests[-1].sendtime + SECOND, MARK).weight


def test_one_lost_mail_never_opens() -> None:
    """Nor a late one, nor one that a server deferred: a hiccup is part of mail."""
    assert weight([G, G, M]) < BAR
    assert weight([G, L]) < BAR
    assert weight([M], Cause.DEFERRED, Reason.UNREACHABLE) < BAR


def test_one_greylisted_mail_is_hardly_evidence() -> None:
    """Nor are five of them in a row."""
    assert weight([M] * 5, Cause.DEFERRED, Reason.GREYLISTED) < BAR


@pytest.mark.parametrize("cause", sorted(REFUSED))
def test_a_permanent_refusal_opens_at_its_first_sight(cause: Cause) -> None:
    """However long all was well before."""
    assert weight([G] * 50 + [M], cause) == PERMANENT >= BAR


def test_two_lost_in_a_row_open() -> None:
    """And one that is lost with two witnesses that have been out for long."""
    assert weight([G, M, M]) >= BAR
    tests = strip([G, M, P, P])
    assert weigh(tests, START + 6 * MINUTE, MARK).weight >= BAR


def test_what_is_lost_for_good_and_what_is_only_out_differ() -> None:
    """A test past its early mark is suspicious; out for twice as long it weighs more; neither weighs as a lost one."""
    tests = strip([P])
    soon, later = (weigh(tests, START + seconds * SECOND, MARK) for seconds in (61, 121))
    assert CLEAR < soon.weight < later.weight < weight([M])
    assert (soon.out, soon.suspicious) == (1, True)


def test_good_tests_clear_a_suspicion() -> None:
    """Six on time in a row undo a loss, and an older one weighs nothing any more."""
    assert not weigh(strip([M, *[G] * 6]), START + 9 * MINUTE, MARK).suspicious
    assert weigh(strip([M, *[G] * 6, M]), START + 9 * MINUTE, MARK).began == START + 7 * MINUTE


def test_a_fifth_lost_for_long_opens() -> None:
    """Partial loss is alerted although good tests outnumber the lost ones."""
    assert any(weight(([G] * 4 + [M]) * 3 + [M] * n) >= BAR for n in (0, 1))


def partly(verdicts: Iterable[Verdict], cause: Cause | None = None, reason: Reason | None = None) -> Weighed:
    """Weigh tests a minute apart for a loss in part."""
    tests = strip(verdicts, cause, reason)
    return weigh(tests, tests[-1].sendtime + SECOND, MARK, FIFTH)


@pytest.mark.parametrize("well", [6, 7])
def test_three_lost_among_fifteen_weigh_as_a_loss_in_part(well: int) -> None:
    """They say nothing about half of the mail; among more tests they may be chance."""
    verdicts = [M, *[G] * well, M, *[G] * 7, M]
    assert weight(verdicts) < BAR <= partly(verdicts).weight
    assert partly([M, *[G] * 8, M, *[G] * 8, M]).weight < BAR


def test_a_single_loss_is_let_go_and_a_second_one_is_watched() -> None:
    """Seven on time end the doubt about the first one; about two it lasts until nothing is left of their weight."""
    assert partly([M, *[G] * 6]).lingers
    assert not partly([M, *[G] * 7]).lingers
    assert partly([M, *[G] * 7, M, *[G] * 19]).lingers
    assert not partly([M, *[G] * 7, M, *[G] * 21]).lingers


def test_greylisting_is_no_loss_in_part() -> None:
    """It is by design, and retests meet servers of SES that it has not seen yet."""
    assert partly([M] * 9, Cause.DEFERRED, Reason.GREYLISTED) == Weighed()


@given(st.lists(st.sampled_from([G, L, M, P]), max_size=60))
def test_the_weight_is_never_negative_and_grows_with_what_is_bad(verdicts: list[Verdict]) -> None:
    """A bad test never lightens the weight, a good one never adds to it."""
    before = weight(verdicts) if verdicts else 0.0
    assert before >= 0
    assert weight([*verdicts, M]) >= before
    assert weight([*verdicts, G]) <= before + 1.2  # what is out weighs more once it has been out for longer


# --- what is judged


def test_a_test_under_way_during_our_fault_is_judged_by_nobody() -> None:
    """From its sending until it was back or should have been; what servers said by SMTP still counts."""
    fault = Stretch(START + 2 * MINUTE, START + 4 * MINUTE)
    lost, back = Recent(START, M), Recent(START, G, 5 * SECOND)
    refused = Recent(START, M, None, Cause.REFUSED)
    assert spoilt(lost, [fault], 300)
    assert not spoilt(lost, [fault], 60)
    assert not spoilt(back, [fault], 300)
    assert list(judged([lost, back, refused], 0, [fault], 300)) == [back, refused]
    assert spoilt(Recent(START + 9 * MINUTE, M), [Stretch(START)], 300)


def test_maintenance_and_what_was_not_sent_are_not_judged() -> None:
    """Nor what was sent before the last recovery."""
    tests = [Recent(START, M), Recent(START + 1, M, quiet=True), Recent(START + 2, U), Recent(START + 3, M)]
    assert list(judged(tests, START, [], 300)) == tests[3:]


# --- the way back


def test_after_an_outage_two_good_tests_are_enough() -> None:
    """All was lost, so two on time are not luck."""
    assert streak_needed(strip([M] * 9 + [G]), START) == SHORTEST_STREAK


@pytest.mark.parametrize(("lost", "of", "needed"), [(1, 2, 21), (1, 5, 21), (1, 6, 26), (1, 30, LONGEST_STREAK)])
def test_a_streak_must_not_be_luck(lost: int, of: int, needed: int) -> None:
    """At the loss rate seen, and at one of a fifth, a streak of that length has a chance below 1 %."""
    assert streak_needed(strip([*[G] * (of - lost), *[M] * lost]), START) == needed


def test_what_is_still_out_was_not_all_lost() -> None:
    """Where one came back between tests that are out, mail is lost in part, and two in a row are soon had by luck."""
    assert streak_needed(strip([M, P, G, P, G, G]), START) == 21
    assert streak_needed(strip([M, P, P, G, G]), START) == SHORTEST_STREAK


def test_what_is_out_for_long_ends_a_streak() -> None:
    """Of a domain that loses every second mail, those on time are known minutes before those that are lost."""
    assert streak_of(strip([M, G, P, G])) == 1
    assert streak_of(strip([G, G, P])) == 0
    assert streak_of(strip([M, G, U, G])) == 2


# --- the early mark


def test_the_early_mark_follows_the_domain() -> None:
    """1.5 times its own 95th percentile in steps of 10 s; 50 to 150; three times the slowest while little is known."""
    assert early_mark([], 300) == 150
    assert early_mark(strip([G]), 300) == 50
    assert early_mark([Recent(START, G, 31 * SECOND), *strip([G] * 3)], 300) == 100
    assert early_mark(strip([G] * 20), 300) == 50
    slow = [Recent(START + n, G, 61 * SECOND) for n in range(20)]
    assert early_mark(slow, 300) == 100
    assert early_mark([Recent(START + n, G, 250 * SECOND) for n in range(20)], 300) == 150
    assert early_mark(slow, 45) == 45


# --- to the edge


@pytest.mark.parametrize(
    ("verdict", "cause", "reason", "seconds", "expected"),
    [
        (M, Cause.DEFERRED, Reason.UNREACHABLE, 400, UNREACHED),
        (M, Cause.DEFERRED, Reason.RATE_LIMITED, 400, DEFERRED),
        (M, Cause.DEFERRED, Reason.GREYLISTED, 400, GREYLISTED),
        (M, Cause.NO_WORD, Reason.UNREACHABLE, 400, LOST),
        (L, Cause.SLOW_INSIDE, None, 400, LOST),
        (P, None, None, 2 * MARK - 1, OUT),
        (P, None, None, 2 * MARK, OUT_LONG),
        (P, None, Reason.GREYLISTED, 2 * MARK, GREYLISTED / 2),
    ],
)
def test_what_a_test_weighs(
    verdict: Verdict, cause: Cause | None, reason: Reason | None, seconds: int, expected: float
) -> None:
    """By its cause first, then by its reason; one that is still out, by how long it has been."""
    test = Recent(START, verdict, None, cause, reason=reason)
    assert weight_of(test, START + seconds * SECOND, MARK, grey=reason is Reason.GREYLISTED) == expected


def test_tests_that_greylisting_keeps_open_no_incident_and_with_a_loss_they_do() -> None:
    """However many are out. Silent ones within an hour of a greylisting count as greylisted; hours later they do not."""
    grey, lost = strip([M] * 30, Cause.DEFERRED, Reason.GREYLISTED), strip([M] * 2, Cause.ACCEPTED_THEN_LOST)
    now = grey[-1].sendtime + SECOND
    assert weigh(grey, now, MARK).weight == pytest.approx(GREYLISTED_MOST)
    assert weigh([*grey, *lost], now, MARK).weight >= BAR
    silent = strip([M] * 10, Cause.NO_WORD)
    assert weigh([grey[0], *silent], now, MARK).weight == pytest.approx(GREYLISTED_MOST)
    later = [Recent(it.sendtime + 2 * HOUR, M, None, Cause.NO_WORD) for it in silent]
    assert weigh([grey[0], *later], later[-1].sendtime, MARK).weight >= BAR


def test_what_greylisting_keeps_is_no_finished_bad_test() -> None:
    """So it opens no incident beside others that are still out. One that came back late counts."""
    grey = strip([M, M], Cause.DEFERRED, Reason.GREYLISTED)
    assert weigh(grey, START + HOUR, MARK).bad == 0
    assert weigh([*grey, Recent(START + 5 * MINUTE, M, None, Cause.NO_WORD)], START + 3 * HOUR, MARK).bad == 3
    assert weigh([replace(grey[0], verdict=L, took=HOUR)], START + HOUR, MARK).bad == 1


def test_where_a_provider_is_out_one_test_that_reaches_no_server_is_enough() -> None:
    """A refused connection is a hiccup of one server in a hundred; not where another domain's incident says the same."""
    unreached = strip([M], Cause.DEFERRED, Reason.UNREACHABLE)
    assert weigh(unreached, START + HOUR, MARK).weight == UNREACHED < BAR
    assert weigh(unreached, START + HOUR, MARK, provider_out=True).weight == PERMANENT >= BAR
    for cause in (Cause.ACCEPTED_THEN_LOST, Cause.NO_WORD):
        assert weigh(strip([M], cause), START + HOUR, MARK, provider_out=True).weight == LOST


def test_what_was_taken_during_a_fault_of_ours_was_only_deferred() -> None:
    """A greylisted mail that comes through while our inbox is out is not lost by them: it could not reach us."""
    deferred, taken = SmtpReply(at=START + 5 * MINUTE), SmtpReply(at=START + 20 * MINUTE)
    ours = [Stretch(START + 10 * MINUTE, START + 30 * MINUTE)]
    test = a_test(deferred=deferred, delivered=taken)
    assert without_ours(test, ours) == a_test(deferred=deferred)
    assert without_ours(a_test(delivered=taken), ours) == a_test()
    later, back = SmtpReply(at=START + 31 * MINUTE), replace(test, receivetime=START + 25 * MINUTE)
    meanwhile = a_test(START + 15 * MINUTE, delivered=taken)  # All of it fell into our fault: it is judged by nobody.
    for other in (meanwhile, replace(test, delivered=later), replace(test, delivered=None), back):
        assert without_ours(other, ours) == other


def test_what_greylisting_lets_through_in_no_two_hours_is_no_greylisting() -> None:
    """A server that says so for ever lets nothing in: that opens an incident. What came back by then was only delayed."""
    grey = strip([M] * 4, Cause.DEFERRED, Reason.GREYLISTED)
    assert weigh(grey, START + 2 * HOUR - 1, MARK).weight <= GREYLISTED_MOST
    assert weigh(grey, START + 3 * HOUR, MARK).weight == pytest.approx(4 * DEFERRED)
    back = [Recent(it.sendtime, L, 3600 * SECOND, Cause.DEFERRED, reason=Reason.GREYLISTED) for it in grey]
    assert weigh(back, START + 3 * HOUR, MARK).weight == pytest.approx(4 * GREYLISTED)


def test_either_weight_or_a_test_that_is_out_makes_suspicious() -> None:
    """The bar itself is enough."""
    assert Weighed(weight=CLEAR).suspicious
    assert Weighed(out=1).suspicious
    assert not Weighed(weight=CLEAR - 0.01).suspicious


def test_what_a_weight_rests_on_is_counted_from_its_first_test() -> None:
    """Good tests between them leave it standing, until nothing of the weight is left."""
    found = weigh(strip([G, M, G, L, P]), START + 10 * MINUTE, MARK)
    assert (found.began, found.bad, found.out) == (START + MINUTE, 2, 1)
    only = weigh(strip([M]), START + 10 * MINUTE, MARK)
    assert (only.began, only.bad, only.out) == (START, 1, 0)
    cleared = weigh(strip([M, *[G] * 9]), START + 10 * MINUTE, MARK)
    assert (cleared.weight, cleared.began, cleared.bad) == (0, 0, 0)


def test_a_fault_of_ours_spoils_from_its_first_moment_to_its_last() -> None:
    """Both ends are in it; what came before or after is not."""
    lost = Recent(START, M)
    due = START + MINUTE
    assert spoilt(lost, [Stretch(due, due + 1)], 60)
    assert not spoilt(lost, [Stretch(due + 1, due + 2)], 60)
    assert spoilt(lost, [Stretch(0, START)], 60)
    assert not spoilt(lost, [Stretch(0, START - 1)], 60)
    assert not spoilt(lost, [Stretch(due + 1)], 60)


def test_a_test_that_failed_by_our_own_fault_is_not_judged() -> None:
    """The ones after it are."""
    ours, theirs = Recent(START, M, None, Cause.MONITOR_FAULT), Recent(START + 1, M)
    assert list(judged([ours, theirs], 0, [], 300)) == [theirs]


def test_a_streak_is_reckoned_from_the_incidents_own_tests() -> None:
    """What was before it says nothing of it, nor does what is still out; without any, the shortest streak is enough."""
    began = START + 4 * MINUTE
    assert streak_needed(strip([G, G, G, G, G, M, P]), began) == streak_needed(strip([G, M]), START)
    assert streak_needed(strip([G, G]), START) == SHORTEST_STREAK
    assert streak_needed([], START) == SHORTEST_STREAK


def test_the_early_mark_is_of_those_on_time_alone() -> None:
    """At the 95th of a hundred of them: of twenty, the last but one."""
    times = [Recent(START + n, G, 5 * n * SECOND) for n in range(20)]
    assert early_mark(times, 300) == 140
    assert early_mark([*times, Recent(START + 20, L, 290 * SECOND)], 300) == 140
