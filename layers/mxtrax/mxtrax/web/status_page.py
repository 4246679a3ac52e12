"""A customer's state for people who do not sign in, as a web page and as a badge.

Neither has a script or loads anything; the page's one style sheet is named by its hash in the policy that comes with
it. Every text goes through `escape`. A state is told by shape, word and colour.
"""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Final

from mxtrax.model import Millis
from mxtrax.report.words import iso, many, per_cent
from mxtrax.rules.cause import span
from mxtrax.web.status_words import WORDS, Day, Health, Line, Status

GOOD: Final = 99.5
POOR: Final = 95.0
"""Per cent of tests on time from which on a day is good, and below which it is poor."""

_SHAPES: Final = {
    Health.FAILING: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor"/>'
    '<path d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6" class="cut"/>',
    Health.UNKNOWN: '<path d="M8 1l7.4 14H.6z" fill="currentColor"/><path d="M8 6v4.2m0 1.4v1.6" class="cut"/>',
    Health.UNTESTED: '<circle cx="8" cy="8" r="6.5" class="line dashed"/>',
    Health.MAINTENANCE: '<rect x="1.5" y="1.5" width="13" height="13" rx="2" class="line"/>'
    '<path d="M6 5v6m4-6v6" class="line"/>',
    Health.WORKING: '<circle cx="8" cy="8" r="7.4" fill="currentColor"/><path d="M4.4 8.2l2.6 2.6 4.6-5" class="cut"/>',
}

_STYLE: Final = """\
:root { color-scheme: light dark; --ground: #f4f6f8; --sheet: #fff; --line: #d3d9e0; --text: #1a2027; --muted: #55606c;
  --failing: #b3261e; --unknown: #8a5200; --working: #1a6b36; --calm: #55606c; --fair: #d9901c; --none: #d3d9e0; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1419; --sheet: #171d24; --line: #323c47; --text: #e4e9ee;
  --muted: #a0abb7; --failing: #ff8a80; --unknown: #f2b04c; --working: #63c98a; --calm: #a0abb7; --fair: #e0a13b;
  --none: #323c47; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 46rem; margin: auto; padding: 2.2rem 1rem 3rem; display: grid; gap: 1.2rem; }
h1, h2, p, ul, ol, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; overflow-wrap: anywhere; }
.over { color: var(--muted); }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 1.1rem; }
.verdict { display: flex; gap: .7rem; align-items: center; font-size: 1.25rem; font-weight: 650; border-left: 6px solid; }
svg { width: 1.1em; height: 1.1em; flex: none; }
.cut { stroke: var(--sheet); stroke-width: 2; fill: none; }
.line { stroke: currentColor; stroke-width: 2; fill: none; }
.dashed { stroke-dasharray: 3 2.2; }
.failing { color: var(--failing); }
.unknown { color: var(--unknown); }
.working { color: var(--working); }
.untested, .maintenance { color: var(--calm); }
.row { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between; align-items: baseline; }
.state { display: inline-flex; gap: .45rem; align-items: center; font-weight: 600; }
.strip { display: flex; align-items: end; gap: 3px; height: 2.6rem; margin: .8rem 0 .3rem; list-style: none; }
.strip li { flex: 1; min-width: 3px; border-radius: 2px; height: 100%; background: var(--working); }
.strip .fair { background: var(--fair); height: 75%; }
.strip .poor { background: var(--failing); height: 50%; }
.strip .none { background: var(--none); height: 25%; }
.said { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
.domains { list-style: none; display: grid; gap: 1.1rem; }
.domains li + li { border-top: 1px solid var(--line); padding-top: 1.1rem; }
.domains + p { margin-top: 1.1rem; }
dl { display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; margin-top: .35rem; font-size: .92rem; }
dl div { display: flex; gap: .4rem; }
dt, .small { color: var(--muted); }
.small { font-size: .9rem; }
time, dd { font-variant-numeric: tabular-nums; }
"""

