"""What other settings would change."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mxtrax.api import edits
from mxtrax.api.fields import Shape
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import of
from mxtrax.api.v3 import config as of_config
from mxtrax.model import DomainHealth, MailDomain, State
from mxtrax.rules.health import judged_anew
from mxtrax.rules.statistics import total
from mxtrax.store import fleet
from mxtrax.store.health import all_health

MOST: Final = 100
"""Domains that a preview names of each kind; it counts all."""

router: Final = Router("Config")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A domain, and what it exceeds."""

    id: int
    address: str
    customer: str | None
    exceeded: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What other settings would change."""

    failing_now: int
    would_fail: int
    begins: tuple[Named, ...]
    ends: tuple[Named, ...]


@router.route(
    "POST /api/v3/config/preview",
    body=Shape(edits.CONFIG.fields, note="The settings to try; what is not given stays."),
    gives=Preview,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def preview(request: Request) -> Preview:
    """Show which domains would be failing now, had these settings always held. Nothing is changed.

    Single tests keep the verdict they have: each is judged by the limits that it was sent under. A domain that is listed
    under `ends` has still to show its on-time tests in a row, once the settings are saved.
    """
    config = of_config.changed(edits.config(request), request.body)
    known = {it.maildomain: it for it in all_health() if _could_fail(it)}
    judged = [
        (domain, before, judged_anew(before, domain, config, request.now))
        for domain in fleet.by_keys(known).values()
        if not domain.maintmode and (before := known[domain.key])
    ]
    begins = [(it, after) for it, before, after in judged if not _fails(before) and _fails(after)]
    ends = [(it, before) for it, before, after in judged if _fails(before) and not _fails(after)]
    return Preview(
        failing_now=sum(_fails(before) for _, before, _ in judged),
        would_fail=sum(_fails(after) for _, _, after in judged),
        begins=_named(begins),
        ends=_named(ends),
    )


def _could_fail(it: DomainHealth) -> bool:
    """Tell whether any settings could make a domain failing: it is, or something has gone wrong of late."""
    window_counts = total(it.window_counts)
    return _fails(it) or window_counts.missed + window_counts.late > 0


def _fails(it: DomainHealth) -> bool:
    return it.state is State.FAILING


def _named(them: list[tuple[MailDomain, DomainHealth]]) -> tuple[Named, ...]:
    return tuple(of(Named, it, health) for it, health in sorted(them, key=lambda each: each[0].id)[:MOST])
