"""Alarms that can be trusted: held while the fault is ours, one for one cause, each channel once, silent in maintenance."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from mxtrax.admin import test_alert
from mxtrax.aws import s3, ses
from mxtrax.errors import Refused
from mxtrax.jobs import receive, snapshot
from mxtrax.model import MONITOR, AlertMail, Customer, Incident, MailDomain, Scope, State, Window
from mxtrax.rules.selfcheck import ID
from mxtrax.rules.statistics import availability
from mxtrax.store import customers, fleet, incidents, mailtests, tables, windows
from tests.jobs.test_incidents import subject
from tests.stage import ALERTS, START, Sent, Stage

LOOP = "monitor.example.net"


def loses(it: Stage, *domains: MailDomain) -> None:
    """Let these domains lose the tests of a minute, and all others answer at once."""
    keys = {domain.key for domain in domains}
    for sent in it.tick():
        if sent.to.lower() not in keys:
            it.comes_back(sent)
    it.wait(301)
    it.fold()


def goes_down(it: Stage, *domains: MailDomain) -> None:
    """Let these domains lose the tests of two minutes: the first alone might be a hiccup, also of our own loop."""
    it.tick()
    it.wait(60)
    loses(it, *domains)


def answers(it: Stage, times: int = 3, **raw: bytes) -> None:
    """Let all domains answer for some minutes."""
    for _ in range(times):
        it.wait(60)
        for sent in it.tick():
            it.wait(1)
            it.comes_back(sent, **raw)
        it.fold()


def text(mail: Sent) -> str:
    """Read an alert's text, white space as single spaces."""
    return " ".join(mail.raw.decode().replace("=\r\n", "").split())


def the_incident(domain: MailDomain) -> Incident:
    """Read the latest incident of a domain."""
    return next(iter(incidents.of_domain(domain.key)))


# --- is it us? --------------------------------------------------------------------------------------------------------


def test_an_outage_of_our_inbox_alarms_no_customer(it: Stage) -> None:
    """Nothing comes back, not even our own loop: one alarm says that it is us, and no customer's alert is ever sent."""
    loop = it.domain(LOOP, control=True)
    theirs = [it.domain(f"customer{n}.example") for n in range(3)]
    answers(it, 1)
    it.wait(60)
    goes_down(it, loop, *theirs)
    (mail,) = it.alert()
    assert mail.to == ALERTS
    assert subject(mail).startswith("MXTRAX itself is in trouble, customer alerts held")
    assert "Tests to our own inbox do not come back." in text(mail)
    assert it.alert() == []
    assert all(the_incident(domain).notified is None for domain in theirs)
    answers(it)
    (over,) = it.alert()
    assert subject(over).startswith("MXTRAX well again")
    assert all(the_incident(domain).dropped for domain in theirs)
    assert it.alert() == []
    assert incidents.pending() == []


def test_a_fault_of_ours_that_flickers_is_told_once(it: Stage) -> None:
    """One mail opens it, one closes it. A return of the fault for a few minutes is ignored; a lasting one is notified."""
    loop = it.domain(LOOP, control=True)
    answers(it, 1)
    it.wait(60)
    goes_down(it, loop)
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX itself is in trouble")
    answers(it)
    (over,) = it.alert()
    assert subject(over).startswith("MXTRAX well again")
    it.wait(60)
    goes_down(it, loop)
    assert it.alert() == []
    known = incidents.get(ID)
    assert known is not None
    assert known.closed is None
    answers(it)
    assert it.alert() == []
    known = incidents.get(ID)
    assert known is not None
    assert (known.closed, known.due) == (known.dropped, None)
    it.wait(60)
    goes_down(it, loop)
    assert it.alert() == []
    it.wait(300)
    (again,) = it.alert()
    assert subject(again).startswith("MXTRAX itself is in trouble")


def test_who_still_fails_after_our_outage_is_told(it: Stage) -> None:
    """A held alarm goes out once a test that was sent after the outage is lost, too; the others are dropped."""
    loop, well, ill = it.domain(LOOP, control=True), it.domain("well.example"), it.domain("ill.example")
    goes_down(it, loop, well, ill)
    it.alert()
    for _ in range(3):
        it.wait(60)
        for sent in it.tick():
            if sent.to != ill.address:
                it.comes_back(sent)
        it.fold()
    (over,) = it.alert()
    assert subject(over).startswith("MXTRAX well again")
    it.wait(60)
    loses(it, ill)
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] Acme Ltd (ill.example): no server reports anything, since 10:")
    assert the_incident(well).dropped


