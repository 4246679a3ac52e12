"""Branding: the operator's name, contact and logo, and a note to all customers, as all public pages show them."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Changed
from mxtrax.model import Branding, Millis
from mxtrax.rules.branding import check_branding
from mxtrax.store import branding


def current() -> Branding:
    """Read the branding as it is now."""
    return branding.load()


def change(actor: Actor, now: Millis, wanted: Mapping[str, Any], *, seen: int | None = None) -> Branding:
    """Change parts of the branding; what is not wanted otherwise stays. The audit tells that there is a logo, not which."""
    before = current()
    if seen is not None and seen != before.version:
        raise Changed(before)
    after = check_branding(replace(before, **wanted))
    if after == before:
        return before
    sides = (asdict(it) | {"logo": f"{len(it.logo)} characters" if it.logo else ""} for it in (before, after))
    was, will_be = ({name: value for name, value in each.items() if name != "version"} for each in sides)
    if not branding.save(after, entry(actor, now, "branding.change", "branding", before=was, after=will_be)):
        raise Changed(current())
    return replace(after, version=before.version + 1)
