"""What a channel of each kind is sent, as its double accepts it."""

from collections.abc import Mapping
from typing import Final

from infra.local.doubles.services import SECRET
from mxtrax.model import ChannelKind
from tests.stack import ACCOUNT, REGION

TOLD: Final[Mapping[ChannelKind, Mapping[str, str]]] = {
    ChannelKind.SLACK: {"url": "https://hooks.slack.com/services/T000/B000/XXXX"},
    ChannelKind.TEAMS: {
        "url": "https://prod.westeurope.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=x"
    },
    ChannelKind.PAGERDUTY: {"routing_key": "R" * 32},
    ChannelKind.OPSGENIE: {"api_key": "0b7c2d4e-1111-2222-3333-444455556666"},
    ChannelKind.WEBHOOK: {"url": "https://hooks.example.com/mxtrax", "secret": SECRET},
    ChannelKind.DISCORD: {"url": "https://discord.com/api/webhooks/12345/abc-DEF"},
    ChannelKind.TELEGRAM: {"token": "12345678:" + "A" * 35, "chat": "-100123"},
    ChannelKind.NTFY: {"topic": "mxtrax-alerts"},
    ChannelKind.PUSHOVER: {"token": "a" * 30, "user": "u" * 30},
    ChannelKind.AMAZON_Q: {"topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:t-chat-ops"},
    ChannelKind.TICKET: {"to": "support@helpdesk.example"},
}

BY_HTTPS: Final = [kind for kind in ChannelKind if kind not in {ChannelKind.AMAZON_Q, ChannelKind.TICKET}]
"""Kinds whose services are called; the others are notified by SNS or by mail."""
