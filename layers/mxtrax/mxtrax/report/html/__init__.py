"""The alert mail as HTML, from the template beside this module (alert.html), which escapes every text by itself."""

from pathlib import Path
from typing import Final

from mxtrax.model import NoticeKind
from mxtrax.report.page import Page
from mxtrax.report.templates import templates
from mxtrax.report.words import sentence

_COLOUR: Final = {
    NoticeKind.OPENED: "#b3261e",
    NoticeKind.CHANGED: "#b3261e",
    NoticeKind.REMINDER: "#8f4e00",
    NoticeKind.CLOSED: "#1a6e36",
}
_CALM: Final = "#44515e"
"""White on any of these has a contrast of 5 : 1 or more."""


def render(page: Page) -> str:
    """Set the page as HTML."""
    grave = _COLOUR[page.groups[0].kind] if page.groups else _CALM
    return templates(Path(__file__).parent).get_template("alert.html").render(page=page, grave=grave, sentence=sentence)
