"""A webhook, signed as Standard Webhooks has it: receivers exist in ten languages (standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

from mxtrax.model import SECOND, ChannelConfig, ChannelKind, Millis
from mxtrax.notify.service import JSON, Field, Post, Service, as_json, secret_url
from mxtrax.report.brief import Brief
from mxtrax.report.words import iso

PREFIX: Final = "whsec_"


def payload(it: Brief) -> dict[str, object]:
    """Give a notice as a machine reads it. Names are never changed, only added."""
    return {
        "type": f"incident.{it.kind}",
        "timestamp": iso(it.at),
        "data": {
            "incident": it.id,
            "severity": str(it.severity),
            "subject": it.subject,
            "maildomain": it.address,
            "customer": it.customer,
            "provider": it.provider or None,
            "cause": it.words,
            "meaning": it.told.meaning,
            "next_steps": list(it.steps),
            "fault": str(it.told.fault),
            "certainty": str(it.told.certainty),
            "evidence": it.evidence,
            "opened": iso(it.opened),
            "closed": None if it.closed is None else iso(it.closed),
            "acknowledged_by": it.on_it or None,
            "link": it.link or None,
            "act": it.act or None,
            "test": it.test,
            **(
                {"record": it.record, "first_opened": iso(it.began)}
                if it.record != it.id and it.began < it.opened
                else {}
            ),
        },
    }


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Sign a notice. Its id is the same on each try, and another one for other news: receivers drop what they have had."""
    (it,) = briefs
    body, moment, number = as_json(payload(it)), str(now // SECOND), it.notice
    return Post(
        secret["url"],
        body,
        {
            **JSON,
            "webhook-id": number,
            "webhook-timestamp": moment,
            "webhook-signature": signature(secret["secret"], number, moment, body),
        },
    )


def signature(secret: str, number: str, moment: str, body: bytes) -> str:
    """Sign id, time and body with the key that stands behind whsec_."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{number}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


WEBHOOK: Final = Service(
    kind=ChannelKind.WEBHOOK,
    title="Webhook",
    fields=(
        secret_url("Where to post to, such as https://hooks.example.com/mxtrax."),
        Field(
            name="secret",
            note="whsec_ and 24 to 64 bytes in base64, as Standard Webhooks specifies.",
            secret=True,
            pattern=r"whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
        ),
    ),
    posts=post,
    gathers=False,
)
