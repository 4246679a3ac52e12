"""From a failing domain to an alert and back: opened, notified, reminded, closed."""

import json
from dataclasses import asdict, replace

import boto3
import pytest

from mxtrax.aws import clients, ses, sns
from mxtrax.errors import Refused, TryAgain
from mxtrax.model import SECOND, Cause, Incident, Kind, MailDomain, State
from mxtrax.model.orders import Wake
from mxtrax.rules import notices
from mxtrax.rules.explanation import explain
from mxtrax.rules.statistics import total
from mxtrax.store import fleet, incidents, mailtests
from tests.stage import ALERTS, Sent, Stage


def subject(sent: Sent) -> str:
    """Read the subject of an alert."""
    head = sent.raw.decode().split("\r\n\r\n", 1)[0].replace("\r\n ", " ")
    return next(line for line in head.split("\r\n") if line.startswith("Subject: ")).removeprefix("Subject: ")


def test_opened_and_told_once(it: Stage) -> None:
    """A domain that begins to fail is alerted once: one mail, and one message with the incident's id."""
    domain, _ = it.loses()
    (mail,) = it.alert()
    assert mail.to == ALERTS
    assert subject(mail).startswith("[DOWN] ")
    assert it.alert() == []
    (incident,) = incidents.of_domain(domain.key)
    assert (incident.maildomain, incident.notified, incident.closed) == (domain.key, it.now, None)
    assert it.health(domain).incident == incident.id


def test_recovered(it: Stage) -> None:
    """Three on-time tests in a row end it: the window counts are clean, and the recovery is notified once."""
    domain, _ = it.loses()
    it.alert()
    it.recovers()
    assert it.health(domain).state is State.OK
    assert it.health(domain).window_counts == {}
    (mail,) = it.alert()
    assert subject(mail).startswith("[OK] ")
    assert it.alert() == []
    (incident,) = incidents.of_domain(domain.key)
    assert incident.closed is not None
    assert incident.due is None


def test_reminded(it: Stage) -> None:
    """While it goes on, a reminder comes every remind_minutes, and not before."""
    it.loses()
    it.alert()
    it.wait(59 * 60)
    assert it.alert() == []
    it.wait(60)
    (mail,) = it.alert()
    assert subject(mail).startswith("Re: [DOWN] ")


def test_every_run(it: Stage) -> None:
    """With remind_minutes = 0 there is a mail with every run, as the original had it."""
    it.configure(remind_minutes=0)
    it.loses()
    assert [len(it.alert()) for _ in range(3)] == [1, 1, 1]


def test_maintenance_is_quiet(it: Stage) -> None:
    """Nobody is notified about a domain in maintenance, and tests under way are still counted."""
    domain = it.domain()
    (sent,) = it.tick()
    it.delivered(sent)
    fleet.save(MailDomain(**{**{f: getattr(domain, f) for f in MailDomain.__slots__}, "maintmode": True}))
    it.wait(301)
    it.fold()
    assert it.alert() == []
    assert it.stat(domain).total_num == 1
    assert it.health(domain).state is State.SETUP


def test_what_was_under_way_in_a_pause_is_judged_by_nobody(it: Stage) -> None:
    """A test that was overdue in a pause and becomes late afterwards removes no other test's miss from window_counts."""
    domain = it.domain(maxfailnumber=9, maxfailpercentage=100.0)
    (missed,) = it.tick()
    it.delivered(missed)
    it.wait(60)
    (late,) = it.tick()
    it.wait(241)
    it.fold()
    assert total(it.health(domain).window_counts).missed == 1
    paused = replace(domain, maintmode=True)
    fleet.save(paused)
    it.wait(61)
    it.fold()
    fleet.save(replace(paused, maintmode=False, version=1))
    it.comes_back(late)
    it.fold()
    assert (total(it.health(domain).window_counts).missed, total(it.health(domain).window_counts).late) == (1, 0)
    assert (it.stat(domain).late_num, it.stat(domain).total_num) == (1, 2)


def test_what_is_known_stays_true_in_a_pause(it: Stage) -> None:
    """A miss from before a pause that comes back late during it is no miss afterwards; the pause itself judges nothing."""
    domain = it.domain(maxfailnumber=9, maxfailpercentage=100.0)
    (sent,) = it.tick()
    it.delivered(sent)
    it.wait(301)
    it.fold()
    fleet.save(replace(domain, maintmode=True))
    it.comes_back(sent)
    it.fold()
    assert (total(it.health(domain).window_counts).missed, total(it.health(domain).window_counts).late) == (0, 1)
    assert it.health(domain).state is State.OK


