"""The services that notices can go out to, the one list of them."""

from collections.abc import Mapping
from typing import Final

from mxtrax.model import ChannelKind
from mxtrax.notify.amazon_q import AMAZON_Q
from mxtrax.notify.discord import DISCORD
from mxtrax.notify.ntfy import NTFY
from mxtrax.notify.opsgenie import OPSGENIE
from mxtrax.notify.pagerduty import PAGERDUTY
from mxtrax.notify.pushover import PUSHOVER
from mxtrax.notify.service import Service
from mxtrax.notify.slack import SLACK
from mxtrax.notify.teams import TEAMS
from mxtrax.notify.telegram import TELEGRAM
from mxtrax.notify.ticket import TICKET
from mxtrax.notify.webhook import WEBHOOK

SERVICES: Final[Mapping[ChannelKind, Service]] = {
    it.kind: it
    for it in (
        SLACK,
        TEAMS,
        PAGERDUTY,
        OPSGENIE,
        TICKET,
        AMAZON_Q,
        WEBHOOK,
        DISCORD,
        TELEGRAM,
        NTFY,
        PUSHOVER,
    )
}
