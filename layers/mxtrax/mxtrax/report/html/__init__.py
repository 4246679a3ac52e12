"""The alert mail as HTML, from the template beside this module (alert.html), which escapes every text by itself."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mxtrax.model import NoticeKind
from mxtrax.report.page import Page
from mxtrax.report.words import sentence

if TYPE_CHECKING:
    from jinja2 import Template

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
    return _template().render(page=page, grave=_COLOUR[page.groups[0].kind] if page.groups else _CALM)


@cache
def _template() -> "Template":
    """Read the template, once in a worker's life and only where a mail is written: few runs of alert write one."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 -- see above

    beside = FileSystemLoader(Path(__file__).parent)
    made = Environment(
        loader=beside,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["sentence"] = sentence
    return made.get_template("alert.html")
