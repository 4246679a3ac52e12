"""The alert in words: one mail about everything that is due, and one message per incident for machines.

What the mail says is decided once (page.py), as plain facts; text, HTML and CSV only set it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mxtrax.model import Config, Customer, Millis, Notice, Stat
from mxtrax.report import html, page, plain, sheet
from mxtrax.report.figures import Line, worst_first
from mxtrax.report.mail import Attachment, Mail, Thread
from mxtrax.report.message import message
from mxtrax.report.stories import Known

__all__ = ["Line", "Mail", "compose", "message"]

MOST_ROOTS: Final = 10
"""Incidents that a mail names as the beginning of its conversation."""


def compose(
    now: Millis,
    config: Config,
    notices: Sequence[Notice],
    fleet: Sequence[Line],
    customers: Mapping[str, Customer],
    *,
    left_out: int = 0,
    days: Mapping[str, Stat] | None = None,
    base: str = "",
    act: Callable[..., str] = lambda *_: "",
    full: bool = True,
) -> Mail:
    """Compose the mail of these notices; a `full` one has the figures of the fleet, `left_out` of which are in order.

    For a fleet that is too large to read in a mail, that shows the worst, and an attached CSV file all of it. `days`
    are the domains' days by key, `base` is where the console is, `act` gives the link by which people say that they are
    on it.
    """
    figures = worst_first(fleet, config, now)
    by_key = {it.line.domain.key: it for it in figures}
    known = Known(figures=by_key, days=days or {}, config=config, base=base, act=act, full=full, left_out=left_out)
    it = page.lay_out(now, notices, figures, customers, known)
    attachments: tuple[Attachment, ...] = ()
    if it.attached:
        attachments = ((it.attached, "text/csv", sheet.render(figures, customers)),)
    return Mail(
        subject=it.subject,
        text=plain.render(it),
        html=html.render(it),
        attachments=attachments,
        thread=_thread(notices, it.subject),
    )


def _thread(notices: Sequence[Notice], subject: str) -> Thread | None:
    """Name the conversation of these notices; a recovery joins it, too, where mail programs go by more than the subject."""
    incidents = sorted((notice.incident for notice in notices), key=lambda it: (it.began, it.id))
    if not incidents:
        return None
    roots = tuple(f"{it.again_of or it.id}-{it.began}" for it in incidents[:MOST_ROOTS])
    return Thread(roots=roots, opened=incidents[0].began, topic=subject.removeprefix("Re: "))
