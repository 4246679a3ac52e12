"""Alerts by evidence, through all jobs: what is a hiccup, what is alerted at once, and what is our own fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mxtrax.aws import ses
from mxtrax.errors import TryAgain
from mxtrax.jobs import plan, send
from mxtrax.jobs.incidents import unreached
from mxtrax.model import (
    SECOND,
    AlarmWhen,
    Cause,
    Incident,
    Limits,
    MailDomain,
    Reason,
    Scope,
    State,
    Stretch,
    Verdict,
    Window,
)
from mxtrax.model.orders import SendBatch
from mxtrax.store import fleet, incidents, runtime, windows
from tests.jobs.test_incidents import subject
from tests.stage import Sent, Stage

REFUSED_CONNECTION = "smtp; 421 4.4.1 connect to mx: Connection refused"


def _weighs(it: Stage, **more: object) -> MailDomain:
    """Set up a domain that is judged by evidence, tested once an hour, and has answered once."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE, limits=Limits(), interval_minutes=60, **more)
    domain = it.domain()
    it.comes_back(_next(it))
    it.fold()
    return domain


def alarms(it: Stage, domain: MailDomain) -> None:
    """Expect that the next fold opens the domain's incident, and that people are notified at once."""
    it.fold()
    assert it.health(domain).incident
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] ")


def _next(it: Stage) -> Sent:
    """Let minutes pass until a test goes out."""
    for _ in range(61):
        it.wait(60)
        if sent := it.tick():
            return sent[0]
    raise AssertionError("no test went out")


def _deferred(it: Stage, sent: Sent) -> None:
    it.ses_says(
        "DeliveryDelay",
        sent,
        delayType="General",
        delayedRecipients=[{"emailAddress": sent.to, "status": "4.4.1", "diagnosticCode": REFUSED_CONNECTION}],
    )


def test_a_hiccup_is_cleared_before_it_could_alert(it: Stage) -> None:
    """One test is lost; those that go out when it is suspicious come back, and nobody is notified of anything."""
    domain = _weighs(it)
    lost, retests = _next(it), 0
    for _ in range(8):
        it.wait(60)
        for sent in it.tick():
            it.wait(1)
            it.comes_back(sent)
            it.fold()
            retests += 1
    assert it.test(lost).receivetime is None
    assert retests >= 2
    assert list(incidents.of_domain(domain.key)) == []
    assert (it.alert(), it.health(domain).retest) == ([], 0)


def test_what_is_back_before_a_window_begins_counts_though_it_was_looked_at_before(it: Stage) -> None:
    """A look at a test that is out foresees that the window will touch it. Its record says in the end what its day says."""
    domain = _weighs(it)
    sent = _next(it)
    begin = datetime.fromtimestamp((it.now + 240 * SECOND) / SECOND, UTC)
    end = begin + timedelta(hours=1)
    windows.save(Window(id="w", scope=Scope.ALL, start=f"{begin:%Y-%m-%dT%H:%M}", end=f"{end:%Y-%m-%dT%H:%M}"))
    it.wait(180)
    it.fold()
    assert it.test(sent).quiet
    it.wait(10)
    it.comes_back(sent)
    it.fold()
    assert it.test(sent).counted is Verdict.ONTIME
    assert not it.test(sent).quiet
    assert (it.stat(domain).ontime_num, it.stat(domain).quiet_total_num) == (2, 0)


def test_who_loses_a_part_of_the_mail_is_watched_until_it_is_clear(it: Stage) -> None:
    """Six tests on time after each loss clear it again and again; the third loss among them opens an incident."""
    domain = _weighs(it)
    _next(it)
    for minute in range(1, 22):
        it.wait(60)
        for sent in it.tick():
            if minute not in (7, 15):
                it.comes_back(sent)
                it.fold()
    alarms(it, domain)


def test_what_is_lost_with_its_witnesses_alerts_when_its_time_is_over(it: Stage) -> None:
    """The retests that were out by then confirm it."""
    domain = _weighs(it)
    _next(it)
    for _ in range(5):
        it.wait(60)
        it.tick()
    it.wait(1)
    alarms(it, domain)


def test_a_permanent_refusal_alerts_at_once(it: Stage) -> None:
    """The event itself orders the fold."""
    domain = _weighs(it)
    it.refused(_next(it))
    assert it.take(it.settings.aggregate_queue)
    it.fold()
    assert it.health(domain).incident
    assert it.take(it.settings.alert_queue)


