"""Customers: added, changed and removed, and given a public page."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.aws import user_pool
from mxtrax.errors import Changed, Exists, InUse, Missing, Refused
from mxtrax.model import Customer, Millis
from mxtrax.rules.should_be import no_customer, shown
from mxtrax.rules.validation import check_customer
from mxtrax.runtime.environment import Settings
from mxtrax.store import badges, customers

LINK_BYTES: Final = 24
"""Random bytes in the link of a public page: 192 bits."""


def known(actor: Actor, codename: str) -> Customer:
    """Find a customer. What may not be seen looks like what is not there."""
    found = customers.get(codename) if codename and actor.sees(codename) else None
    if found is None:
        raise Missing("customer", f"There is no customer {shown(codename)}.")
    return found


def check_there(field: str, codename: str) -> None:
    """Refuse a customer that nobody has added."""
    found = customers.get(codename)
    if found is None or found.ending:
        raise Refused(field, no_customer(field, codename))


def add(actor: Actor, now: Millis, wanted: Customer) -> Customer:
    """Add a customer."""
    new = check_customer(wanted)
    if not customers.add(new, entry(actor, now, "customer.add", _target(new), after=new)):
        raise Exists("codename", f"codename: {new.codename!r} already exists; change that one, or choose another code.")
    return new


def change(actor: Actor, now: Millis, codename: str, wanted: Mapping[str, Any], *, seen: int | None = None) -> Customer:
    """Change a customer's name, whom its alerts go to, or its public note; what is not wanted otherwise stays."""
    before = _seen(actor, codename, seen)
    values = {**wanted, "alertuser": tuple(wanted["alertuser"])} if "alertuser" in wanted else wanted
    return _save(actor, now, "customer.change", before, check_customer(replace(before, **values)))


def end(actor: Actor, now: Millis, settings: Settings, codename: str, *, seen: int | None = None) -> list[str]:
    """Begin to remove a customer that has no domains any more, and give the names of those who are bound to it.

    From then on nothing can come to it. The audit names its people before they lose their access.
    """
    before = _seen(actor, codename, seen)
    bound = user_pool.bound_to(settings.user_pool, codename)
    if not before.ending:
        gone = {name: getattr(before, name) for name in ("codename", "friendlyname", "alertuser")} | {"people": bound}
        if not customers.end(before, entry(actor, now, "customer.remove", _target(before), before=gone)):
            _check_unchanged(actor, before)
            raise InUse("codename", f"codename: {codename!r} still has domains; move or remove them first.")
    if before.link:
        badges.expire(before.link)
    return bound


def make_link(actor: Actor, now: Millis, codename: str) -> Customer:
    """Create a customer's public page, or a new link to it. The old link stops working."""
    before = known(actor, codename)
    return _save(actor, now, "customer.link", before, replace(before, link=secrets.token_urlsafe(LINK_BYTES)))


def end_link(actor: Actor, now: Millis, codename: str) -> Customer:
    """Close a customer's public page. It is no error if there is none."""
    before = known(actor, codename)
    return _save(actor, now, "customer.unlink", before, replace(before, link="")) if before.link else before


def _check_unchanged(actor: Actor, before: Customer) -> None:
    current = known(actor, before.codename)
    if current.version != before.version:
        raise Changed(current)


def _seen(actor: Actor, codename: str, seen: int | None) -> Customer:
    found = known(actor, codename)
    if seen is not None and seen != found.version:
        raise Changed(found)
    return found


def _save(actor: Actor, now: Millis, what: str, before: Customer, after: Customer) -> Customer:
    """Save a customer. The audit tells that there is a public page, and not where."""
    if after == before:
        return before
    sides: tuple[object, object] = before, after
    if before.link != after.link:
        sides = {"public": bool(before.link)}, {"public": bool(after.link)}
    done = entry(actor, now, what, _target(before), before=sides[0], after=sides[1])
    if not customers.save(after, done):
        raise Changed(known(actor, before.codename))
    if before.link and after.link != before.link:
        badges.expire(before.link)
    return replace(after, version=before.version + 1)


def _target(it: Customer) -> str:
    return f"customer {it.codename}"
