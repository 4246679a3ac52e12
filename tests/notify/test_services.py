"""What goes out to each service: its own rules accept it, whatever text is in it; and a recovery ends what was opened."""

import json
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from infra.local.doubles.services import BY_HOST, SECRET, Asked, Said, amazon_q, helpdesk
from mxtrax.errors import Refused
from mxtrax.model import Cause, ChannelConfig, ChannelKind, Millis, NoticeKind, Reason
from mxtrax.notify.catalog import SERVICES
from mxtrax.notify.service import Letter, Parcel, Post, Publication
from mxtrax.notify.wire import ticket_form
from mxtrax.report.brief import Brief, brief
from tests.notify.briefs import BASE, NOW, any_briefs, notice
from tests.notify.told import BY_HTTPS, TOLD


def parcel(kind: ChannelKind, *briefs: Brief, number: str = "c1", **more: str) -> Parcel:
    """Put notices for a service."""
    service = SERVICES[kind]
    shown, secret = service.told({**TOLD[kind], **more})
    put = service.posts(ChannelConfig(id=number, name="x", kind=kind, settings=shown), secret, briefs, NOW)
    assert put is not None
    return put


def made(kind: ChannelKind, *briefs: Brief, **more: str) -> Post:
    """Put notices for a service that is called."""
    post = parcel(kind, *briefs, **more)
    assert isinstance(post, Post)
    return post


def chat(*briefs: Brief) -> dict[str, Any]:
    """Send notices to Amazon Q, which accepts them."""
    put = parcel(ChannelKind.AMAZON_Q, *briefs)
    assert isinstance(put, Publication)
    assert amazon_q(put.message)
    told: dict[str, Any] = json.loads(put.message)
    return told


def ticket(it: Brief, number: str = "c1") -> Letter:
    """Write a mail to a help desk."""
    put = parcel(ChannelKind.TICKET, it, number=number)
    assert isinstance(put, Letter)
    return put


def answered(post: Post) -> Said:
    """Let the double of the service answer."""
    parts = urlsplit(post.url)
    assert parts.hostname is not None
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {name.lower(): value for name, value in post.headers.items()}
    return BY_HOST[parts.hostname](Asked(parts.hostname, path, headers, post.body, NOW / 1_000))


@pytest.mark.parametrize("kind", BY_HTTPS)
@given(briefs=any_briefs(most=8))
def test_a_service_takes_any_text(kind: ChannelKind, briefs: list[Brief]) -> None:
    """No name, evidence or number of notices leads beyond what the service takes."""
    them = briefs if SERVICES[kind].gathers else briefs[:1]
    said = answered(made(kind, *them))
    assert said.status in {200, 202}, said.body


@pytest.mark.parametrize(
    ("kind", "told", "said"),
    [
        (ChannelKind.SLACK, {"url": "https://hooks.slack.com/services/T0/B0/REVOKED"}, "invalid_token"),
        (ChannelKind.PAGERDUTY, {"routing_key": f"{'0' * 25}REVOKED"}, "Invalid routing key"),
        (ChannelKind.OPSGENIE, {"api_key": "11111111-1111-1111-1111-11111REVOKED"}, "Could not authenticate"),
        (ChannelKind.DISCORD, {"url": "https://discord.com/api/webhooks/1/REVOKED"}, "Invalid Webhook Token"),
        (ChannelKind.TELEGRAM, {"token": f"123456:{'A' * 28}REVOKED"}, "Unauthorized"),
        (ChannelKind.PUSHOVER, {"token": f"{'a' * 23}REVOKED"}, "application token is invalid"),
    ],
)
def test_a_revoked_key_is_refused_in_the_services_words(kind: ChannelKind, told: dict[str, str], said: str) -> None:
    """People who try a channel here see what they would see there."""
    answer = answered(made(kind, brief(notice(), base=BASE), **told))
    assert answer.status >= 400
    assert said in answer.body


@pytest.mark.parametrize("kind", BY_HTTPS)
def test_a_recovery_ends_what_was_opened(kind: ChannelKind) -> None:
    """Machines resolve by the same key; people read that it is well again."""
    opened = brief(notice(), base=BASE)
    closed = brief(notice(kind=NoticeKind.CLOSED, closed=NOW, notified=NOW - 60_000), base=BASE)
    assert answered(made(kind, opened)).took == "opened"
    assert answered(made(kind, closed)).took == "resolved"


