"""Channels that people have added, with the real alert job and the services' doubles over TLS."""

import json
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from infra.local.doubles.server import Doubles
from infra.local.doubles.services import Said, amazon_q, helpdesk
from mxtrax.admin import channel_test
from mxtrax.admin import channels as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.aws import clients, secrets
from mxtrax.model import MINUTE, Cause, ChannelConfig, ChannelKind, Door, Incident, Severity
from mxtrax.store import channels, incidents, mapping, runtime
from tests.jobs.test_returned_alerts import comes_back, is_woken
from tests.notify.told import BY_HTTPS, TOLD
from tests.stage import Stage, calls, opened, stage

ANNA = Actor(name="anna", door=Door.API)
SLACK, PAGERDUTY, RECEIVER = "hooks.slack.com", "events.pagerduty.com", "hooks.example.com"


@pytest.fixture
def it(services: Doubles) -> Iterator[Stage]:
    """Set the stage, from which calls lead to the doubles."""
    with stage() as made:
        calls(made, services)
        yield made


def add(it: Stage, kind: ChannelKind, **more: Any) -> ChannelConfig:
    """Add a channel."""
    return use_cases.add(ANNA, it.now, it.settings, kind, {"settings": TOLD[kind], **more})


def test_every_service_takes_an_opening_and_its_end(it: Stage, services: Doubles) -> None:
    """Each by its own rules, with secrets read from the secret store."""
    for kind in BY_HTTPS:
        add(it, kind)
    incident = opened(it, it.domain())
    it.alert()
    known = incidents.get(incident.id)
    assert known is not None
    incidents.end(known, it.now)
    it.wait(60)
    it.alert()
    hosts = {call.asked.host for call in services.calls}
    assert len(hosts) == len(BY_HTTPS)
    assert [(len(services.took(host, "opened")), len(services.took(host, "resolved"))) for host in sorted(hosts)] == [
        (1, 1)
    ] * len(hosts)


def test_a_service_that_missed_the_end_is_not_told_of_it_after_the_relapse(it: Stage, services: Doubles) -> None:
    """The end would resolve a domain that fails again: only the relapse is notified, under the earlier key."""
    add(it, ChannelKind.PAGERDUTY)
    domain = it.domain()
    first = opened(it, domain)
    it.alert()
    services.instead[PAGERDUTY] = Said(500, "oops")
    assert incidents.end(incidents.get(first.id) or first, it.now)
    it.alert()
    opened(it, domain, "1-2", again_of=first.id, first_opened=first.opened)
    services.instead.clear()
    it.wait(15 * 60)
    it.alert()
    assert [json.loads(call.asked.body)["dedup_key"] for call in services.took(PAGERDUTY, "opened")] == [
        "mxtrax-1-1"
    ] * 2
    assert services.took(PAGERDUTY, "resolved") == []
    assert {it.id for it in incidents.pending() if it.closed is not None} == set()


def test_a_channel_is_told_of_what_it_is_for(it: Stage, services: Doubles) -> None:
    """By customer, by severity, by the tags of the domain; one that is switched off gets nothing."""
    plain, vip = it.domain(), it.domain("vip.example", tags=frozenset({"vip"}))
    add(it, ChannelKind.SLACK, customer="acme", severities=frozenset({Severity.SLOW}))
    add(it, ChannelKind.PAGERDUTY, tags=frozenset({"vip"}))
    add(it, ChannelKind.DISCORD, enabled=False)
    opened(it, plain, "1-1")
    opened(it, plain, "1-2", cause=Cause.SLOW_INSIDE)
    opened(it, vip, "1-3")
    it.alert()
    assert [json.loads(call.asked.body)["dedup_key"] for call in services.calls if call.asked.host == PAGERDUTY] == [
        "mxtrax-1-3"
    ]
    (slack,) = services.took(SLACK)
    assert b"slow after they accepted it" in slack.asked.body
    assert {call.asked.host for call in services.calls} == {SLACK, PAGERDUTY}


def test_a_service_that_is_down_is_left_alone_for_a_while_and_told_once(it: Stage, services: Doubles) -> None:
    """Others are notified at once; it gets the notice when it works again, and nobody gets it twice."""
    add(it, ChannelKind.SLACK)
    pager = add(it, ChannelKind.PAGERDUTY)
    services.instead[PAGERDUTY] = Said(500, "oops")
    opened(it, it.domain())
    (mail,) = it.alert()
    assert mail.to == "ops@example.org"
    assert len(services.took(SLACK)) == 1
    for _ in range(9):
        it.wait(60)
        it.alert()
    asked = [call for call in services.calls if call.asked.host == PAGERDUTY]
    assert len(asked) == 4  # at once, and after 1, 2 and 4 minutes
    assert "500 oops" in channels.state_of(pager.id).problem
    services.instead.clear()
    it.wait(15 * 60)
    it.alert()
    assert len(services.took(PAGERDUTY, "opened")) == 1
    assert len(services.took(SLACK)) == 1
    assert channels.state_of(pager.id).problem == ""


