"""Requirements for a company's identity provider, so that exactly the invited people can sign in with it."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.rules import should_be


class Protocol(StrEnum):
    """A provider's protocol: OpenID Connect Core 1.0, or SAML 2.0."""

    OIDC = "oidc"
    SAML = "saml"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """What a company's people sign in with.

    `url` is the issuer (OIDC) or the address of its metadata (SAML), `client` our id there (OIDC only), `claim` the
    claim or attribute that has the person's mail address.
    """

    name: str
    protocol: Protocol
    url: str
    claim: str
    client: str = ""


OWN: Final = "COGNITO"
"""Cognito's name for the user pool's own passwords and passkeys, in the list of providers."""

CLAIMS: Final = {
    Protocol.OIDC: "email",
    Protocol.SAML: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
}
"""Where the address usually is."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,30}[A-Za-z0-9]")
_RESERVED: Final = frozenset({"cognito", "facebook", "google", "signinwithapple", "loginwithamazon"})
_CLAIM: Final = re.compile(r"[\x21-\x7e]{1,256}")
_OF_ALL: Final = frozenset({"common", "organizations", "consumers"})
"""Microsoft's names for tenants that anybody can belong to, and claim any address."""


def check(it: IdentityProvider) -> None:
    """Raise Refused if a provider cannot work, or would let in people from outside the company."""
    if not _NAME.fullmatch(it.name) or it.name.lower() in _RESERVED:
        raise Refused(
            "name",
            f"name: {should_be.shown(it.name)} should be 3 to 32 letters, digits and hyphens, such as Entra, "
            "and none of Cognito's own (Google: GoogleWorkspace).",
        )
    parts = urlsplit(it.url)
    if parts.scheme != "https" or not parts.hostname or parts.username or any(sign.isspace() for sign in it.url):
        raise Refused("url", f"url: {should_be.shown(it.url)} should be a URL that begins with https://.")
    if parts.hostname.endswith("microsoftonline.com") and _OF_ALL & set(parts.path.lower().split("/")):
        raise Refused("url", "url: this is for the people of any tenant; use your own tenant's id instead.")
    if not _CLAIM.fullmatch(it.claim):
        raise Refused("claim", f"claim: {should_be.shown(it.claim)} should be the name of a claim, such as email.")
    if it.protocol is Protocol.OIDC and not it.client:
        raise Refused("client", "client: an OIDC provider knows us by a client id.")
