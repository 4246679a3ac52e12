"""What goes out to each service: its own rules take it, whatever text is in it; and a recovery ends what was opened."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from infra.local.doubles.services import BY_HOST, SECRET, Asked, Said
from mxtrax.errors import Refused
from mxtrax.model import ChannelConfig, ChannelKind, NoticeKind
from mxtrax.notify.catalog import SERVICES
from mxtrax.notify.service import Post
from mxtrax.report.brief import Brief, brief
from tests.notify.briefs import BASE, NOW, any_briefs, notice
from tests.notify.told import TOLD


def made(kind: ChannelKind, *briefs: Brief, **more: str) -> Post:
    """Put notices for a service."""
    service = SERVICES[kind]
    shown, secret = service.told({**TOLD[kind], **more})
    post = service.posts(ChannelConfig(id="c1", name="x", kind=kind, settings=shown), secret, briefs, NOW)
    assert post is not None
    return post


def answered(post: Post) -> Said:
    """Let the double of the service answer."""
    parts = urlsplit(post.url)
    assert parts.hostname is not None
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {name.lower(): value for name, value in post.headers.items()}
    return BY_HOST[parts.hostname](Asked(parts.hostname, path, headers, post.body, NOW / 1_000))


@pytest.mark.parametrize("kind", ChannelKind)
@given(briefs=any_briefs(most=8))
def test_a_service_takes_any_text(kind: ChannelKind, briefs: list[Brief]) -> None:
    """No name, evidence or number of notices leads beyond what the service takes."""
    them = briefs if SERVICES[kind].gathers else briefs[:1]
    said = answered(made(kind, *them))
    assert said.status in {200, 202}, said.body


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_recovery_ends_what_was_opened(kind: ChannelKind) -> None:
    """Machines resolve by the same key; people read that it is well again."""
    opened = brief(notice(), base=BASE)
    closed = brief(notice(kind=NoticeKind.CLOSED, closed=NOW, notified=NOW - 60_000), base=BASE)
    assert answered(made(kind, opened)).took == "opened"
    assert answered(made(kind, closed)).took == "resolved"


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
    it = brief(notice())
    first, again = made(ChannelKind.WEBHOOK, it), made(ChannelKind.WEBHOOK, replace(it, at=NOW + 60_000))
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert answered(replace(first, body=first.body + b" ")).status == 401
    old = Asked(
        "hooks.example.com", "/", {k.lower(): v for k, v in first.headers.items()}, first.body, NOW / 1_000 + 600
    )
    assert BY_HOST["hooks.example.com"](old).status == 401


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
