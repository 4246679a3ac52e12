"""Amazon Q Developer in chat applications: a custom notification to the SNS topic that its channel listens to.

It brings notices to Slack and Teams without any secret of theirs here. AWS documents no lengths; those below fit into a
section of Slack.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis
from mxtrax.notify.cutting import body, cut, heading, links
from mxtrax.notify.service import Field, Publication, Service, as_json
from mxtrax.report.brief import Brief

TITLE: Final = 250
DESCRIPTION: Final = 3_000
STEP: Final = 500
STEPS: Final = 10
THREAD: Final = 255

_LOOKS_LIKE: Final = str.maketrans(
    {"<": "\u2039", ">": "\u203a", "*": "\u2217", "~": "\u223c", "`": "'", "|": "\u00a6"}
)
_MENTION: Final = re.compile(r"(?<![\w.+-])@")
_EMPHASIS: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI: Final = re.compile(r":(?=[\w+-]+:)")


def payload(briefs: Sequence[Brief]) -> dict[str, Any]:
    """Give the notification. Notices of one incident are one thread; several in one message have no thread."""
    first, *others = briefs
    title = cut(_plain(heading(briefs)), TITLE)
    steps = [] if others else [cut(_plain(step), STEP) for step in first.steps]
    facts = body(briefs) if others else [*(f"{label}: {value}" for label, value in first.facts), *_meaning(first)]
    where = [f"{words}: {url}" for words, url in links(briefs)]
    room = DESCRIPTION - sum(len(it) + 1 for it in where)
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": title,
            "description": "\n".join([cut("\n".join(map(_plain, facts)), room), *where]),
            **({"nextSteps": steps[:STEPS]} if steps else {}),
        },
        "metadata": {
            **({} if others else {"threadId": cut(f"mxtrax-{first.id}", THREAD)}),
            "summary": title,
            "eventType": f"mxtrax-incident-{first.kind}",
        },
    }


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Publication:  # noqa: ARG001
    """Publish one message of all notices."""
    return Publication(channel.settings["topic"], as_json(payload(briefs)).decode())


def _meaning(it: Brief) -> list[str]:
    return [] if it.over else [it.told.meaning]


def _plain(text: str) -> str:
    """Remove from a text what Slack or Teams would read as markup, a named link, a mention or an emoji.

    Neither's escapes work in the other, so lookalike characters replace those that have a meaning.
    """
    text = _MENTION.sub("\uff20", _EMPHASIS.sub("\uff3f", text.translate(_LOOKS_LIKE)))
    return _EMOJI.sub("\ua789", text).replace("](", "] (").replace("]:", "] :")


AMAZON_Q: Final = Service(
    kind=ChannelKind.AMAZON_Q,
    title="Amazon Q Developer (Slack, Teams)",
    fields=(
        Field(
            name="topic",
            note="The ARN of an SNS topic of this account and region whose name begins with the stack's name and -chat-.",
            pattern=r"arn:aws[a-z-]{0,10}:sns:[a-z0-9-]{5,30}:\d{12}:[A-Za-z][A-Za-z0-9-]{0,127}-chat-[A-Za-z0-9_-]{1,100}",
        ),
    ),
    posts=post,
    confirms=False,
)