def test_nobody_could_be_told(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alert that no channel accepted is not marked as notified, and goes out with the next run."""
    it.loses()
    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", _refuse)
        patch.setattr(sns, "publish", _unreachable)
        with pytest.raises(TryAgain):
            it.alert()
    assert len(it.alert()) == 1


def test_message(it: Stage) -> None:
    """The message for machines is JSON with a stable incident id and attributes to filter by."""
    boto3.client("sqs").create_queue(QueueName="listener")
    arn = "arn:aws:sqs:eu-west-1:123456789012:listener"
    boto3.client("sns").subscribe(TopicArn=it.settings.alert_topic, Protocol="sqs", Endpoint=arn)
    domain, _ = it.loses()
    it.alert()
    it.recovers()
    it.alert()
    queue = boto3.client("sqs").get_queue_url(QueueName="listener")["QueueUrl"]
    opened, closed = (json.loads(body["Message"]) for body in it.take(queue))
    assert opened["maildomain"] == closed["maildomain"] == domain.key
    assert opened["incident"] == closed["incident"]
    assert (opened["notice"], closed["notice"]) == ("opened", "closed")
    assert opened["cause"] == "accepted_then_lost"


def _refuse(*_: object) -> str:
    raise Refused("mail", "no")


def _unreachable(*_: object) -> None:
    raise clients.UNREACHABLE[1]


# --- what an open incident learns -------------------------------------------------------------------------------------


def the_incident(domain: MailDomain) -> Incident:
    """Read the incident of a domain that has one."""
    (incident,) = incidents.of_domain(domain.key)
    return incident


def test_a_late_return_rewrites_the_incident(it: Stage) -> None:
    """What was lost when the alarm went out is "42 min late" once it has come back."""
    domain, sent = it.loses()
    it.alert()
    assert the_incident(domain).cause is Cause.ACCEPTED_THEN_LOST
    it.wait(300 + 42 * 60 - 301)
    it.comes_back(sent)
    it.fold()
    incident = the_incident(domain)
    assert (incident.cause, incident.testid) == (Cause.SLOW_INSIDE, sent.testid)
    assert "42 min late" in incident.evidence
    assert incident.closed is None


def test_evidence_follows_the_newest_bad_test(it: Stage) -> None:
    """While an incident is open, its cause is that of the newest bad test, whatever becomes of older ones."""
    domain = it.domain(interval_minutes=60)
    it.now -= it.now % (3_600 * 1_000)
    while not (sent := it.tick()):
        it.wait(60)
    (first,) = sent
    it.delivered(first)
    it.wait(301)
    it.fold()
    assert the_incident(domain).cause is Cause.ACCEPTED_THEN_LOST
    (second,) = it.tick()
    it.refused(second)
    it.fold()
    incident = the_incident(domain)
    assert (incident.cause, incident.testid) == (Cause.REFUSED, second.testid)
    assert "550 5.1.1" in incident.evidence
    it.wait(86_400 - 200)
    it.fold()
    assert the_incident(domain).testid == second.testid


def test_a_return_after_the_recovery_rewrites_what_was(it: Stage) -> None:
    """A mail that turns up when its domain has recovered completes the incident, and opens no other."""
    domain, sent = it.loses()
    it.recovers()
    assert the_incident(domain).closed is not None
    it.wait(600)
    it.comes_back(sent)
    it.fold()
    incident = the_incident(domain)
    assert "late" in incident.evidence
    assert it.health(domain).state is State.OK


# --- both edges -------------------------------------------------------------------------------------------------------


def test_open_after(it: Stage) -> None:
    """With open_after = 2, a single miss is not alerted, a second one in a row is."""
    it.configure(open_after=2)
    domain = it.domain()
    (first,) = it.tick()
    it.delivered(first)
    it.wait(301)
    it.fold()
    assert it.alert() == []
    assert it.health(domain).state is State.SETUP or it.health(domain).incident == ""
    (second,) = it.tick()
    it.delivered(second)
    it.wait(301)
    it.fold()
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] ")


def test_a_greylisting_header_leaves_evidence(it: Stage) -> None:
    """What a gateway wrote into the returned mail is the cause, though SES saw no delay."""
    domain = it.domain()
    (sent,) = it.tick()
    it.wait(700)
    it.comes_back(sent, b"X-Greylist: delayed 690 seconds by postgrey-1.36 at mx.customer.example\r\n" + sent.raw)
    it.fold()
    incident = the_incident(domain)
    assert incident.cause is Cause.DEFERRED
    assert "greylisted on the way" in incident.evidence


# --- another cause than was told --------------------------------------------------------------------------------------


def _notices(it: Stage, queue: str) -> list[tuple[str, str]]:
    """Give the kind and cause of each message since the last look."""
    messages = [json.loads(body["Message"]) for body in it.take(queue)]
    return [(message["notice"], message["cause"]) for message in messages]


def test_a_cause_that_changes_what_to_do_is_told(it: Stage) -> None:
    """The lost mail comes back late: people who look for a rule that drops it should look at a queue instead."""
    boto3.client("sqs").create_queue(QueueName="listener")
    arn = "arn:aws:sqs:eu-west-1:123456789012:listener"
    boto3.client("sns").subscribe(TopicArn=it.settings.alert_topic, Protocol="sqs", Endpoint=arn)
    queue = boto3.client("sqs").get_queue_url(QueueName="listener")["QueueUrl"]
    domain, sent = it.loses()
    it.alert()
    assert _notices(it, queue) == [("opened", "accepted_then_lost")]
    it.wait(1_500)
    it.comes_back(sent)
    it.take(it.settings.alert_queue)
    it.fold()
    assert it.take(it.settings.alert_queue) == [asdict(Wake())]
    assert it.alert() == []
    assert _notices(it, queue) == [("changed", "slow_inside")]
    it.wait(2_100)
    assert len(it.alert()) == 1
    assert it.alert() == []
    known = the_incident(domain)
    assert (known.told_cause, known.corrected, known.notified_channels) == (Cause.SLOW_INSIDE, None, frozenset())
    assert known.due is not None
    assert known.due > it.now


def test_what_we_looked_at_late_takes_no_cause_away(it: Stage) -> None:
    """An incident's test was on time, but stayed in our inbox until the incident was over: the cause stays."""
    domain, sent = it.loses()
    it.recovers()
    assert the_incident(domain).closed is not None
    assert mailtests.returned(sent.testid, it.test(sent).sendtime + SECOND, Kind.MESSAGE, "late", None)
    it.fold()
    assert the_incident(domain).cause is Cause.ACCEPTED_THEN_LOST
    assert "It came back" in the_incident(domain).evidence


def test_no_cause_is_corrected_while_the_fault_is_ours(it: Stage) -> None:
    """Our own outage's effect on a test is not news about the customer; nor is anything that it may have affected."""
    domain, ours = it.domain(), it.domain("monitor.example.net", control=True)
    sent, loop = sorted(it.tick(), key=lambda each: each.to == ours.address)
    it.comes_back(loop)
    it.delivered(sent)
    it.wait(301)
    it.fold()
    assert len(it.alert()) == 1
    it.wait(700)
    for each in it.tick():
        if each.to == ours.address:
            it.refused(each)
    it.fold()
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX itself is in trouble")
    it.comes_back(sent)
    it.fold()
    assert the_incident(domain).cause is Cause.SLOW_INSIDE
    assert it.alert() == []


def test_another_cause_with_the_same_steps_is_no_news(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be done is what is being done."""
    monkeypatch.setattr(notices, "explain", lambda *_: explain(Cause.DEFERRED))
    it.loses()
    it.alert()
    (sent,) = it.tick()
    it.refused(sent)
    it.fold()
    assert it.alert() == []


def test_a_correction_right_after_the_alarm_waits_for_more(it: Stage) -> None:
    """Within a quarter of an hour of the last notice of its cause there is no further mail."""
    it.loses()
    it.alert()
    it.wait(30)
    (sent,) = it.tick()
    it.refused(sent)
    it.fold()
    assert it.alert() == []
    it.wait(14 * 60)
    assert it.alert() == []
    it.wait(30)
    assert len(it.alert()) == 1
    assert it.alert() == []


def test_a_late_mail_that_says_what_most_say_corrects_the_cause(it: Stage) -> None:
    """It need not be the one in the incident's notice."""
    domain = it.domain()
    sent = []
    for _ in range(2):
        sent += it.tick()
        it.delivered(sent[-1])
        it.wait(60)
    it.wait(301)
    it.fold()
    assert the_incident(domain).testid == sent[1].testid
    it.comes_back(sent[0])
    it.fold()
    incident = the_incident(domain)
    assert (incident.cause, incident.testid) == (Cause.SLOW_INSIDE, sent[0].testid)
    assert "late" in incident.evidence
