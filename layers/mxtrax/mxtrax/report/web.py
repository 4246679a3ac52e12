"""The alert mail as HTML.

Tables and inline styles, as Outlook lays out nothing else; the colours of a dark screen stand in the one style sheet,
for programs that read it. Nothing is loaded from anywhere. Every text goes through `escape`.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from mxtrax.model import NoticeKind
from mxtrax.report.page import Page, Row
from mxtrax.report.stories import Group, Story
from mxtrax.report.words import sentence

_FONT: Final = "font-family:Arial,Helvetica,sans-serif"
_TEXT: Final = f"{_FONT};font-size:14px;line-height:20px;color:#1f2328"
_SMALL: Final = "font-size:12px;line-height:17px;color:#59636e"
_CELL: Final = f"padding:8px 6px;border-top:1px solid #d1d9e0;vertical-align:top;{_TEXT}"
_COLOUR: Final = {NoticeKind.OPENED: "#b3261e", NoticeKind.REMINDER: "#8f4e00", NoticeKind.CLOSED: "#1a6e36"}
_CALM: Final = "#44515e"
"""White on any of these has a contrast of 5 : 1 or more."""

_PLAIN: Final = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
"""What every table has that is there for the layout alone."""

_HEAD: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
  .page {{ background-color: #0d1117 !important; }}
  .sheet {{ background-color: #161b22 !important; }}
  .ink, .ink td, .ink th {{ color: #e6edf3 !important; border-color: #30363d !important; }}
  .pale, .ink td.pale, .ink th.pale {{ color: #9da7b1 !important; }}
  .bad {{ color: #ff8a80 !important; }}
  .said {{ background-color: #21262d !important; border-color: #6e7681 !important; }}
}}
@media (max-width: 480px) {{ .edge {{ padding-left: 12px !important; padding-right: 12px !important; }} }}
</style>
</head>
"""


def render(page: Page) -> str:
    """Set the page as HTML."""
    return "".join(_parts(page))


def _parts(page: Page) -> Iterator[str]:
    grave = _COLOUR[page.groups[0].kind] if page.groups else _CALM
    yield _HEAD.format(title=escape(page.subject))
    yield '<body class="page" style="margin:0;padding:0;background-color:#f3f5f7">\n'
    yield f'<table class="page" width="100%" {_PLAIN} style="background-color:#f3f5f7"><tr><td align="center">\n'
    yield f'<table class="sheet ink" width="100%" {_PLAIN} style="max-width:720px;background-color:#ffffff;{_TEXT}">\n'
    yield (
        f'<tr><td class="edge" bgcolor="{grave}" style="background-color:{grave};padding:16px 24px">'
        f'<h1 style="margin:0;{_FONT};font-size:18px;line-height:25px;color:#ffffff;word-break:break-word">'
        f"{'<br>'.join(map(escape, page.headlines))}</h1></td></tr>\n"
    )
    for group in page.groups:
        yield _section(group.title, _group(group))
    yield _section("All domains", _totals(page))
    yield _section("Each domain, worst first", _table(page.rows))
    yield f'<tr><td class="edge" style="padding:16px 24px 24px">{"".join(map(_pale, page.notes))}</td></tr>\n'
    yield "</table>\n</td></tr></table>\n</body>\n</html>\n"


def _section(title: str, inside: Iterable[str]) -> str:
    heading = f'<h2 class="ink" style="margin:0 0 8px;{_FONT};font-size:16px;line-height:22px;color:#1f2328">'
    return (
        f'<tr><td class="edge" style="padding:20px 24px 0">{heading}{escape(title)}</h2>\n{"".join(inside)}</td></tr>\n'
    )


def _group(group: Group) -> Iterator[str]:
    for story in group.stories:
        yield from _story(story)
    if group.more:
        yield _pale(f"And {group.more:,} more.")


def _story(story: Story) -> Iterator[str]:
    paragraph = f'<p class="ink" style="margin:0 0 8px;{_TEXT};word-break:break-word">'
    customer = f' <span class="pale" style="{_SMALL}">{escape(story.customer)}</span>' if story.customer else ""
    yield f"{paragraph}<strong>{escape(story.address)}</strong>{customer}<br>\n"
    yield f"Cause: {escape(sentence(story.cause))}</p>\n"
    if story.evidence:
        yield (
            f'<table width="100%" {_PLAIN}><tr><td class="said ink" style="background-color:#f3f5f7;'
            f'border-left:3px solid #8c959f;padding:6px 10px;{_TEXT};word-break:break-word">'
            f"{escape(story.evidence)}</td></tr></table>\n"
        )
    sentences = "<br>\n".join(map(escape, (*story.sentences, *story.members)))
    yield f'<p class="ink" style="margin:8px 0 16px;{_TEXT}">{sentences}</p>\n'


def _totals(page: Page) -> Iterator[str]:
    yield f"{_pale(page.basis)}<table {_PLAIN}>\n"
    for label, value in (*page.totals, *page.limits):
        yield (
            f'<tr><td class="pale" style="padding:2px 16px 2px 0;{_TEXT};color:#59636e">{escape(label)}</td>'
            f'<td class="ink" style="padding:2px 0;{_TEXT}">{escape(value)}</td></tr>\n'
        )
    yield "</table>\n"


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield '<table class="ink" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">\n'
    yield "<tr>"
    for title, align in (
        ("Domain", "left"),
        ("On time", "right"),
        ("Late", "right"),
        ("Did not return", "right"),
        ("Average time", "right"),
    ):
        yield f'<th scope="col" align="{align}" class="pale" style="padding:4px 6px;{_TEXT};{_SMALL}">{title}</th>'
    yield "</tr>\n"
    for row in rows:
        yield from _row(row)
    yield "</table>\n"


def _row(row: Row) -> Iterator[str]:
    customer = f'<br><span class="pale" style="{_SMALL}">{escape(row.customer)}</span>' if row.customer else ""
    yield f'<tr><td style="{_CELL};word-break:break-word"><strong>{escape(row.address)}</strong>{customer}</td>'
    for number, rate in (row.ontime, row.late, row.missed):
        yield (
            f'<td align="right" style="{_CELL}">{escape(number)}<br>'
            f'<span class="pale" style="{_SMALL}">{escape(rate)}</span></td>'
        )
    yield f'<td align="right" style="{_CELL}">{escape(row.average)}</td></tr>\n'
    failing = '<strong class="bad" style="color:#b3261e">Failing: YES</strong>' if row.failing else "Failing: NO"
    notes = "".join(f'<br>\n<span class="pale" style="{_SMALL}">{escape(note)}</span>' for note in row.notes)
    yield f'<tr><td colspan="5" style="padding:0 6px 10px;{_TEXT}">{failing}{notes}</td></tr>\n'


def _pale(text: str) -> str:
    return f'<p class="pale" style="margin:0 0 8px;{_FONT};{_SMALL}">{escape(text)}</p>\n'
