"""A customer's status for people who do not sign in, as a web page.

It has no script and loads nothing; its one style sheet is named by its hash in the policy that comes with it.
 Every text goes through `escape`. A state is told by shape, word and colour.
"""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Final

from mxtrax.model import Millis
from mxtrax.model.moments import iso
from mxtrax.rules.cause import span
from mxtrax.web.status.facts import WORDS, Day, Health, Line, Status, domains

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

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a browser may do with the page: show it in its own style, and nothing else."""


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
        yield f'<p class="small">And {domains(it.more)} more, none of them worse.</p>'
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
    stamp = iso(at) or ""
    return f'<time datetime="{stamp}">{stamp[:10]} {stamp[11:16]} UTC</time>'


def _shape(health: Health) -> str:
    return f'<svg viewBox="0 0 16 16" aria-hidden="true">{_SHAPES[health]}</svg>'


def per_cent(value: float) -> str:
    """Write a percentage: 40.00 %."""
    return f"{value:.2f}\N{NO-BREAK SPACE}%"
