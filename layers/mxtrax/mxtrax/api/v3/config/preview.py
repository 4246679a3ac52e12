"""What other settings would change."""

from collections.abc import Sequence
from typing import Final

from mxtrax.admin import settings
from mxtrax.api import forms
from mxtrax.api.fields import Shape
from mxtrax.api.routing import VERSION, Request, Router
from mxtrax.api.schema import of
from mxtrax.frozen import dataclass
from mxtrax.model import DomainHealth, MailDomain

MOST: Final = 100
"""Domains that a preview names of each kind; it counts all."""

router: Final = Router("Config")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A domain, what it exceeds, and of one that would not fail: the on-time tests in a row that it has still to show."""

    id: int
    address: str
    customer: str | None
    exceeded: tuple[str, ...]
    needed: int | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What other settings would change."""

    failing_now: int
    would_fail: int
    begins: tuple[Named, ...]
    ends: tuple[Named, ...]


@router.route(
    "POST /api/v3/config/preview",
    "previewConfig",
    body=Shape({**forms.CONFIG.fields, "version": VERSION}, note="The settings to try; all others stay as they are."),
    gives=Preview,
)
def preview(request: Request) -> Preview:
    """Show which domains would be failing now under these settings. Nothing is changed.

    Single tests keep the verdict they have: each is judged by the limits that it was sent under. A domain that is listed
    under `ends` has still to show its on-time tests in a row, once the settings are saved.
    """
    found = settings.preview(request.now, request.settings, request.wanted)
    return of(Preview, found, begins=_named(found, found.begins), ends=_named(found, found.ends))


def _named(found: settings.Preview, them: Sequence[tuple[MailDomain, DomainHealth]]) -> tuple[Named, ...]:
    return tuple(of(Named, it, health, needed=found.needed.get(it.key)) for it, health in them[:MOST])
