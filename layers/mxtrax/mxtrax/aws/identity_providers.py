"""The identity providers of companies that people may sign in with, kept by Cognito."""

from typing import Any, Final

from mxtrax.aws.cognito import NAMES_THEM, ask
from mxtrax.rules.identity_provider import IdentityProvider, Protocol

_SCOPES: Final = "openid email profile"
_URLS: Final = {Protocol.OIDC: "oidc_issuer", Protocol.SAML: "MetadataURL"}


def create(pool: str, it: IdentityProvider, secret: str = "") -> None:
    """Add a provider that was checked. `secret` is what an OIDC provider gave our client. Raises Exists."""
    if it.protocol is Protocol.OIDC:
        details = {
            "client_id": it.client,
            "client_secret": secret,
            _URLS[it.protocol]: it.url,
            "authorize_scopes": _SCOPES,
            "attributes_request_method": "GET",
        }
    else:
        details = {_URLS[it.protocol]: it.url}
    ask(
        pool,
        "create_identity_provider",
        ProviderName=it.name,
        ProviderType=it.protocol.upper(),
        ProviderDetails=details,
        AttributeMapping={NAMES_THEM: it.claim},
    )


def renew(pool: str, name: str, secret: str) -> None:
    """Give our client's new secret at an OIDC provider; the rest stays. Raises Missing."""
    details = _described(pool, name)["ProviderDetails"]
    ask(pool, "update_identity_provider", ProviderName=name, ProviderDetails={**details, "client_secret": secret})


def everything(pool: str) -> list[IdentityProvider]:
    """Give all providers."""
    return [get(pool, name) for name in names(pool)]


def get(pool: str, name: str) -> IdentityProvider:
    """Give a provider that is there. Raises Missing."""
    return _read(_described(pool, name))


def names(pool: str) -> list[str]:
    """Give the names of all that are companies' own: one call for sixty of them."""
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        given = ask(pool, "list_identity_providers", MaxResults=60, **after)
        found += [it["ProviderName"] for it in given["Providers"] if it["ProviderType"].lower() in list(Protocol)]
        if "NextToken" not in given:
            return sorted(found)
        after = {"NextToken": given["NextToken"]}


def remove(pool: str, name: str) -> None:
    """Remove a provider: nobody signs in with it any more. Raises Missing."""
    ask(pool, "delete_identity_provider", ProviderName=name)


def offered(pool: str, client: str) -> list[str]:
    """Give the names of what a client's people may sign in with: COGNITO is the pool's own password or passkey."""
    found = ask(pool, "describe_user_pool_client", ClientId=client)["UserPoolClient"]
    return list(found.get("SupportedIdentityProviders", []))


def _described(pool: str, name: str) -> dict[str, Any]:
    return dict(ask(pool, "describe_identity_provider", ProviderName=name)["IdentityProvider"])


def _read(said: dict[str, Any]) -> IdentityProvider:
    details, protocol = said["ProviderDetails"], Protocol(said["ProviderType"].lower())
    return IdentityProvider(
        name=said["ProviderName"],
        protocol=protocol,
        url=details.get(_URLS[protocol], ""),
        claim=said.get("AttributeMapping", {}).get(NAMES_THEM, ""),
        client=details.get("client_id", ""),
    )
