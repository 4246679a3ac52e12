"""The alert in words: one mail of all that is going on, and one message an incident for machines.

Values in, values out. What the mail says is decided once (page.py), as plain facts; text, HTML and CSV only set it.
"""

from collections.abc import Mapping, Sequence

from mxtrax.mail.compose import Attachment, Mail
from mxtrax.model import Config, Customer, Incident, Millis
from mxtrax.report import page, plain, sheet, web
from mxtrax.report.figures import Line, worst_first
from mxtrax.report.message import message
from mxtrax.rules.notices import NoticeKind, kind_of

__all__ = ["Line", "Mail", "NoticeKind", "compose", "kind_of", "message"]


def compose(
    now: Millis, config: Config, told: Sequence[Incident], fleet: Sequence[Line], customers: Mapping[str, Customer]
) -> Mail:
    """Compose the mail that tells of these incidents and shows the figures of the fleet.

    Of a fleet that is too large to be read in a mail it shows the worst, and all of it in an attached CSV file.
    """
    figures = worst_first(fleet, config, now)
    it = page.lay_out(now, config, told, figures, customers)
    attachments: tuple[Attachment, ...] = ()
    if it.attached:
        attachments = ((it.attached, "text/csv", sheet.render(figures, customers)),)
    return Mail(subject=it.subject, text=plain.render(it), html=web.render(it), attachments=attachments)