def test_a_webhook_can_tell_a_try_from_other_news(it: Stage, services: Doubles) -> None:
    """It first answers 500 to each notice, after reading it: a retry has the same id as before, a new notice another one."""
    it.configure(remind_minutes=60)
    add(it, ChannelKind.WEBHOOK)
    incident = opened(it, it.domain())

    def goes_out() -> set[str]:
        before, services.clock = len(services.calls), it.now / 1_000
        services.instead[RECEIVER] = Said(500, "oops")
        it.alert()
        services.instead.clear()
        it.wait(120)
        services.clock = it.now / 1_000
        it.alert()
        tried = services.calls[before:]
        assert [call.said.status for call in tried] == [500, 200]
        return {call.asked.headers["webhook-id"] for call in tried}

    ids = [goes_out()]
    for cause in (Cause.FORWARD_BLOCKED, Cause.REFUSED):
        it.wait(30 * 60)
        known = incidents.get(incident.id)
        assert known is not None
        mapping.incident_row(replace(known, cause=cause, reason=None, due=it.now)).save()
        ids.append(goes_out())
    for _ in range(2):
        it.wait(4 * 3_600)
        ids.append(goes_out())
    known = incidents.get(incident.id)
    assert known is not None
    assert incidents.end(known, it.now)
    ids.append(goes_out())
    kinds = [json.loads(call.asked.body)["type"] for call in services.calls if call.said.status == 200]
    assert kinds == [f"incident.{it}" for it in ("opened", "changed", "changed", "reminder", "reminder", "closed")]
    assert [len(each) for each in ids] == [1] * 6
    assert len(set.union(*ids)) == 6


def test_a_service_that_asks_for_time_is_given_it(it: Stage, services: Doubles) -> None:
    """Retry-After is obeyed, up to a quarter of an hour."""
    pager = add(it, ChannelKind.PAGERDUTY)
    services.instead[PAGERDUTY] = Said(429, "slow down", headers=(("Retry-After", "300"),))
    opened(it, it.domain())
    it.alert()
    assert channels.state_of(pager.id).not_before == it.now + 5 * MINUTE


def test_a_revoked_key_is_told_by_the_other_channels(it: Stage, services: Doubles) -> None:
    """As an incident of the monitor itself, with what the service says; a new key ends it."""
    add(it, ChannelKind.SLACK)
    pager = add(it, ChannelKind.PAGERDUTY, name="Night")
    services.instead[PAGERDUTY] = Said(400, '{"errors":["Invalid routing key"]}')
    opened(it, it.domain())
    it.alert()
    it.wait(60)
    it.alert()
    said = services.took(SLACK)[-1].asked.body.decode()
    assert "MXTRAX: a channel does not deliver" in said
    assert "The channel Night (PagerDuty) does not deliver" in said
    assert "R" * 32 not in said
    services.instead.clear()
    use_cases.change(ANNA, it.now, it.settings, pager.id, {"settings": {"routing_key": "S" * 32}})
    it.wait(15 * 60)
    it.alert()
    assert len(services.took(PAGERDUTY, "opened")) == 1
    ended = incidents.get(f"channel-{pager.id}")
    assert ended is not None
    assert ended.closed == it.now


def test_what_is_secret_is_kept_apart_and_goes_with_its_channel(it: Stage) -> None:
    """Neither the record nor the audit has it; without it a channel says what it lacks."""
    added = add(it, ChannelKind.PAGERDUTY)
    assert "R" * 32 not in repr(channels.load())
    assert secrets.get(f"/mxtrax/t/channel/{added.id}") == {"routing_key": "R" * 32}
    secrets.delete(f"/mxtrax/t/channel/{added.id}")
    tried = channel_test.try_out(it.now, it.settings, added.id)
    assert (tried.taken, tried.answers[0]) == (False, "What is secret of this channel is gone; give it again.")
    use_cases.remove(ANNA, it.now, it.settings, added.id)
    assert channels.load().them == ()


def test_trying_a_channel_gives_what_its_service_says(it: Stage, services: Doubles) -> None:
    """A failure and its recovery; Teams says nothing of whether anybody sees it. What is secret is not repeated."""
    slack, teams = add(it, ChannelKind.SLACK), add(it, ChannelKind.TEAMS)
    tried = channel_test.try_out(it.now, it.settings, slack.id)
    assert (tried.taken, tried.answers, tried.confirms) == (True, ("200 ok", "200 ok"), True)
    assert not channel_test.try_out(it.now, it.settings, teams.id).confirms
    url = TOLD[ChannelKind.SLACK]["url"]
    services.instead[SLACK] = Said(404, f"no_service {url}\n\x1b[31m")
    answer = channel_test.try_out(it.now, it.settings, slack.id).answers[0]
    assert answer.startswith("it answers 404 no_service ***")
    assert answer.isprintable()


