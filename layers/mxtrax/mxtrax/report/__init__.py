"""The alert in words: one mail of all that is going on, and one message an incident for machines.

Values in, values out. What the mail says is decided once (page.py), as plain facts; text, HTML and CSV only set it.
"""

from collections.abc import Mapping, Sequence

from mxtrax.model import Config, Customer, Millis, Notice
from mxtrax.report import html, page, plain, sheet
from mxtrax.report.figures import Line, worst_first
from mxtrax.report.mail import Attachment, Mail
from mxtrax.report.message import message

__all__ = ["Line", "Mail", "compose", "message"]


def compose(
    now: Millis,
    config: Config,
    notices: Sequence[Notice],
    fleet: Sequence[Line],
    customers: Mapping[str, Customer],
    left_out: int = 0,
) -> Mail:
    """Compose the mail of these notices, with the figures of the fleet, `left_out` of which are in order and too many.

    Of a fleet that is too large to be read in a mail it shows the worst, and all of it in an attached CSV file.
    """
    figures = worst_first(fleet, config, now)
    it = page.lay_out(now, config, notices, figures, customers, left_out)
    attachments: tuple[Attachment, ...] = ()
    if it.attached:
        attachments = ((it.attached, "text/csv", sheet.render(figures, customers)),)
    subject = f"TEST ALERT | {it.subject}" if any(notice.test for notice in notices) else it.subject
    return Mail(subject=subject, text=plain.render(it), html=html.render(it), attachments=attachments)
