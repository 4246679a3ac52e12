"""The link in a notice by which people say that they are on it, or want quiet, without signing in."""

from collections.abc import Sequence
from typing import Final

from mxtrax.model import Notice
from mxtrax.notify.channel import Context
from mxtrax.rules import act_token
from mxtrax.rules.act_token import LASTS, MOST_OTHERS, ActToken
from mxtrax.runtime.memory import kept
from mxtrax.store import runtime

BY_MAIL: Final = "mail"


def act_link(notice: Notice, context: Context, way: str, others: Sequence[Notice] = ()) -> str:
    """Give the link of a notice for one way of sending; none if the incident is over, or nobody had it.

    It acknowledges `others` as well.
    """
    base, incident = context.settings.console, notice.incident
    if not base or notice.test or incident.closed is not None:
        return ""
    token = ActToken(
        incident=incident.id,
        opened=incident.opened,
        expires=context.now + LASTS,
        zone=context.config.timezone,
        way=way,
        others=tuple(it.incident.id for it in others[:MOST_OTHERS]),
    )
    return f"{base}/act/{act_token.sign(_key(), token)}"


@kept
def _key() -> bytes:
    return runtime.act_key()
