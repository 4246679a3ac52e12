"""The life of a test through the real jobs on moto."""

from mxtrax.jobs import receive
from mxtrax.model import Cause, Kind, State, Verdict, WindowCounts
from mxtrax.rules.cause import cause_of
from mxtrax.store import runtime
from tests.stage import Sent, Stage


def judged(it: Stage, sent: Sent) -> tuple[Verdict, Cause | None]:
    """Give what a test was counted as, and why."""
    test = it.test(sent)
    return test.counted, cause_of(test, test.counted)


def test_on_time(it: Stage) -> None:
    """A test that comes back within maxreturntime is on time, is counted once, and its mail is cleared away."""
    domain = it.domain()
    (sent,) = it.tick()
    it.delivered(sent)
    it.wait(4)
    assert it.comes_back(sent) == "MailReturned"
    it.fold()
    it.fold()
    test, stat, health = it.test(sent), it.stat(domain), it.health(domain)
    assert (test.counted, test.incl_in_stat, test.due) == (Verdict.ONTIME, True, None)
    assert (stat.total_num, stat.ontime_num, stat.late_num, stat.fail_num, stat.unsent_num) == (1, 1, 0, 0, 0)
    assert stat.min_delivery_time == stat.max_delivery_time == stat.total_delivery_time == 4_000
    assert (health.state, health.streak, health.retest) == (State.OK, 1, False)
    assert it.inbox() == []
    assert it.alert() == []


def test_late(it: Stage) -> None:
    """A test that comes back after maxreturntime counts first as not returned, then as late, once in each figure."""
    domain, sent = it.loses()
    assert it.test(sent).counted is Verdict.OVERDUE
    assert (it.stat(domain).total_num, it.stat(domain).fail_num) == (1, 0)
    assert it.health(domain).state is State.FAILING
    it.wait(99)
    it.comes_back(sent)
    it.fold()
    stat, health = it.stat(domain), it.health(domain)
    assert judged(it, sent) == (Verdict.LATE, Cause.SLOW_INSIDE)
    assert (stat.total_num, stat.ontime_num, stat.late_num, stat.fail_num) == (1, 0, 1, 0)
    assert stat.total_delivery_time == 400_000
    assert [(r.verdict, r.took) for r in health.recent] == [(Verdict.LATE, 400_000)]
    counted = {name: number for name, number in runtime.counted_tests().by_name.items() if number}
    assert counted == {"overdue": 1, "late": 1, "took": 400_000, "within_600": 1}


def test_lost(it: Stage) -> None:
    """A test that never comes back is overdue, then failed; it is counted as failed once, and its time as nothing."""
    domain, sent = it.loses()
    it.wait(86_400)
    it.fold()
    test, stat = it.test(sent), it.stat(domain, it.test(sent).sendtime)
    assert judged(it, sent) == (Verdict.FAILED, Cause.ACCEPTED_THEN_LOST)
    assert test.incl_in_stat
    assert (stat.total_num, stat.fail_num, stat.total_delivery_time) == (1, 1, 0)


def test_refused(it: Stage) -> None:
    """A permanent refusal makes a test overdue at once, with the server's words as evidence."""
    domain = it.domain()
    (sent,) = it.tick()
    it.wait(2)
    it.refused(sent)
    it.fold()
    test = it.test(sent)
    assert judged(it, sent) == (Verdict.OVERDUE, Cause.REFUSED)
    assert test.refused is not None
    assert "550 5.1.1" in test.refused.text
    assert it.health(domain).state is State.FAILING


def test_refused_and_back(it: Stage) -> None:
    """A refused test that comes back after all is on time or late as the clock says."""
    domain = it.domain()
    (sent,) = it.tick()
    it.refused(sent)
    it.fold()
    it.wait(30)
    it.comes_back(sent)
    it.fold()
    stat = it.stat(domain)
    assert it.test(sent).counted is Verdict.ONTIME
    assert (stat.total_num, stat.ontime_num, stat.fail_num) == (1, 1, 0)
    assert [r.verdict for r in it.health(domain).recent] == [Verdict.ONTIME]


def test_bounce_is_a_return_where_the_domain_says_so(it: Stage) -> None:
    """A domain that answers with bounces is on time when its bounce comes within maxreturntime."""
    domain = it.domain(returns_bounce=True)
    (sent,) = it.tick()
    it.wait(3)
    it.refused(sent)
    it.fold()
    test = it.test(sent)
    assert (test.counted, test.returned_as) == (Verdict.ONTIME, Kind.BOUNCE)
    assert it.stat(domain).total_delivery_time == 3_000


def test_copies(it: Stage) -> None:
    """The first return wins; copies are counted, the same mail reported twice is not."""
    domain = it.domain()
    (sent,) = it.tick()
    it.wait(1)
    first = it.arrive(sent.raw)
    receive.run(first, it.now, it.settings)
    it.wait(1)
    it.comes_back(sent)
    receive.run(first, it.now, it.settings)
    it.fold()
    test = it.test(sent)
    assert test.receivetime == test.sendtime + 1_000
    assert test.copies == 1
    assert it.stat(domain).total_num == 1
    assert it.inbox() == []


def test_suppressed(it: Stage) -> None:
    """A test that SES swallowed is unsent: our fault, in its own counter, and never the customer's."""
    domain = it.domain()
    (sent,) = it.tick()
    it.ses_says("Bounce", sent, bounceType="Permanent", bounceSubType="OnAccountSuppressionList", bouncedRecipients=[])
    it.fold()
    stat = it.stat(domain)
    assert judged(it, sent) == (Verdict.UNSENT, Cause.SUPPRESSED)
    assert (stat.unsent_num, stat.total_num, stat.fail_num) == (1, 0, 0)
    assert it.health(domain).state is State.SETUP


def test_return_after_the_end(it: Stage) -> None:
    """A mail that comes back after it was counted as failed is noted for people, and changes no figure."""
    domain = it.domain()
    (sent,) = it.tick()
    start = it.now
    it.wait(86_401)
    it.fold()
    before = it.stat(domain, start)
    it.wait(60)
    it.comes_back(sent)
    it.fold()
    assert it.test(sent).receivetime is not None
    assert it.stat(domain, start) == before


def test_greylisted(it: Stage) -> None:
    """A test that was deferred and then came back late is late because of the deferral."""
    it.domain()
    (sent,) = it.tick()
    it.wait(10)
    it.ses_says(
        "DeliveryDelay",
        sent,
        delayType="TransientCommunicationFailure",
        delayedRecipients=[{"emailAddress": sent.to, "status": "4.2.0", "diagnosticCode": "450 4.2.0 Greylisted"}],
    )
    it.wait(400)
    it.delivered(sent)
    it.wait(2)
    it.comes_back(sent)
    it.fold()
    assert judged(it, sent) == (Verdict.LATE, Cause.DEFERRED)


def test_late_word(it: Stage) -> None:
    """A delivery that SES reports only after the test was counted as overdue still corrects the cause, and no figure."""
    domain = it.domain()
    (sent,) = it.tick()
    it.wait(301)
    it.fold()
    before = it.stat(domain)
    assert [r.cause for r in it.health(domain).recent] == [Cause.NO_WORD]
    it.delivered(sent)
    it.fold()
    assert [r.cause for r in it.health(domain).recent] == [Cause.ACCEPTED_THEN_LOST]
    after = it.stat(domain)
    assert (after.total_num, after.fail_num) == (before.total_num, before.fail_num)
    assert it.health(domain).window_counts == {it.test(sent).sendtime // 3_600_000: WindowCounts(missed=1)}