def chat_room(topic: str) -> str:
    """Make a topic, and give a queue that takes all that is published there."""
    sns, sqs = clients.client("sns"), clients.client("sqs")
    made = sns.create_topic(Name=topic.rpartition(":")[2])["TopicArn"]
    assert made == topic
    queue = str(sqs.create_queue(QueueName="room")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    return queue


def test_a_chat_behind_amazon_q_takes_an_opening_and_its_end(it: Stage) -> None:
    """By the channel's own topic, in one thread; nothing of it is secret, so that nothing is kept apart."""
    queue = chat_room(TOLD[ChannelKind.AMAZON_Q]["topic"])
    added = add(it, ChannelKind.AMAZON_Q)
    assert clients.client("ssm").describe_parameters()["Parameters"] == []
    incident = opened(it, it.domain())
    it.alert()
    known = incidents.get(incident.id)
    assert known is not None
    assert f"chan:{added.id}" in known.told
    incidents.end(known, it.now)
    it.wait(60)
    it.alert()
    it.wait(600)
    it.alert()
    messages = it.messages(queue)
    assert sorted(map(amazon_q, messages)) == ["opened", "resolved"]
    assert {json.loads(each)["metadata"]["threadId"] for each in messages} == {"mxtrax-1-1"}


def test_a_topic_that_is_gone_or_elsewhere_is_refused(it: Stage) -> None:
    """One of another account, region or stack is not asked at all: this one may publish to none."""
    gone = channel_test.try_out(it.now, it.settings, add(it, ChannelKind.AMAZON_Q).id)
    assert not gone.taken
    assert gone.answers[0].startswith("SNS: NotFound")
    for arn in (
        "eu-west-1:999999999999:t-chat-x",
        "us-east-1:123456789012:t-chat-x",
        "eu-west-1:123456789012:u-chat-x",
    ):
        there = add(it, ChannelKind.AMAZON_Q, settings={"topic": f"arn:aws:sns:{arn}"})
        assert set(channel_test.try_out(it.now, it.settings, there.id).answers) == {
            "the topic's ARN has to begin with arn:aws:sns:eu-west-1:123456789012:t-chat-"
        }


def test_a_help_desk_gets_one_ticket_from_the_opening_to_the_end(it: Stage) -> None:
    """A mail each, with the same token; SES is asked to report bounces."""
    it.configure(remind_minutes=60)
    add(it, ChannelKind.TICKET)
    incident = opened(it, it.domain())
    sent = it.alert()
    it.wait(2 * 3_600)
    sent += it.alert()
    known = incidents.get(incident.id)
    assert known is not None
    incidents.end(known, it.now)
    it.wait(60)
    sent += it.alert()
    tickets = [each for each in sent if each.to == TOLD[ChannelKind.TICKET]["to"]]
    mails = [message_from_bytes(each.raw, policy=default) for each in tickets]
    known_by = [helpdesk(str(mail["Subject"]), str(mail.get_content())) for mail in mails]
    assert [what for _, what in known_by] == ["opened", "updated", "resolved"]
    assert len({number for number, _ in known_by}) == 1
    assert all("mxtrax-alert" in each.tags for each in tickets)


def test_a_ticket_mail_that_bounces_does_not_count_as_notified(it: Stage) -> None:
    """As with an alert mail: the help desk does not know, is tried again with the next notice, and health counts it."""
    ticket = add(it, ChannelKind.TICKET)
    incident = opened(it, it.domain())
    to = TOLD[ChannelKind.TICKET]["to"]
    (mail,) = (each for each in it.alert() if each.to == to)
    assert f"chan:{ticket.id}" in _known(incident).told
    it.wait(5)
    assert comes_back(it, mail) == "AlertReturned"
    assert is_woken(it) == []
    assert f"chan:{ticket.id}" not in _known(incident).told
    assert _known(incident).notified is not None
    assert runtime.returned_alerts()[to] == (it.now, "550 5.1.1 nobody here")
    it.wait(3_600)
    assert to in {each.to for each in it.alert()}  # with the reminder


def _known(incident: Incident) -> Incident:
    found = incidents.get(incident.id)
    assert found is not None
    return found


def test_a_ticket_mail_that_cannot_go_out_says_why(it: Stage) -> None:
    """SES's own words, or that there is no address to send from."""
    ticket = add(it, ChannelKind.TICKET)
    assert channel_test.try_out(it.now, it.settings, ticket.id).taken
    it.configure(sendinguser="mxtrax@elsewhere.example")
    assert channel_test.try_out(it.now, it.settings, ticket.id).answers[0].startswith("MessageRejected")
