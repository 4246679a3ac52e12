"""A customer's status as a badge for other web pages (badge.svg): an image without a script that loads nothing."""

from typing import Final

from mxtrax.rules.public_status import PublicStatus
from mxtrax.rules.untrusted_text import line
from mxtrax.store.badges import Badge
from mxtrax.web.status.facts import LONGEST
from mxtrax.web.status.templates import render

POLICY: Final = "default-src 'none'"

_GROUND: Final = {
    PublicStatus.DOWN: "#b3261e",
    PublicStatus.SLOW: "#8a5200",
    PublicStatus.UNKNOWN: "#8a5200",
    PublicStatus.SETUP: "#55606c",
    PublicStatus.MAINTENANCE: "#55606c",
    PublicStatus.OK: "#1a6b36",
}
"""White on any of these has a contrast of 5 : 1 or more."""

_PER_LETTER: Final = 6.2
"""The width of a letter at 11 px, at most on average; the text is fitted into what comes of it."""

_LEFT: Final = 39
"""The width of the part that says what it is about: "mail", with its margins."""


def badge(it: Badge) -> str:
    """Set the status of a customer as a badge."""
    fits = round(len(it.summary.short) * _PER_LETTER)
    return render(
        "badge.svg",
        it=it.summary,
        whose=line(it.name, LONGEST),
        left=_LEFT,
        fits=fits,
        width=_LEFT + fits + 30,
        ground=_GROUND[it.summary.status],
    )
