"""What fails again within the hour of its end is the same incident to people and to services."""

import json
from dataclasses import replace

import boto3
import pytest

from mxtrax.admin import incidents as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.model import AlarmWhen, Customer, Door, Incident, Limits, MailDomain
from mxtrax.store import customers, fleet, incidents
from tests.jobs.test_incidents import subject
from tests.stage import Sent, Stage

ANNA = Actor(name="anna", door=Door.API)
QUARTER = 15


@pytest.fixture
def domain(it: Stage) -> MailDomain:
    """Test a domain every quarter of an hour, which has answered once."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE, limits=Limits(), interval_minutes=QUARTER)
    domain = it.domain()
    it.comes_back(_next(it))
    it.fold()
    return domain


def _next(it: Stage) -> Sent:
    for _ in range(QUARTER + 1):
        it.wait(60)
        if sent := it.tick():
            return sent[0]
    raise AssertionError("no test went out")


def _comes_back(it: Stage) -> None:
    """Let the next test come back after a second."""
    sent = _next(it)
    it.wait(1)
    it.comes_back(sent)
    it.fold()


def _refuses(it: Stage, domain: MailDomain) -> list[Sent]:
    """Let the server refuse the next test, and give the alert mails about it."""
    it.refused(_next(it))
    it.fold()
    assert it.health(domain).incident
    return it.alert()


def _is_well(it: Stage, domain: MailDomain) -> list[Sent]:
    """Let tests come back until it is over, and give the alert mails about it."""
    _recovers(it, domain)
    return it.alert()


def _recovers(it: Stage, domain: MailDomain) -> None:
    while it.health(domain).incident:
        _comes_back(it)


def _both(domain: MailDomain) -> tuple[Incident, Incident]:
    """Give its two incidents, the earlier one first."""
    later, earlier = incidents.of_domain(domain.key)
    return earlier, later


def _field(mail: Sent, name: str) -> str:
    head = mail.raw.decode().split("\r\n\r\n", 1)[0].replace("\r\n ", " ")
    return next(line for line in head.split("\r\n") if line.startswith(f"{name}: "))


def test_a_relapse_goes_on_in_the_same_conversation(it: Stage, domain: MailDomain) -> None:
    """People read that it fails again, and since when; machines find it under the key that they know."""
    boto3.client("sqs").create_queue(QueueName="listener")
    arn = "arn:aws:sqs:eu-west-1:123456789012:listener"
    boto3.client("sns").subscribe(TopicArn=it.settings.alert_topic, Protocol="sqs", Endpoint=arn)
    (first,) = _refuses(it, domain)
    _is_well(it, domain)
    (again,) = _refuses(it, domain)
    earlier, later = _both(domain)
    assert (later.again_of, later.first_opened, later.thread) == (earlier.id, earlier.opened, earlier.id)
    assert subject(again) == "[DOWN] Again Acme Ltd (customer.example): mail is refused, no such mailbox"
    assert _field(again, "References") == _field(first, "References")
    text = again.raw.decode().replace("=\r\n", "")
    assert "is failing again" in text
    assert "It failed first at " in text
    queue = boto3.client("sqs").get_queue_url(QueueName="listener")["QueueUrl"]
    messages = [json.loads(body["Message"]) for body in it.take(queue)]
    assert [message["notice"] for message in messages] == ["opened", "closed", "opened"]
    assert {message["incident"] for message in messages} == {earlier.id}
    assert [message.get("record") for message in messages] == [None, None, later.id]


def test_the_third_time_is_still_the_first(it: Stage, domain: MailDomain) -> None:
    """However often it falls back, its key is that of the beginning."""
    for _ in range(3):
        _refuses(it, domain)
        _is_well(it, domain)
    latest, middle, first = incidents.of_domain(domain.key)
    assert {latest.thread, middle.thread, first.thread} == {first.id}
    assert latest.began == first.opened


def test_what_fails_hours_later_is_news(it: Stage, domain: MailDomain) -> None:
    """More than an hour after the end, it is an incident of its own."""
    _refuses(it, domain)
    _is_well(it, domain)
    for _ in range(5):
        _comes_back(it)
    _refuses(it, domain)
    assert _both(domain)[1].again_of == ""


def test_what_was_accepted_as_it_is_has_no_relapse(it: Stage, domain: MailDomain) -> None:
    """People have made a fresh start with it."""
    _refuses(it, domain)
    use_cases.accept(ANNA, it.now, it.health(domain).incident)
    it.alert()
    _refuses(it, domain)
    assert _both(domain)[1].again_of == ""


def test_who_comes_anew_was_told_of_nothing(it: Stage, domain: MailDomain) -> None:
    """The people of another customer have no conversation to go on with."""
    _refuses(it, domain)
    _is_well(it, domain)
    customers.add(Customer(codename="beta", friendlyname="Beta"))
    known = fleet.by_key(domain.key)
    assert known is not None
    fleet.save(replace(known, customer="beta"))
    _refuses(it, domain)
    assert _both(domain)[1].again_of == ""


def test_what_nobody_was_told_of_cannot_come_again(it: Stage, domain: MailDomain) -> None:
    """An incident that was over before anybody was notified began no thread."""
    it.refused(_next(it))
    it.fold()
    _recovers(it, domain)
    _refuses(it, domain)
    assert _both(domain)[1].again_of == ""
