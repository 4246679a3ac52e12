"""The channels that people add: kept as they were checked, with what is secret of them apart."""

import secrets as made_up
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mxtrax.admin import customers
from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.admin.channel_test import found, known, name_of
from mxtrax.aws import secrets
from mxtrax.errors import Changed, Refused, TryAgain
from mxtrax.model import ChannelConfig, ChannelKind, Millis
from mxtrax.notify.catalog import SERVICES
from mxtrax.rules.channels import check_name
from mxtrax.rules.validation import check_tags
from mxtrax.runtime.environment import Settings
from mxtrax.store import channels
from mxtrax.store.channels import Channels

MOST: Final = 50
"""Channels that there may be: each is asked in every run that has something to tell."""

MAX_SETTING: Final = 2_000


def add(actor: Actor, now: Millis, settings: Settings, kind: ChannelKind, wanted: Mapping[str, Any]) -> ChannelConfig:
    """Add a channel. `settings` in `wanted` is everything for its service, secret or not."""
    before = channels.load()
    if len(before.them) >= MOST:
        raise Refused("channels", f"channels: at most {MOST} are allowed; remove those that nobody needs.")
    service = SERVICES[kind]
    told, secret = service.told(wanted.get("settings", {}))
    new = ChannelConfig(id=made_up.token_hex(8), kind=kind, name=service.title, version=1)
    new = _checked(replace(new, **{**wanted, "settings": told}))
    if not actor.sees(new.customer):
        raise Refused("customer", "customer: this should be your own.")
    if secret:
        secrets.put(_secret(settings, new), secret, settings.kms_key)
    told_of = entry(actor, now, "channel.add", name_of(new), after=new)
    if not channels.save(before, (*before.them, new), told_of, customer=new.customer):
        secrets.delete(_secret(settings, new))
        raise TryAgain("Somebody else changed the channels just now; try again.")
    return new


def change(
    actor: Actor, now: Millis, settings: Settings, number: str, wanted: Mapping[str, Any], *, seen: int | None = None
) -> ChannelConfig:
    """Change parts of a channel. Its service's settings are given as a whole, or not at all."""
    everything = channels.load()
    before = _seen(everything, number, seen)
    parts, secret = dict(wanted), None
    if "settings" in parts:
        parts["settings"], secret = SERVICES[before.kind].told(parts["settings"])
    after = _checked(replace(before, **parts))
    if after == before and secret is None:
        return before
    after = replace(after, version=before.version + 1)
    if secret:
        secrets.put(_secret(settings, before), secret, settings.kms_key)
    them = [after if it.id == number else it for it in everything.them]
    told = entry(actor, now, "channel.change", name_of(before), before=before, after=after)
    if not channels.save(everything, them, told, customer=after.customer):
        raise Changed(known(number))
    if secret is not None:
        channels.note_state(number, replace(channels.state_of(number), not_before=0))
    return after


def remove(actor: Actor, now: Millis, settings: Settings, number: str, *, seen: int | None = None) -> ChannelConfig:
    """Remove a channel and its secrets."""
    everything = channels.load()
    before = _seen(everything, number, seen)
    them = [it for it in everything.them if it.id != number]
    if not channels.save(everything, them, entry(actor, now, "channel.remove", name_of(before), before=before)):
        raise Changed(known(number))
    secrets.delete(_secret(settings, before))
    return before


def _seen(everything: Channels, number: str, seen: int | None) -> ChannelConfig:
    it = found(everything, number)
    if seen is not None and seen != it.version:
        raise Changed(it)
    return it


def _checked(it: ChannelConfig) -> ChannelConfig:
    if it.customer:
        customers.check_there("customer", it.customer)
    return replace(it, name=check_name(it.name), tags=check_tags(it.tags))


def _secret(settings: Settings, it: ChannelConfig) -> str:
    return f"{settings.secrets}/{it.id}"
