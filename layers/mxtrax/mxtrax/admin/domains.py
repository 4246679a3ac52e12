"""The domains that are tested: added, changed, moved, paused, resumed and removed, one or many at once."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from typing import Any, Final

from mxtrax.admin import customers
from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.admin.settings import current
from mxtrax.errors import Changed, Exists, Missing, MxtraxError, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import Config, MailDomain, Millis, Scope
from mxtrax.rules.should_be import shown
from mxtrax.rules.validation import check_domain
from mxtrax.runtime.environment import Settings
from mxtrax.store import fleet, windows
from mxtrax.store.health import health_of

TRIES: Final = 3
"""How often a domain is tried to be removed while its tests are being counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to change about a domain: parts of it, and tags to add or remove."""

    parts: Mapping[str, Any] = field(default_factory=dict)
    add_tags: AbstractSet[str] = frozenset()
    remove_tags: AbstractSet[str] = frozenset()

    def of(self, before: MailDomain) -> MailDomain:
        """Give a domain as it is wanted. Nothing is checked."""
        tags = frozenset(self.parts.get("tags", before.tags)) | self.add_tags
        return replace(before, **{**self.parts, "tags": tags - self.remove_tags})


@dataclass(frozen=True, slots=True)
class Unchangeable:
    """A domain that cannot be changed, by its number, and why."""

    number: int
    why: MxtraxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a change to many domains did, or would do: those changed, before and after, the unchanged, the refused."""

    changed: tuple[tuple[MailDomain, MailDomain], ...]
    unchanged: tuple[int, ...]
    refused: tuple[Unchangeable, ...]


def known(actor: Actor, number: int) -> MailDomain:
    """Find a domain by its number, as it is at this moment. What may not be seen looks like what is not there."""
    found = fleet.by_id(number)
    if found is None or not actor.sees(found.customer):
        raise missing(str(number))
    return found


def missing(name: str) -> Missing:
    """Say that there is no such domain."""
    return Missing("maildomain", f"There is no domain {shown(name)}.")


def add(actor: Actor, now: Millis, settings: Settings, wanted: MailDomain) -> MailDomain:
    """Add a domain."""
    new = replace(_checked(wanted, current(settings)), added=now)
    added = fleet.add([new], lambda it: entry(actor, now, "maildomain.add", it.key, after=it))
    if not added:
        raise Exists("domainname", f"domainname: {new.address} already exists; change that one.")
    return added[0]


def change(
    actor: Actor, now: Millis, settings: Settings, number: int, wanted: Mapping[str, Any], *, seen: int | None = None
) -> MailDomain:
    """Change parts of a domain. Its address stays: another address is another domain with its own history."""
    before = known(actor, number)
    if seen is not None and seen != before.version:
        raise Changed(before)
    return _save(actor, now, before, _checked(Wish(parts=wanted).of(before), current(settings), before))


def change_many(
    actor: Actor, now: Millis, settings: Settings, numbers: Iterable[int], wish: Wish, *, preview: bool = False
) -> Outcome:
    """Change many domains, or tell what that would do. Each is changed or refused by itself."""
    config = current(settings)
    changed, unchanged, refused = list[tuple[MailDomain, MailDomain]](), list[int](), list[Unchangeable]()
    for number in dict.fromkeys(numbers):
        try:
            before = known(actor, number)
            after = _checked(wish.of(before), config, before)
            if after != before and not preview:
                _save(actor, now, before, after)
        except MxtraxError as error:
            refused.append(Unchangeable(number, error))
            continue
        if after == before:
            unchanged.append(number)
        else:
            changed.append((before, after))
    return Outcome(changed=tuple(changed), unchanged=tuple(unchanged), refused=tuple(refused))


def remove(actor: Actor, now: Millis, number: int, *, seen: int | None = None) -> MailDomain:
    """Remove a domain with what is known of it and its windows, and end its incident; its days stay in the figures.

    The same address, added again, starts afresh.
    """
    for _ in range(TRIES):
        before = known(actor, number)
        if seen is not None and seen != before.version:
            raise Changed(before)
        health = health_of(before.key)
        its = [it for it in windows.everything() if it.scope is Scope.DOMAIN and it.target == before.key]
        done = entry(actor, now, "maildomain.remove", before.key, before=before)
        if fleet.remove(before, health, now, done, windows=its):
            return before
    raise TryAgain(f"{before.address} is being tested or changed just now; try again.")


def _checked(wanted: MailDomain, config: Config, before: MailDomain | None = None) -> MailDomain:
    """Check a domain, and that the customer it comes to is there."""
    after = check_domain(wanted, config)
    if after.customer and (before is None or after.customer != before.customer):
        customers.check_there("customer", after.customer)
    return after


def _save(actor: Actor, now: Millis, before: MailDomain, after: MailDomain) -> MailDomain:
    if after == before:
        return before
    done = entry(actor, now, "maildomain.change", before.key, before=before, after=after)
    if not fleet.save(after, done):
        raise Changed(known(actor, before.id))
    return replace(after, version=before.version + 1)