@given(briefs=any_briefs(most=8))
def test_amazon_q_takes_any_text(briefs: list[Brief]) -> None:
    """Its message is a custom notification within its lengths, and no stranger's word is a mention, a link or an emoji."""
    content = chat(*briefs)["content"]
    for text in (content["title"], content["description"], *content.get("nextSteps", ())):
        assert not re.search(r"[<>*`|~]|\]\(|(?<![\w.+-])@", text)


@given(briefs=any_briefs())
def test_a_help_desk_takes_any_text(briefs: list[Brief]) -> None:
    """One line of subject that begins with one token, whatever the customer is called; seven bits on the wire."""
    it = ticket(briefs[0])
    assert helpdesk(it.subject, it.text)[0]
    raw = ticket_form(it, "mxtrax@monitor.example.net", NOW)
    assert raw.isascii()
    assert message_from_bytes(raw, policy=SMTP)["Subject"] == it.subject


def life() -> list[Brief]:
    """Make the notices of one incident, from its opening to its end."""
    more: tuple[dict[str, Any], ...] = (
        {},
        {"kind": NoticeKind.CHANGED, "reason": Reason.MAILBOX_FULL},
        {"kind": NoticeKind.REMINDER, "acknowledged": NOW, "acknowledged_by": "anna"},
        {"kind": NoticeKind.CLOSED, "closed": NOW},
    )
    return [brief(notice(**each), base=BASE, act=f"{BASE}/act/x") for each in more]


def test_amazon_q_keeps_an_incident_in_one_thread() -> None:
    """By the incident's key; the next steps are a part of their own, and missing once it is over."""
    told = [chat(it) for it in life()]
    assert {it["metadata"]["threadId"] for it in told} == {"mxtrax-1-17"}
    assert [it["metadata"]["eventType"].rpartition("-")[2] for it in told] == list(NoticeKind)
    assert told[0]["content"]["nextSteps"] == list(life()[0].steps)
    assert "nextSteps" not in told[-1]["content"]
    assert told[0]["content"]["description"].endswith(f"{BASE}/act/x\nOpen in MXTRAX: {BASE}/console/#/domains/7")
    several = chat(*life()[:2])
    assert several["content"]["title"] == "2 notices, worst first"
    assert "threadId" not in several["metadata"]


def test_a_stranger_mentions_nobody_in_amazon_q() -> None:
    """Markup of Slack and of Teams is text; a mail address stays one."""
    evidence = "<!channel> @here *x* [y](https://evil.example) :fire: ops_1@mill.test"
    text = chat(brief(notice(evidence=evidence)))["content"]["description"]
    assert (
        "\u2039!channel\u203a \uff20here \u2217x\u2217 [y] (https://evil.example) \ua789fire: ops_1@mill.test" in text
    )


def test_a_help_desk_makes_one_ticket_of_an_incident() -> None:
    """One token from the opening to the end; another incident, and another channel, has another."""
    told = [ticket(it) for it in life()]
    known = [helpdesk(it.subject, it.text) for it in told]
    assert [what for _, what in known] == ["opened", "updated", "updated", "resolved"]
    (number,) = {number for number, _ in known}
    others = ticket(brief(notice(id="2-17"))), ticket(life()[0], "c2")
    assert len({number, *(helpdesk(it.subject, it.text)[0] for it in others)}) == 3
    assert told[0].subject.startswith(f"[{number}] OPEN: (DOWN) Millers' Guild (mill.test): mail is refused")
    assert told[0].text.startswith(f"Reference: {number}\nState: OPEN\nSeverity: DOWN\nWhat: ")
    assert f"\n1. {life()[0].steps[0]}\n" in told[0].text
    assert not any("/act/" in it.text for it in told)
    assert "What to do next" not in told[-1].text


def test_pagers_know_an_incident_by_one_key() -> None:
    """The same for opening, acknowledging and resolving; another incident has another."""
    keys = set()
    for more in (
        {},
        {"kind": NoticeKind.REMINDER, "acknowledged": NOW, "acknowledged_by": "anna"},
        {"kind": NoticeKind.CLOSED},
    ):
        body = made(ChannelKind.PAGERDUTY, brief(notice(**more))).body.decode()
        keys.add(body.partition('"dedup_key":"')[2].partition('"')[0])
    assert keys == {"mxtrax-1-17"}


