"""Verdicts: from the evidence and the clock, to the millisecond."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import DAY, SECOND, MailTest, Verdict
from mxtrax.rules.verdict import classify, delivery_time, due_after, is_suspicious, was_sent
from tests.unit.rules.made import START, a_test, mailtests, said

ON_TIME, UNTIL_FAIL = 300 * SECOND, 86_400 * SECOND


@pytest.mark.parametrize(
    ("after", "back", "out"),
    [
        (-50, Verdict.ONTIME, Verdict.PENDING),
        (0, Verdict.ONTIME, Verdict.PENDING),
        (ON_TIME, Verdict.ONTIME, Verdict.PENDING),
        (ON_TIME + 1, Verdict.LATE, Verdict.OVERDUE),
        (UNTIL_FAIL, Verdict.LATE, Verdict.OVERDUE),
        (UNTIL_FAIL + 1, Verdict.FAILED, Verdict.FAILED),
    ],
)
def test_a_return_is_judged_by_the_time_it_took_and_silence_by_the_clock(
    after: int, back: Verdict, out: Verdict
) -> None:
    """Both limits belong to the better side. Once a test is back, what the clock shows since does not matter."""
    test = a_test(receivetime=START + after)
    assert {classify(test, START + later) for later in (0, ON_TIME + 1, 9 * DAY)} == {back}
    assert classify(a_test(), START + after) is out


@pytest.mark.parametrize(("age", "verdict"), [(1, Verdict.OVERDUE), (UNTIL_FAIL + 1, Verdict.FAILED)])
def test_a_refusal_is_overdue_at_once(age: int, verdict: Verdict) -> None:
    """Nobody waits for a mail that was refused; it fails when all others do."""
    assert classify(a_test(refused=said()), START + age) is verdict


def test_a_refused_mail_may_still_come_back() -> None:
    """Should it come back, it is on time or late as the clock says."""
    assert classify(a_test(refused=said(), receivetime=START + SECOND), START + DAY) is Verdict.ONTIME


@pytest.mark.parametrize("leg", ["delivered", "deferred"])
def test_a_word_on_the_way_is_evidence_only(leg: str) -> None:
    """That a server took or delayed the mail changes no verdict."""
    heard = a_test(START, **{leg: said()})
    for age in (0, ON_TIME, ON_TIME + 1, UNTIL_FAIL + 1):
        assert classify(heard, START + age) is classify(a_test(), START + age)


def test_what_ses_did_not_take_is_ours() -> None:
    """A test that SES refused is unsent at once and for ever."""
    test = a_test(accepted=None, unsent=said())
    assert {classify(test, START + age) for age in (0, ON_TIME + 1, UNTIL_FAIL + 1)} == {Verdict.UNSENT}


@pytest.mark.parametrize(
    ("age", "verdict"), [(0, Verdict.PENDING), (ON_TIME, Verdict.PENDING), (ON_TIME + 1, Verdict.UNSENT)]
)
def test_a_sender_that_fell_silent_is_no_fault_of_theirs(age: int, verdict: Verdict) -> None:
    """Where nothing shows that SES took the mail, the test is unsent once its time is over."""
    assert classify(a_test(accepted=None), START + age) is verdict


@pytest.mark.parametrize("leg", ["delivered", "deferred", "refused"])
def test_any_word_of_a_mail_proves_that_it_was_sent(leg: str) -> None:
    """SES's event about a mail replaces its response, if that was lost."""
    test = a_test(START, accepted=None, **{leg: said()})
    assert was_sent(test)
    assert classify(test, START + ON_TIME + 1) is Verdict.OVERDUE


def test_a_return_outweighs_all_else() -> None:
    """What came back was sent, whatever SES said."""
    assert classify(a_test(accepted=None, unsent=said(), receivetime=START + 1), START + DAY) is Verdict.ONTIME


@given(mailtests())
def test_a_round_trip_takes_no_negative_time(test: MailTest) -> None:
    """There are two clocks; a mail that seems to be back before it was sent took no time."""
    assert (took := delivery_time(test)) is None or took >= 0


@given(mailtests(), st.integers(0, 3 * DAY))
def test_due_after_is_when_the_clock_changes_the_verdict(test: MailTest, age: int) -> None:
    """By the clock, the verdict changes at due_after and not before, and never if there is none."""
    now = START + age
    verdict = classify(test, now)
    due = due_after(test, verdict)
    if due is None:
        assert verdict.final
        assert classify(test, now + 400 * DAY) is verdict
    else:
        assert now < due
        assert classify(test, due - 1) is verdict
        assert classify(test, due) is not verdict


@given(mailtests())
def test_the_clock_leads_to_a_final_verdict(test: MailTest) -> None:
    """From due time to due time every test ends in at most three steps, and none turns back."""
    now, path = START, [classify(test, START)]
    while (due := due_after(test, path[-1])) is not None:
        now = due
        path.append(classify(test, now))
    assert len(path) <= 3
    order = [Verdict.PENDING, Verdict.OVERDUE, Verdict.LATE, Verdict.ONTIME, Verdict.FAILED, Verdict.UNSENT]
    assert [order.index(verdict) for verdict in path] == sorted(order.index(verdict) for verdict in path)


def test_a_domains_own_limit_may_lie_above_configs() -> None:
    """A maxreturntime above max_sec_until_fail still means on time; there is then no late."""
    test = a_test(maxreturntime=600, max_sec_until_fail=500)
    assert classify(replace(test, receivetime=START + 550 * SECOND), START) is Verdict.ONTIME
    assert classify(replace(test, refused=said()), START + 550 * SECOND) is Verdict.OVERDUE
    assert classify(test, START + 600 * SECOND + 1) is Verdict.FAILED


@pytest.mark.parametrize("verdict", Verdict)
def test_only_pending_and_overdue_may_change(verdict: Verdict) -> None:
    """Every other verdict is final; overdue and failed are what the wiki calls "did not return"."""
    assert verdict.final is (verdict not in {Verdict.PENDING, Verdict.OVERDUE})
    assert verdict.missed is (verdict in {Verdict.OVERDUE, Verdict.FAILED})


def test_what_ses_has_not_taken_yet_is_not_suspicious() -> None:
    """It may go out minutes later, at another time; only what is under way can be late."""
    waiting = a_test(accepted=None, early_mark=50)
    assert not is_suspicious(waiting, START + 51 * SECOND)
    assert is_suspicious(replace(waiting, accepted=START), START + 51 * SECOND)
