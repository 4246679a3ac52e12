"""What the account offers for signing in: before the first deployment what that needs, afterwards what is there.

Prices are AWS's list prices of September 2026.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from infra.cli.doctor.findings import good, note, problem
from infra.cli.preflight.account import Account, Found
from mxtrax.rules.identity_provider import OWN

PLAN: Final = "ESSENTIALS"


def plan(account: Account) -> Found:
    """Check that Cognito is available, and the pool's plan has managed login, passkeys and rotated tokens."""
    pool = account.user_pool
    if pool is None:
        try:
            account.client("cognito-idp").list_user_pools(MaxResults=1)
        except BotoCoreError:
            return Found(problem("Cognito is not in this region: choose another."))
        said = (
            "the stack uses Cognito's Essentials plan: 10,000 people a month are free with passwords or passkeys, 50 "
            "with a company's identity provider; each further one is 0.015 USD."
        )
        return Found(good(said))
    tier = pool.get("UserPoolTier", "")
    if tier not in {PLAN, "PLUS"}:
        return Found(problem(f"the user pool's plan is {tier or 'unknown'}: deploy again, it must be Essentials."))
    return Found(good(f"the user pool's plan is {tier.capitalize()}."))


def pages(account: Account) -> Found:
    """Check that the sign-in pages are there: a domain, managed login, and its branding."""
    outputs = account.outputs
    if outputs is None:
        return Found(good("the stack makes managed login pages at Cognito's own domain, which needs no certificate."))
    login = _login(outputs)
    found = account.client("cognito-idp").describe_user_pool_domain(Domain=login.partition(".")[0])
    if found["DomainDescription"].get("ManagedLoginVersion") != 2:
        return Found(problem(f"https://{login} does not have managed login, and so no passkeys: deploy again."))
    try:
        account.client("cognito-idp").describe_managed_login_branding_by_client(
            UserPoolId=outputs["UserPoolId"], ClientId=outputs["ConsoleClientId"]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return Found(problem(f"https://{login} has no branding, so it shows no page: deploy again."))
    own = (account.user_pool or {}).get("CustomDomain", "")
    if own:
        said = f"the user pool has a custom domain, {own}: passkeys must be for that one, but people use {login}."
        return Found(note(said))
    return Found(good(f"people sign in at https://{login}, which needs no certificate of yours."))


def passkeys(account: Account) -> Found:
    """Check whether passkeys are offered, and are for the sign-in domain."""
    outputs, pool = account.outputs, account.user_pool
    if outputs is None or pool is None:
        return Found(note("passkeys are offered with Passkeys=true. They end with the stack's sign-in domain."))
    if "WEB_AUTHN" not in pool.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", []):
        return Found(good("passkeys are not offered; deploy with Passkeys=true to offer them."))
    set_up = _factors(account, outputs).get("WebAuthnConfiguration", {})
    login = _login(outputs)
    if set_up.get("RelyingPartyId") != login:
        said = f"passkeys are for {set_up.get('RelyingPartyId', 'no domain')}, and people sign in at {login}: deploy again."
        return Found(problem(said))
    if set_up.get("UserVerification") != "required":
        return Found(problem("passkeys do not ask for a finger, a face or a PIN: deploy again."))
    return Found(good(f"passkeys are offered, for {login}, and ask for a finger, a face or a PIN."))


def second_factor(account: Account) -> Found:
    """Check whether a password needs a second factor, and a passkey counts as two."""
    outputs, pool = account.outputs, account.user_pool
    if outputs is None or pool is None:
        return Found(note("a second factor is optional unless you deploy with Mfa=ON."))
    if pool.get("MfaConfiguration") != "ON":
        return Found(
            note("a password alone is enough to sign in: with Mfa=ON, everybody sets up an authenticator app.")
        )
    passkey = _factors(account, outputs).get("WebAuthnConfiguration", {})
    if passkey and passkey.get("FactorConfiguration") != "MULTI_FACTOR_WITH_USER_VERIFICATION":
        return Found(problem("a second factor is required and a passkey counts as only one: deploy again."))
    return Found(good("people who sign in with a password need an authenticator app."))


def sessions(account: Account) -> Found:
    """Check that a refresh token can be used once, and is revoked on signing out."""
    outputs = account.outputs
    if outputs is None:
        return Found(good("the stack rotates refresh tokens, and revokes them on signing out."))
    client = _client(account, outputs)
    lacks = []
    if client.get("RefreshTokenRotation", {}).get("Feature") != "ENABLED":
        lacks.append("are not rotated")
    if not client.get("EnableTokenRevocation"):
        lacks.append("cannot be revoked")
    if lacks:
        return Found(problem(f"refresh tokens {' and '.join(lacks)}: deploy again."))
    return Found(good("refresh tokens are rotated, and revoked on signing out."))


def identity_providers(account: Account) -> Found:
    """Check that all companies' identity providers that sign-in offers exist, and that all existing ones are offered."""
    outputs = account.outputs
    if outputs is None:
        return Found(good("companies' identity providers are added after the first deployment (docs/sign-in.md)."))
    offered = {it for it in _client(account, outputs).get("SupportedIdentityProviders", []) if it != OWN}
    found = account.client("cognito-idp").list_identity_providers(UserPoolId=outputs["UserPoolId"], MaxResults=60)
    there = {it["ProviderName"] for it in found["Providers"]}
    if gone := sorted(offered - there):
        return Found(problem(f"sign-in offers {', '.join(gone)}, which does not exist: deploy without it."))
    listed = ",".join([OWN, *sorted(there)])
    if new := sorted(there - offered):
        return Found(note(f"{', '.join(new)} exists but is not offered."), {"IdentityProviders": listed})
    if not there:
        return Found(good("people sign in with a password or a passkey."))
    return Found(good(f"sign-in offers {', '.join(sorted(there))}."), {"IdentityProviders": listed})


def _client(account: Account, outputs: dict[str, str]) -> dict[str, Any]:
    asked = {"UserPoolId": outputs["UserPoolId"], "ClientId": outputs["ConsoleClientId"]}
    return dict(account.client("cognito-idp").describe_user_pool_client(**asked)["UserPoolClient"])


def _factors(account: Account, outputs: dict[str, str]) -> dict[str, Any]:
    return dict(account.client("cognito-idp").get_user_pool_mfa_config(UserPoolId=outputs["UserPoolId"]))


def _login(outputs: dict[str, str]) -> str:
    """Give the sign-in domain."""
    return urlsplit(outputs["TokenUrl"]).netloc
