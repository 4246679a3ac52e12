"""The identity providers of companies: what people sign in with who were invited to."""

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.aws import identity_providers
from mxtrax.errors import InUse, Missing, Refused
from mxtrax.model import Millis
from mxtrax.rules import should_be
from mxtrax.rules.identity_provider import IdentityProvider, Protocol, check
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit


def add(actor: Actor, now: Millis, settings: Settings, it: IdentityProvider, secret: str = "") -> None:
    """Add a provider; `secret` is what an OIDC provider gave our client. People are offered it by a deployment."""
    check(it)
    if it.protocol is Protocol.OIDC:
        _check_secret(secret)
    identity_providers.create(settings.user_pool, it, secret.strip())
    audit.note(entry(actor, now, "identity-provider.add", _target(it.name), after=it))


def renew(actor: Actor, now: Millis, settings: Settings, name: str, secret: str) -> None:
    """Take the new secret that an OIDC provider gave our client, before the old one expires."""
    if known(settings, name).protocol is not Protocol.OIDC:
        raise Refused(
            "name", f"name: {name} is a SAML provider; it gives no secret, and its metadata are read by themselves."
        )
    _check_secret(secret)
    identity_providers.renew(settings.user_pool, name, secret.strip())
    audit.note(entry(actor, now, "identity-provider.renew", _target(name)))


def remove(actor: Actor, now: Millis, settings: Settings, name: str, client: str) -> None:
    """Remove a provider that no deployment offers any more; `client` is the console's id in the user pool.

    Those who were invited to it keep their roles, and can sign in by a new password.
    """
    before = known(settings, name)
    if name in identity_providers.offered(settings.user_pool, client):
        raise InUse("name", f"name: people are offered {name}; deploy without it in IdentityProviders first.")
    identity_providers.remove(settings.user_pool, name)
    audit.note(entry(actor, now, "identity-provider.remove", _target(name), before=before))


def known(settings: Settings, name: str) -> IdentityProvider:
    """Find a provider by its name. Raises Missing."""
    if name in identity_providers.names(settings.user_pool):
        return identity_providers.get(settings.user_pool, name)
    raise Missing("identity-provider", f"There is no identity provider {should_be.shown(name)}.")


def check_there(settings: Settings, name: str) -> None:
    """Raise Refused if nobody can be invited to sign in with a provider, since there is none of this name."""
    there = identity_providers.names(settings.user_pool)
    if not there:
        said = f"there is no identity provider {should_be.shown(name)}; `mxtrax identity-providers add` adds one."
        raise Refused("identity_provider", f"identity_provider: {said}")
    if name not in there:
        raise Refused("identity_provider", should_be.one_of("identity_provider", name, there))


def _check_secret(secret: str) -> None:
    if not secret.strip():
        raise Refused("secret", "secret: an OIDC provider gives our client a secret; it is read from standard input.")


def _target(name: str) -> str:
    return f"identity-provider {name}"
