"""A customer's status as a badge for other web pages: an image without a script that loads nothing."""

from html import escape
from typing import Final

from mxtrax.web.status.facts import Health, Status

POLICY: Final = "default-src 'none'"

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
