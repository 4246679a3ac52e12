"""The templates beside this module, and the words that they need."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mxtrax.model import Millis
from mxtrax.model.moments import iso
from mxtrax.report.templates import templates
from mxtrax.rules.branding import link_of
from mxtrax.rules.cause import span
from mxtrax.rules.public_status import counted
from mxtrax.web.status.facts import Day

if TYPE_CHECKING:
    from jinja2 import Environment, Template

HERE: Final = Path(__file__).parent

GOOD: Final = 99.5
POOR: Final = 95.0
"""Per cent of tests on time from which on a day is good, and below which it is poor."""


def render(name: str, **values: object) -> str:
    """Fill in a template."""
    return load(name).render(values)


def load(name: str) -> "Template":
    """Read a template; the engine is imported with a worker's first one."""
    return _templates().get_template(name)


@cache
def _templates() -> "Environment":
    made = templates(HERE)
    made.filters |= {
        "iso": iso,
        "clock": _clock,
        "span": span,
        "per_cent": _per_cent,
        "level": _level,
        "domains": counted,
        "link": link_of,
        "month": _month,
        "day": _day,
    }
    return made


def _clock(at: Millis) -> str:
    stamp = iso(at) or ""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def _month(name: str) -> str:
    return date.fromisoformat(f"{name}-01").strftime("%B %Y")


def _day(name: str) -> str:
    """Write a date as people do: 5 Nov."""
    day = date.fromisoformat(name)
    return f"{day.day} {day:%b}"


def _per_cent(value: float) -> str:
    return f"{value:.2f}\N{NO-BREAK SPACE}%"


def _level(day: Day) -> str:
    """Say how a day was; the template names its colour so."""
    if day.availability is None:
        return "none"
    return "good" if day.availability >= GOOD else "fair" if day.availability >= POOR else "poor"