def test_a_webhook_is_signed_and_its_id_stays() -> None:
    """A byte more is refused, and so is what is ten minutes old; each try of one notice has one id."""
    first, again = made(ChannelKind.WEBHOOK, brief(notice())), _webhook(at=NOW + 60_000)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert answered(replace(first, body=first.body + b" ")).status == 401
    old = Asked(
        "hooks.example.com", "/", {k.lower(): v for k, v in first.headers.items()}, first.body, NOW / 1_000 + 600
    )
    assert BY_HOST["hooks.example.com"](old).status == 401


def _webhook(*, at: Millis = NOW, before: Millis = 0, **more: Any) -> Post:
    return made(ChannelKind.WEBHOOK, brief(replace(notice(**more), at=at, before=before)))


def test_other_news_has_another_id() -> None:
    """A receiver drops what it has had: corrections and reminders of one incident are not the same, tries of one are."""
    moves: list[dict[str, Any]] = [
        {},
        {"cause": Cause.FORWARD_BLOCKED},  # the first notice did not get through, and has been corrected since
        {"kind": NoticeKind.CHANGED, "before": NOW + 1},
        {"kind": NoticeKind.CHANGED, "before": NOW + 2},
        {"kind": NoticeKind.REMINDER, "before": NOW + 3},
        {"kind": NoticeKind.REMINDER, "before": NOW + 4},
        {"kind": NoticeKind.CLOSED, "closed": NOW + 5, "before": NOW + 4},
        {"kind": NoticeKind.OPENED, "opened": NOW + 6},
    ]
    ids = [{_webhook(at=NOW + late, **move).headers["webhook-id"] for late in (0, 60_000)} for move in moves]
    assert [len(each) for each in ids] == [1] * len(moves)
    assert len(set.union(*ids)) == len(moves)
    assert not any("." in number for each in ids for number in each)


@pytest.mark.parametrize(
    ("kind", "given_", "field"),
    [
        (ChannelKind.SLACK, {"url": "https://hooks.slack.com.evil.example/services/T0/B0/X"}, "url"),
        (ChannelKind.SLACK, {"url": "http://hooks.slack.com/services/T0/B0/X"}, "url"),
        (ChannelKind.TEAMS, {"url": "https://logic.azure.com.evil.example/x"}, "url"),
        (ChannelKind.WEBHOOK, {"url": "https://user:pw@hooks.example.com/", "secret": SECRET}, "url"),
        (ChannelKind.WEBHOOK, {"url": "https://hooks.example.com:8443/", "secret": SECRET}, "url"),
        (ChannelKind.WEBHOOK, {"url": "https://hooks.example.com/", "secret": "whsec_short"}, "secret"),
        (ChannelKind.PAGERDUTY, {"routing_key": "short"}, "routing_key"),
        (ChannelKind.PAGERDUTY, {"routing_key": "R" * 32, "region": "mars"}, "region"),
        (ChannelKind.TELEGRAM, {"token": "12345678:" + "A" * 35 + "/../x", "chat": "1"}, "token"),
        (ChannelKind.TELEGRAM, {"token": "12345678:" + "A" * 35}, "chat"),
        (ChannelKind.NTFY, {"topic": "a b"}, "topic"),
        (ChannelKind.AMAZON_Q, {"topic": "arn:aws:sns:eu-west-1:123456789012:payroll"}, "topic"),
        (ChannelKind.AMAZON_Q, {"topic": "arn:aws:sqs:eu-west-1:123456789012:mx-chat-x"}, "topic"),
        (ChannelKind.TICKET, {"to": "a@b.example, c@d.example"}, "to"),
        (ChannelKind.TICKET, {"to": "a@b.example\nBcc: c@d.example"}, "to"),
        (ChannelKind.TICKET, {"to": "a..b@c.example"}, "to"),
        (ChannelKind.SLACK, {**TOLD[ChannelKind.SLACK], "colour": "red"}, "settings"),
    ],
)
def test_what_makes_no_sense_is_refused_without_being_repeated(
    kind: ChannelKind, given_: dict[str, str], field: str
) -> None:
    """The sentence names the field; a secret is in no message."""
    with pytest.raises(Refused) as refused:
        SERVICES[kind].told(given_)
    assert refused.value.field == field
    assert not any(len(value) > 4 and value in str(refused.value) for value in given_.values())


def test_every_kind_is_a_service() -> None:
    """A kind that is added needs its file."""
    assert set(SERVICES) == set(ChannelKind)
