"""Who may sign in, and what they may do."""

from collections.abc import Mapping
from typing import Any

from mxtrax.admin import customers, identity_providers
from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.aws import user_pool
from mxtrax.aws.user_pool import User
from mxtrax.errors import Missing, Refused
from mxtrax.model import CUSTOMER_GROUP, Millis
from mxtrax.notify.channel import Context
from mxtrax.report.invitation import invitation
from mxtrax.rules import should_be
from mxtrax.rules.roles import GROUPS, Role, access_of, groups_of
from mxtrax.rules.validation import check_address
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, sessions
from mxtrax.store.config import load_config


def known(settings: Settings, name: str) -> User:
    """Find somebody by name, or by the address that they sign in with."""
    try:
        return user_pool.find(settings.user_pool, name)
    except Missing as nobody:
        raise Missing("user", f"There is no user {should_be.shown(name)}.") from nobody


def invite(
    actor: Actor, now: Millis, settings: Settings, email: str, wanted: Mapping[str, Any], *, password: str = ""
) -> User:
    """Invite somebody. They are mailed a first password, unless one is given or they sign in with a company's own.

    `wanted` has the `role`, the codename of the one `customer` that a viewer sees (None, or without it, they see all), and
    the name of the `identity_provider` that they sign in with (None, or without it, a password or passkey of their own).
    """
    address, groups = check_address("email", email), _groups(frozenset(), wanted)
    provider = wanted.get("identity_provider") or ""
    if provider:
        identity_providers.check_there(settings, provider)
    added = user_pool.invite(settings.user_pool, address, groups, password=password, provider=provider)
    if provider:
        _mail(added, now, settings)
    audit.note(entry(actor, now, "user.add", _target(added), after=_form(added)))
    _check_still_there(settings, added)
    return added


def change(actor: Actor, now: Millis, settings: Settings, name: str, wanted: Mapping[str, Any]) -> User:
    """Change somebody's `role`, whose domains alone they see (`customer`), or whether they may sign in (`enabled`).

    It holds at once: tokens that they have are void.
    """
    pool, before = settings.user_pool, known(settings, name)
    groups, enabled = _groups(before.groups, wanted), bool(wanted.get("enabled", before.enabled))
    if _is_oneself(actor, before) and not (enabled and access_of(groups) == (Role.ADMIN, "")):
        raise Refused("name", "name: this is you; another admin has to change your role.")
    after = user_pool.enable(pool, user_pool.regroup(pool, before, groups), enabled=enabled)
    if after != before:
        sessions.end([after.name], now)
        audit.note(entry(actor, now, "user.change", _target(after), before=_form(before), after=_form(after)))
        _check_still_there(settings, after)
    return after


def remove(actor: Actor, now: Millis, settings: Settings, name: str) -> User:
    """Remove a user, and end their sessions: tokens that they have are void."""
    before = known(settings, name)
    if _is_oneself(actor, before):
        raise Refused("name", "name: this is you; another admin has to remove you.")
    user_pool.remove(settings.user_pool, before)
    sessions.end([before.name], now)
    audit.note(entry(actor, now, "user.remove", _target(before), before=_form(before)))
    return before


def _mail(it: User, now: Millis, settings: Settings) -> None:
    """Write to somebody who signs in with a company's own; an invitation that cannot be sent is none."""
    from mxtrax.notify.mail import MailChannel  # noqa: PLC0415 -- what writes mails is not brought by each call

    config = load_config(settings.initial)
    channel = MailChannel(Context(now=now, config=config, settings=settings, customers={}, lines=lambda _: ()))
    mail = invitation(it.email, it.identity_provider, settings.console)
    if problem := channel.lacks() or channel.note(mail, it.email):
        user_pool.remove(settings.user_pool, it)
        raise Refused("email", f"email: the invitation could not be sent, so nobody was invited: {problem}")


def _check_still_there(settings: Settings, it: User) -> None:
    """Take their access from somebody who was bound to a customer just as it was removed: its next owner is another."""
    role, customer = access_of(it.groups)
    if role and customer:
        try:
            customers.check_there("customer", customer)
        except Refused:
            user_pool.regroup(settings.user_pool, it, it.groups - groups_of(role, customer))
            raise


def _groups(groups: frozenset[str], wanted: Mapping[str, Any]) -> frozenset[str]:
    """Give the groups that somebody of these groups is to be in. Those that mean nothing here stay."""
    role, bound = access_of(groups)
    customer = (wanted["customer"] or "") if "customer" in wanted else bound
    if "role" in wanted:
        role = _role(wanted["role"])
    if role is None:
        if "customer" in wanted:
            raise Refused("role", "role: this is required, too; the user has none.")
        return groups
    if customer and role is not Role.VIEWER:
        raise Refused("customer", f"customer: only viewers can be limited to one; {role.name.lower()}s see all.")
    if customer and customer != bound:
        customers.check_there("customer", customer)
    others = {group for group in groups if group not in GROUPS and not group.startswith(CUSTOMER_GROUP)}
    return groups_of(role, customer) | others


def _role(word: str) -> Role:
    if word not in GROUPS:
        raise Refused("role", should_be.one_of("role", word, GROUPS))
    return GROUPS[word]


def _is_oneself(actor: Actor, it: User) -> bool:
    """Say whether somebody is who is at work; names differ in more than their case."""
    return it.name.lower() == actor.name.lower()


def _form(it: User) -> dict[str, object]:
    role, customer = access_of(it.groups)
    return {
        "name": it.name,
        "email": it.email,
        "role": role.name.lower() if role else None,
        "customer": customer or None,
        "enabled": it.enabled,
        **({"identity_provider": it.identity_provider} if it.identity_provider else {}),
    }


def _target(it: User) -> str:
    return f"user {it.name}"
