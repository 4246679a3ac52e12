"""A mail to a help desk, which makes one ticket of all that it gets of one incident.

Help desks match by subject: each has a token that is the same from the opening to the end.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, NoticeKind
from mxtrax.notify.service import Field, Letter, Service
from mxtrax.report.brief import TAGS, Brief

_STATES: Final = {
    NoticeKind.OPENED: "OPEN",
    NoticeKind.CHANGED: "CHANGED",
    NoticeKind.REMINDER: "REMINDER",
    NoticeKind.CLOSED: "RESOLVED",
}
_ROUND: Final = str.maketrans("[]", "()")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def token(channel: str, incident: str) -> str:
    """Give the token by which a help desk knows an incident. No two channels, even of two stacks, share one."""
    digest = hashlib.sha256(f"{channel}/{incident}".encode()).digest()
    return f"MX-{base64.b32encode(digest[:5]).decode()}"


def letter(channel: ChannelConfig, it: Brief) -> Letter:
    """Write the mail. The only brackets in the subject are the token's."""
    number, state = token(channel.id, it.id), _STATES[it.kind]
    known = [("Reference", number), ("State", state), ("Severity", TAGS[it.severity]), *it.facts]
    lines = [f"{label}: {value}" for label, value in known]
    if not it.over:
        lines += ["", "What it means:", it.told.meaning]
    if it.steps:
        lines += ["", "What to do next:", *(f"{count}. {step}" for count, step in enumerate(it.steps, 1))]
    if it.link:
        lines += ["", f"In MXTRAX: {it.link}"]
    return Letter(
        to=channel.settings["to"],
        subject=f"[{number}] {state}: {it.subject.translate(_ROUND)}",
        text="\n".join(lines) + "\n",
    )


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Letter:  # noqa: ARG001
    """Mail one notice."""
    (it,) = briefs
    return letter(channel, it)


TICKET: Final = Service(
    kind=ChannelKind.TICKET,
    title="Ticket mail",
    fields=(
        Field(
            name="to",
            note="The address of the help desk, such as support@example.com.",
            pattern=rf"(?=.{{3,254}}$)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+",
        ),
    ),
    posts=post,
    gathers=False,
    confirms=False,
)