PAGE_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a browser may do with the page: show it in its own style, and nothing else."""

BADGE_POLICY: Final = "default-src 'none'"


def page(it: Status) -> str:
    """Set the state of a customer as a page."""
    return "".join(_page(it))


def _page(it: Status) -> Iterator[str]:
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(it.sentence)} \N{MIDDLE DOT} {escape(it.name)}</title>\n<style>{_STYLE}</style>\n</head>\n"
    )
    yield f'<body>\n<main>\n<header><p class="over">Mail status</p><h1><bdi>{escape(it.name)}</bdi></h1></header>\n'
    yield f'<p class="sheet verdict {it.health}">{_shape(it.health)}<span>{escape(it.sentence)}</span></p>\n'
    yield from _days(it)
    yield from _domains(it)
    yield (
        f'<footer class="small">As of {_time(it.at)}. Each domain is sent a test mail again and again; it is on time where '
        "it has come back soon enough.</footer>\n</main>\n</body>\n</html>\n"
    )


def _domains(it: Status) -> Iterator[str]:
    yield '<section class="sheet" aria-label="Domains">'
    if it.lines:
        yield f'<ul class="domains">\n{"".join(_domain(line, it.at) for line in it.lines)}</ul>'
    else:
        yield "<p>No domain is tested yet.</p>"
    if it.more:
        yield f'<p class="small">And {many(it.more, "domain")} more, none of them worse.</p>'
    yield "</section>\n"


def _days(it: Status) -> Iterator[str]:
    share = per_cent(it.availability) if it.availability is not None else "no tests yet"
    yield (
        f'<section class="sheet" aria-labelledby="days"><div class="row"><h2 id="days">The last {len(it.days)} days</h2>'
        f"<span>{share}{' on time' if it.availability is not None else ''}</span></div>\n"
        '<ol class="strip">'
    )
    for day in it.days:
        yield f'<li class="{_level(day)}" title="{_said(day)}"><span class="said">{_said(day)}</span></li>'
    yield f'</ol>\n<div class="row small"><span>{it.days[0].d}</span><span>today</span></div></section>\n'


def _said(day: Day) -> str:
    return f"{day.d}: {per_cent(day.availability)} on time" if day.availability is not None else f"{day.d}: no tests"


def _level(day: Day) -> str:
    if day.availability is None:
        return "none"
    return "good" if day.availability >= GOOD else "fair" if day.availability >= POOR else "poor"


def _domain(line: Line, now: Millis) -> str:
    facts = [
        ("since", _time(line.since) if line.since else ""),
        ("last test", f"{span(max(0, now - line.tested))} ago" if line.tested else ""),
        ("30 days", f"{per_cent(line.availability)} on time" if line.availability is not None else ""),
    ]
    known = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    shown = f"<dl>{known}</dl>" if known else ""
    state = f'<span class="state {line.health}">{_shape(line.health)}{WORDS[line.health]}</span>'
    return f'<li><div class="row"><h2><bdi>{escape(line.domain)}</bdi></h2>{state}</div>{shown}</li>\n'


def _time(at: Millis) -> str:
    stamp = iso(at)
    return f'<time datetime="{stamp}">{stamp[:10]} {stamp[11:16]} UTC</time>'


def _shape(health: Health) -> str:
    return f'<svg viewBox="0 0 16 16" aria-hidden="true">{_SHAPES[health]}</svg>'


_GROUND: Final = {
    Health.FAILING: "#b3261e",
    Health.UNKNOWN: "#8a5200",
    Health.UNTESTED: "#55606c",
    Health.MAINTENANCE: "#55606c",
    Health.WORKING: "#1a6b36",
}
"""White on any of these has a contrast of 5 : 1 or more."""

_PER_LETTER: Final = 6.2
"""The width of a letter at 11 px, at most on average; the text is fitted into what comes of it."""


def badge(it: Status) -> str:
    """Set the state of a customer as a badge."""
    label, said = "mail", it.short
    left = round(len(label) * _PER_LETTER) + 14
    fits = round(len(said) * _PER_LETTER)
    width = left + fits + 30
    cut = '<g fill="none" stroke="#fff" stroke-width="2">'
    shapes = {
        Health.FAILING: f"{cut}<path d='M3 3l10 10M13 3L3 13'/></g>",
        Health.UNKNOWN: f"{cut}<path d='M8 2v8m0 2v2.4'/></g>",
        Health.UNTESTED: f"{cut}<circle cx='8' cy='8' r='6' stroke-dasharray='3 2.2'/></g>",
        Health.MAINTENANCE: f"{cut}<path d='M5 3v10m6-10v10'/></g>",
        Health.WORKING: f"{cut}<path d='M2.5 8.5l3.6 3.6 7-7.6'/></g>",
    }
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
        f'aria-label="{escape(f"{label}: {said}")}"><title>{escape(f"{it.name}: {it.sentence}")}</title>'
        f'<clipPath id="r"><rect width="{width}" height="20" rx="4"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#3b444e"/>'
        f'<rect x="{left}" width="{width - left}" height="20" fill="{_GROUND[it.health]}"/></g>'
        f'<g transform="translate({left + 6} 4) scale(.75)">{shapes[it.health]}</g>'
        '<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">'
        f'<text x="7" y="14">{label}</text>'
        f'<text x="{left + 23}" y="14" textLength="{fits}" lengthAdjust="spacingAndGlyphs">{escape(said)}</text></g></svg>\n'
    )