def test_what_waits_for_ses_makes_nobody_suspicious(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that SES takes minutes later goes out at another time, and leaves nothing behind that is retested for."""
    domain = _weighs(it)
    batches = list[SendBatch]()
    while not batches:
        it.wait(60)
        plan.run(it.now, it.settings)
        batches = [batch for batch in it.batches() if batch.tests]
    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", _busy)
        with pytest.raises(TryAgain):
            send.run(batches[0], it.clock, it.settings)
    it.wait(180)
    it.fold()
    send.run(batches[0], it.clock, it.settings)
    it.comes_back(it.outbox[-1])
    it.fold()
    health = it.health(domain)
    assert (health.retest, [str(test.verdict) for test in health.recent]) == (0, ["ontime", "ontime"])


def _busy(*_: object) -> str:
    raise TryAgain("SES is busy")


def test_a_mailbox_that_never_answered_alerts_nobody(it: Stage) -> None:
    """It is being set up, however many tests it loses."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE, limits=Limits())
    domain = it.domain()
    for _ in range(9):
        it.wait(60)
        it.tick()
    assert (it.health(domain).state, it.health(domain).retest) == (State.SETUP, 0)
    assert it.alert() == []


def test_what_was_refused_before_the_set_up_alerts_nobody(it: Stage) -> None:
    """The first return begins a clean window; what is refused after that opens at once."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE, limits=Limits(), interval_minutes=60)
    domain = it.domain()
    for _ in range(3):
        it.refused(_next(it))
        it.fold()
    it.comes_back(_next(it))
    it.fold()
    assert (it.health(domain).state, it.health(domain).incident, it.health(domain).exceeded) == (State.OK, "", ())
    assert it.alert() == []
    it.refused(_next(it))
    it.fold()
    assert it.health(domain).incident


def test_a_refused_connection_is_followed_at_once(it: Stage) -> None:
    """It does not wait for the deadline: the next minute tests the domain again."""
    domain = _weighs(it)
    sent = _next(it)
    it.wait(10)
    _deferred(it, sent)
    it.fold()
    assert it.health(domain).retest
    it.wait(60)
    assert len(it.tick()) == 1


def _defers_in_a_fault_of_ours(it: Stage) -> None:
    """Let a server defer the next test while our own fault goes on, and a minute pass."""
    runtime.save_faults([Stretch(it.now, None, it.now)])
    sent = _next(it)
    it.wait(10)
    _deferred(it, sent)
    it.fold()
    it.wait(60)


def test_a_server_that_is_down_alerts_through_a_fault_of_ours(it: Stage) -> None:
    """What SMTP said needs no inbox of ours; tests that only did not come back are not judged."""
    domain = _weighs(it)
    _defers_in_a_fault_of_ours(it)
    (second,) = it.tick()
    _deferred(it, second)
    it.wait(301)
    it.fold()
    assert it.health(domain).incident


def _hoster(it: Stage, number: int) -> list[MailDomain]:
    """Judge by evidence some domains of one provider that are tested once an hour and have answered once."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE, limits=Limits(), interval_minutes=60)
    domains = [it.domain(f"customer{n}.example") for n in range(number)]
    for each in domains:
        fleet.observed(each.key, "hoster.example")
    for _ in range(61):
        it.wait(60)
        for sent in it.tick():
            it.comes_back(sent)
    it.fold()
    return domains


def test_a_provider_that_cannot_be_reached_is_asked_through_a_fault_of_ours(it: Stage) -> None:
    """What SMTP says of its other domains needs no inbox of ours either, so none waits for its own hour."""
    domains = _hoster(it, 4)
    _defers_in_a_fault_of_ours(it)
    assert {sent.to for sent in it.tick()} == {each.address for each in domains}


@pytest.mark.parametrize(("provider", "opens"), [("hoster.example", True), ("another.example", False)])
def test_where_a_provider_is_out_one_refused_connection_opens(it: Stage, provider: str, opens: bool) -> None:  # noqa: FBT001
    """An incident of its other domain says that no server could be reached; that of another provider says nothing."""
    here, there = _hoster(it, 2)
    _is_out(it, there, provider)
    sent = _next(it)
    while sent.to != here.address:
        sent = _next(it)
    it.wait(10)
    _deferred(it, sent)
    it.wait(291)
    it.fold()
    assert bool(it.health(here).incident) is opens


def _is_out(it: Stage, domain: MailDomain, provider: str, cause: Cause = Cause.DEFERRED) -> None:
    incident = Incident(id=domain.key, maildomain=domain.key, opened=it.now, provider=provider, cause=cause, due=it.now)
    assert incidents.begin(replace(incident, reason=Reason.UNREACHABLE), None)


def test_a_provider_is_out_while_an_incident_says_so(it: Stage) -> None:
    """What was lost says nothing of its servers, and what is over is over."""
    here, there = _hoster(it, 2)
    _is_out(it, there, "another.example")
    _is_out(it, here, "hoster.example", Cause.ACCEPTED_THEN_LOST)
    assert unreached() == {"another.example": {there.key}}
    incidents.end(incidents.by_ids([there.key])[there.key], it.now)
    assert unreached() == {}


def test_what_is_lost_in_a_fault_of_ours_is_judged_by_nobody(it: Stage) -> None:
    """Nor is it tested more often, and when the fault ends it is tested within ten minutes."""
    domain = _weighs(it)
    began = it.now
    runtime.save_faults([Stretch(began, None, began)])
    _next(it)
    for _ in range(6):
        it.wait(60)
        assert it.tick() == []
    assert not it.health(domain).incident
    runtime.save_faults([Stretch(began, it.now, it.now)])
    sent = []
    for _ in range(10):
        it.wait(60)
        for test in it.tick():
            it.comes_back(test)
            sent.append(test)
    assert len(sent) == 1