def test_measuring_goes_on(it: Stage) -> None:
    """Tests lost in our own outage are counted as lost."""
    loop, theirs = it.domain(LOOP, control=True), it.domain("customer.example")
    loses(it, loop, theirs)
    it.alert()
    assert it.health(theirs).state is State.FAILING
    assert it.stat(theirs).total_num == 1


def test_unrelated_domains_that_fail_together_are_our_fault(it: Stage) -> None:
    """Without any control: if all domains heard from fail, it counts as ours."""
    theirs = [it.domain(f"customer{n}.example") for n in range(4)]
    answers(it, 1)
    it.wait(60)
    loses(it, *theirs)
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX")
    assert "4 domains of 4 unrelated providers began to fail together" in text(mail)


def test_a_new_fleet_that_is_not_set_up_is_no_fault_of_ours(it: Stage) -> None:
    """Domains that have never answered fail together on their first day, and each is alerted."""
    loses(it, *(it.domain(f"customer{n}.example") for n in range(4)))
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] Acme Ltd, 4 domains: ")


def test_sending_that_fails_is_told_though_no_domain_fails(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """No domain is blamed, and the monitor says that it cannot send."""
    it.domain()
    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", _refuse)
        it.tick()
    it.wait(1)
    it.fold()
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX")
    assert "The latest tests of 1 of 1 domains could not be sent." in text(mail)


def test_a_quiet_fleet_is_not_read(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While no notice is due, alert does not read the fleet."""
    it.domain()
    answers(it, 1)
    monkeypatch.setattr(fleet, "everyone", _must_not)
    monkeypatch.setattr(snapshot, "all_health", _must_not)
    assert it.alert() == []


# --- one cause, one alarm ---------------------------------------------------------------------------------------------


def test_domains_of_one_operator_are_told_as_one(it: Stage) -> None:
    """Two domains of one provider make one alarm; a third, unrelated, is another story in the same mail."""
    first, second, _ = (it.domain(f"customer{n}.example") for n in range(3))
    customers.add(Customer(codename="beta", friendlyname="Beta"))
    fleet.save(replace(fleet.by_key(second.key) or second, customer="beta"))
    for domain in (first, second):
        fleet.observed(domain.key, "hoster.example")
    for sent in it.tick():
        it.comes_back(sent)
    it.fold()
    assert it.health(first).provider == it.health(second).provider == "hoster.example"
    it.wait(60)
    loses(it, first, second)
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] 2 customers of hoster.example: ")
    assert "- mxtrax@customer0.example, Acme Ltd" in text(mail)
    assert "- mxtrax@customer1.example, Beta" in text(mail)


# --- storms -----------------------------------------------------------------------------------------------------------


def test_a_storm_of_unmatched_mail_is_capped_and_told_once(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only some mail an hour that belongs to no test is kept; the rest is deleted, and the monitor says so, once."""
    monkeypatch.setattr(receive, "MOST_UNMATCHED", 2)
    outcomes = [receive.run(it.arrive(b"Subject: Win!\r\n\r\nMoney\r\n"), it.now, it.settings) for _ in range(4)]
    assert outcomes == ["MailUnmatched"] * 2 + ["MailUnmatchedCapped"] * 2
    assert (len(it.inbox("unmatched/")), it.inbox()) == (2, [])
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX")
    assert "more mail returns than sent" in text(mail)
    assert it.alert() == []
    it.wait(3_600)
    assert receive.run(it.arrive(b"Subject: Win!\r\n\r\nMoney\r\n"), it.now, it.settings) == "MailUnmatched"
    (over,) = it.alert()
    assert subject(over).startswith("MXTRAX well again")
    assert it.alert() == []


def test_a_mail_that_cannot_be_moved_is_no_storm(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a mail cannot be moved, it is one mail: the next ones are kept, and nobody is notified."""
    monkeypatch.setattr(receive, "MOST_UNMATCHED", 2)
    stuck = it.arrive(b"Subject: Win!\r\n\r\nMoney\r\n")
    with monkeypatch.context() as patch:
        patch.setattr(s3, "move_mail", _refuse)
        for _ in range(5):
            with pytest.raises(Refused):
                receive.run(stuck, it.now, it.settings)
    assert receive.run(stuck, it.now, it.settings) == "MailUnmatched"
    assert it.alert() == []


def test_a_storm_of_copies_is_capped_and_told(it: Stage) -> None:
    """More than 20 copies of a domain's tests in an hour are reported, with its name; a mail loop holds back no alarm."""
    domain = it.domain()
    (sent,) = it.tick()
    for _ in range(mailtests.MAX_SEEN + 2):
        assert it.comes_back(sent) == "MailReturned"
    assert len(it.test(sent).seen) == mailtests.MAX_SEEN
    (mail,) = it.alert()
    assert subject(mail).startswith("MXTRAX")
    assert f"More copies of the tests of {domain.address} come back within an hour" in text(mail)
    assert "are held" not in text(mail)


def test_a_copy_an_hour_is_no_storm(it: Stage) -> None:
    """Copies are counted by the hour: a test that has had its twenty makes no storm of each that follows."""
    it.domain(interval_minutes=60, max_sec_until_fail=200_000)
    it.now -= it.now % (3_600 * 1_000)
    sent = _next_sent(it)
    for _ in range(mailtests.MAX_SEEN - 1):
        it.wait(600)
        assert it.comes_back(sent) == "MailReturned"
    assert it.alert() == []


def _next_sent(it: Stage) -> Sent:
    while not (sent := it.tick()):
        it.wait(60)
    return sent[0]


def test_copies_of_what_is_counted_for_good_are_dropped(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old test id is not enough for a storm, and no record grows; only very many copies are one."""
    monkeypatch.setattr(receive, "MOST_UNMATCHED", 60)
    it.domain()
    (sent,) = it.tick()
    it.comes_back(sent)
    it.fold()
    before = it.test(sent)
    outcomes = {it.comes_back(sent) for _ in range(59)}
    assert (outcomes, it.test(sent), it.inbox()) == ({"CopyDropped"}, before, [])
    assert it.alert() == []
    it.comes_back(sent)
    assert subject(it.alert()[0]).startswith("MXTRAX: more mail returns than sent")


def test_a_storm_never_leads_the_subject_of_a_customers_alarm(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes last in such a mail; a fault of ours comes first, because it explains the rest."""
    monkeypatch.setattr(receive, "MOST_UNMATCHED", 0)
    domain = it.domain()
    loses(it, domain)
    receive.run(it.arrive(b"Subject: Win!\r\n\r\nMoney\r\n"), it.now, it.settings)
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] Acme Ltd (customer.example): ")
    assert "More mail comes in within an hour that no test answers to than is kept" in text(mail)


# --- each channel once ------------------------------------------------------------------------------------------------


def _subscribe(it: Stage) -> str:
    boto3.client("sqs").create_queue(QueueName="listener")
    arn = "arn:aws:sqs:eu-west-1:123456789012:listener"
    boto3.client("sns").subscribe(TopicArn=it.settings.alert_topic, Protocol="sqs", Endpoint=arn)
    return str(boto3.client("sqs").get_queue_url(QueueName="listener")["QueueUrl"])


def test_only_the_channel_that_failed_is_tried_again(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address of three cannot be reached: it alone gets the mail later, and the message goes out once."""
    queue = _subscribe(it)
    it.configure(alertuser=("a@example.org", "b@example.org", "c@example.org"))
    domain = it.domain()
    loses(it, domain)
    send = ses.send_mail

    def fussy(raw: bytes, sender: str, to: str, *more: Any) -> str:
        return _refuse() if to.startswith("b@") else send(raw, sender, to, *more)

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", fussy)
        assert [mail.to for mail in it.alert()] == ["a@example.org", "c@example.org"]
        assert the_incident(domain).due == it.now
        assert it.alert() == []
    (mail,) = it.alert()
    assert (mail.to, subject(mail)[:6]) == ("b@example.org", "[DOWN]")
    assert it.alert() == []
    assert len(it.take(queue)) == 1
    assert the_incident(domain).notified_channels == frozenset()


def test_a_customers_own_people_hear_of_its_domains_alone(it: Stage) -> None:
    """They get a mail of their own, without a word of others."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("it@acme.example",)))
    customers.add(Customer(codename="beta", friendlyname="Beta", alertuser=("it@beta.example",)))
    acme, beta = it.domain("acme.example"), it.domain("beta.example")
    fleet.save(replace(fleet.by_key(beta.key) or beta, customer="beta"))
    it.configure(alert_mail=AlertMail.FULL)
    loses(it, acme)
    mails = {mail.to: mail for mail in it.alert()}
    assert mails.keys() == {ALERTS, "it@acme.example"}
    assert "beta" not in text(mails["it@acme.example"]).lower()
    assert "mxtrax@beta.example" in text(mails[ALERTS])


def test_an_alert_address_that_is_tested_itself_is_warned_of(it: Stage) -> None:
    """When that domain fails, so may its alerts."""
    it.configure(alertuser=("ops@customer.example",))
    loses(it, it.domain())
    (mail,) = it.alert()
    assert "Warning: mail to ops@customer.example goes through a domain that is tested here" in text(mail)


def test_the_message_of_our_own_trouble(it: Stage) -> None:
    """Machines can match its beginning and its end, too."""
    queue = _subscribe(it)
    loop = it.domain(LOOP, control=True)
    goes_down(it, loop)
    it.alert()
    answers(it)
    it.alert()
    opened, closed = (json.loads(body["Message"]) for body in it.take(queue))
    assert opened["maildomain"] == MONITOR
    assert opened["incident"] == closed["incident"] == f"{ID}-{START + 361_000}"
    assert (opened["cause"], opened["notice"], closed["notice"]) == ("monitor_fault", "opened", "closed")


def test_the_end_of_a_domain_is_the_end_of_its_incident(it: Stage) -> None:
    """There are no endless reminders of a domain that is no longer tested."""
    domain = it.domain()
    loses(it, domain)
    it.alert()
    tables.MailDomainRow(domain.key).delete()
    it.wait(3_600)
    (mail,) = it.alert()
    assert subject(mail).startswith("[OK] Acme Ltd (customer.example): no longer tested")
    assert "This domain is no longer tested." in text(mail)
    it.wait(3_600)
    assert it.alert() == []


def test_a_test_alert_goes_through_every_channel(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure and a recovery reach each address and the topic, and nothing is written down of it."""
    queue = _subscribe(it)
    it.configure(alertuser=(ALERTS, "boss@example.org"))
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("it@acme.example", ALERTS)))
    taken = test_alert.send(it.now, it.settings)
    everyone = [ALERTS, "boss@example.org", "it@acme.example", "topic"]
    assert [(each.channel, each.notice, each.problem) for each in taken] == [
        (channel, notice, "") for notice in ("opened", "closed") for channel in everyone
    ]
    assert {subject(mail)[:11] for mail in it.outbox} == {"TEST [DOWN]", "TEST [OK] m"}
    assert [json.loads(body["Message"])["notice"] for body in it.take(queue)] == ["opened", "closed"]
    assert incidents.pending() == []
    monkeypatch.setattr(ses, "send_mail", _refuse)
    assert [each.problem for each in test_alert.send(it.now, it.settings)].count("no") == 6


# --- maintenance ------------------------------------------------------------------------------------------------------


def _window(**more: Any) -> Window:
    return Window(**{"id": "w", "scope": Scope.ALL, "start": "2026-11-22T09:00", "end": "2026-11-22T10:30", **more})


def test_in_a_window_nothing_is_told_and_the_figures_are_kept_apart(it: Stage) -> None:
    """Testing goes on; what is lost is counted in the quiet figures, and fails nobody."""
    windows.save(_window())
    domain = it.domain()
    loses(it, domain)
    assert it.alert() == []
    stat = it.stat(domain)
    assert (stat.total_num, stat.quiet_total_num) == (0, 1)
    assert it.health(domain).state is State.SETUP
    assert [test.quiet for test in it.health(domain).recent] == [True]
    it.wait(86_400)
    it.fold()
    stat = it.stat(domain, START)
    assert (stat.fail_num, stat.quiet_fail_num) == (0, 1)
    assert availability([stat]) is None


def test_still_failing_after_the_window_is_told(it: Stage) -> None:
    """The first test that is lost after it opens an incident as any other."""
    windows.save(_window())
    domain = it.domain()
    loses(it, domain)
    it.wait(1_800)
    loses(it, domain)
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] Acme Ltd (customer.example): ")
    assert "Still failing after maintenance" in text(mail)


def test_a_window_of_another_is_no_excuse(it: Stage) -> None:
    """It is for whom it names."""
    windows.save(_window(scope=Scope.DOMAIN, target="mxtrax@other.example"))
    loses(it, it.domain())
    assert len(it.alert()) == 1


def test_what_was_failing_before_a_window_is_not_reminded_of_in_it(it: Stage) -> None:
    """The reminder comes when the window is over."""
    domain = it.domain()
    loses(it, domain)
    it.alert()
    windows.save(_window(start="2026-11-22T10:30", end="2026-11-22T12:00"))
    it.wait(3_600)
    assert it.alert() == []
    it.wait(3_600)
    (mail,) = it.alert()
    assert subject(mail).startswith("Re: [DOWN] ")


def _refuse(*_: object) -> str:
    raise Refused("mail", "no")


def _must_not(*_: object) -> Any:
    raise AssertionError
