"""An incident and the buttons below it, as a page without a script (page.html); its one style sheet is named by its hash."""

import base64
import hashlib
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import MONITOR, Incident, MailDomain, Millis
from mxtrax.report import words
from mxtrax.report.templates import templates
from mxtrax.rules.explanation import explain

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An incident as it is now. `quiet` is until when its domain is, `morning` the one that is near enough to wait for.

    `others` are incidents of the same story that nobody is on yet.
    """

    incident: Incident
    domain: MailDomain | None
    quiet: Millis | None
    morning: Millis | None
    zone: tzinfo
    others: int = 0


def page(it: Facts, said: str = "") -> str:
    """Set an incident as a page; `said` is what came of a button."""
    incident = it.incident
    told = explain(incident.cause, incident.reason, incident.provider)

    def when(at: Millis | None) -> str:
        return words.when(at, it.zone) if at else ""

    return _render(
        said=said,
        name="MXTRAX itself" if incident.maildomain == MONITOR else words.clean(incident.maildomain),
        cause=words.sentence(told.words),
        evidence=words.clean(incident.evidence),
        steps=told.next_steps,
        opened=when(incident.opened),
        closed=when(incident.closed),
        on_it=words.clean(incident.acknowledged_by) if incident.acknowledged else "",
        since=when(incident.acknowledged),
        quiet=when(it.quiet),
        can_be_quiet=it.domain is not None,
        morning=when(it.morning),
        others=it.others,
    )


def void() -> str:
    """Set the page of a link that is no longer one."""
    return _render(name="", said="")


@cache
def policy() -> str:
    """Say what a browser may do with the page: show it in its own style, send its form to where it came from."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _render(**values: object) -> str:
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates, on a worker's first call

    style = Markup(_style())  # noqa: S704 -- our own file
    return templates(_HERE).get_template("page.html").render(style=style, **values)


@cache
def _style() -> str:
    return (_HERE / "page.css").read_text(encoding="utf-8")
