"""Signing in with a company's identity provider, through the local AWS's own sign-in pages and tokens."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest

from infra.local.aws import surroundings
from infra.local.ministack import Ministack
from mxtrax.aws import identity_providers, user_pool
from mxtrax.rules.identity_provider import IdentityProvider, Protocol
from mxtrax.rules.roles import GROUPS, Role, access_of
from tests.e2e.company import Company, open_for_business
from tests.stack import Stack

CONSOLE = "https://console.example/"
NOT_OF_CREATE = {"UserPoolName", "EnabledMfas", "DeletionProtection", "UserPoolTier", "UserPoolId"}


@dataclass
class House:
    """A user pool as in the template, and a company's provider with which its people sign in."""

    endpoint: str
    pool: str
    client: str
    company: Company

    def sign_in(self, provider: str = "Company", **says: Any) -> tuple[str, set[str]]:
        """Sign in with a provider that makes these claims; give the name and groups that the API would get."""
        self.company.says = {"sub": "AAAA-opaque", "email_verified": True, **says}
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": CONSOLE,
            "scope": "openid email",
            "state": "s",
            "identity_provider": provider,
        }
        there = _location(f"{self.endpoint}/oauth2/authorize?{urlencode(asked)}")
        assert there.startswith(self.company.url)
        back = _location(_location(there))
        given = parse_qs(urlsplit(back).query)
        assert back.startswith(CONSOLE)
        assert given["state"] == ["s"]
        form = {"grant_type": "authorization_code", "code": given["code"][0], "redirect_uri": CONSOLE}
        status, _, body = _ask("POST", f"{self.endpoint}/oauth2/token", {**form, "client_id": self.client})
        assert status == 200, body
        middle = json.loads(body)["access_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return claims["username"], set(claims.get("cognito:groups", []))

    def names(self) -> set[str]:
        """Give the names of all who are in the pool."""
        return {it.name for it in user_pool.page(self.pool, 60)[0]}


def _location(url: str) -> str:
    status, headers, body = _ask("GET", url)
    assert status == 302, body
    return str(headers["Location"])


def _ask(method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, Any, str]:
    """Ask once, and follow nothing."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, f"{parts.path}?{parts.query}", urlencode(form or {}), headers)
    answer = connection.getresponse()
    given = answer.status, answer.headers, answer.read().decode()
    connection.close()
    return given


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the local AWS."""
    ministack = Ministack(tmp_path_factory.mktemp("ministack"))
    ministack.start()
    try:
        yield ministack.endpoint
    finally:
        ministack.stop()


@pytest.fixture
def house(endpoint: str) -> Iterator[House]:
    """Make a pool, two providers that say the same, and a client that offers them."""
    stack = Stack(LocalMode="true")
    wanted = {name: it for name, it in stack.properties("Users").items() if name not in NOT_OF_CREATE}
    with surroundings(endpoint), open_for_business() as company:
        cognito = boto3.Session().client("cognito-idp")
        pool = cognito.create_user_pool(PoolName="people", **wanted)["UserPool"]["Id"]
        for role in GROUPS:
            cognito.create_group(UserPoolId=pool, GroupName=role)
        for name in ("Company", "Customer"):
            it = IdentityProvider(name=name, protocol=Protocol.OIDC, url=company.url, claim="email", client="us")
            identity_providers.create(pool, it, "s3cret")
        asked = stack.properties("ConsoleClient") | {
            "UserPoolId": pool,
            "CallbackURLs": [CONSOLE],
            "LogoutURLs": [CONSOLE],
            "SupportedIdentityProviders": ["COGNITO", "Company", "Customer"],
        }
        client = cognito.create_user_pool_client(**asked)["UserPoolClient"]["ClientId"]
        yield House(endpoint, pool, client, company)


@pytest.mark.parametrize("invited", ["Ann@operator.example", "ann@operator.example"])
def test_the_first_sign_in_lands_in_the_user_who_was_invited(house: House, invited: str) -> None:
    """With the role of the invitation, by the same name each time, and nobody is added; in lower case or as invited."""
    user = user_pool.invite(house.pool, invited, ["operator"], provider="Company")
    assert (user.status, user_pool.find(house.pool, user.name)) == ("invited", user)
    for said in (invited, "ann@operator.example"):
        name, groups = house.sign_in(email=said)
        assert (name, access_of(groups)) == (user.name, (Role.OPERATOR, ""))
    assert house.names() == {user.name}
    known = user_pool.find(house.pool, user.name)
    assert (known.email, known.identity_provider, known.status) == (invited, "Company", "confirmed")
    assert house.company.secrets == ["s3cret", "s3cret"]


def test_a_customers_person_sees_that_customer_alone(house: House) -> None:
    """The binding of the invitation is in the token, too."""
    user_pool.invite(house.pool, "ann@operator.example", ["viewer", "customer:acme"], provider="Company")
    assert access_of(house.sign_in(email="ann@operator.example")[1]) == (Role.VIEWER, "acme")


def test_whoever_was_not_invited_has_no_access(house: House) -> None:
    """They are a user of their own, whom the list shows, without a role."""
    name, groups = house.sign_in(email="eve@operator.example")
    assert (name, access_of(groups)) == ("Company_AAAA-opaque", (None, ""))
    (eve,) = user_pool.page(house.pool, 60)[0]
    assert (eve.status, access_of(eve.groups)) == ("external provider", (None, ""))


def test_another_companys_provider_speaks_for_nobody_else(house: House) -> None:
    """A customer's provider can claim any address: one invited through another provider is not admitted."""
    user = user_pool.invite(house.pool, "ann@operator.example", ["admin"], provider="Company")
    name, groups = house.sign_in("Customer", email="ann@operator.example")
    assert (name, access_of(groups)) == ("Customer_AAAA-opaque", (None, ""))
    assert access_of(user_pool.find(house.pool, user.name).groups) == (Role.ADMIN, "")
    assert user_pool.find(house.pool, "ann@operator.example").name == user.name


def test_nobody_with_a_password_is_taken_over(house: House) -> None:
    """A person invited without a provider has none, whatever a provider claims."""
    user_pool.invite(house.pool, "ann@operator.example", ["admin"])
    assert access_of(house.sign_in(email="ann@operator.example")[1]) == (None, "")


def test_whoever_was_removed_has_no_access_any_more(house: House) -> None:
    """Though the provider still knows them."""
    user = user_pool.invite(house.pool, "ann@operator.example", ["admin"], provider="Company")
    house.sign_in(email="ann@operator.example")
    user_pool.remove(house.pool, user)
    assert access_of(house.sign_in(email="ann@operator.example")[1]) == (None, "")


def test_somebody_who_came_before_they_were_invited_is_deleted_first(house: House) -> None:
    """Cognito joins no two users: the one without a role goes, and then they are invited."""
    stranger, _ = house.sign_in(email="ann@operator.example")
    user_pool.remove(house.pool, user_pool.find(house.pool, stranger))
    user_pool.invite(house.pool, "ann@operator.example", ["viewer"], provider="Company")
    assert access_of(house.sign_in(email="ann@operator.example")[1]) == (Role.VIEWER, "")


def test_saml_goes_to_the_companys_own_pages(house: House) -> None:
    """What the local AWS keeps of a SAML provider leads there; it cannot check what would come back."""
    metadata = "https://idp.example/metadata"
    claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
    it = IdentityProvider(name="Adfs", protocol=Protocol.SAML, url=metadata, claim=claim)
    identity_providers.create(house.pool, it)
    assert it in identity_providers.everything(house.pool)
    assert identity_providers.names(house.pool) == ["Adfs", "Company", "Customer"]
    identity_providers.remove(house.pool, "Adfs")
    assert identity_providers.names(house.pool) == ["Company", "Customer"]
    assert identity_providers.offered(house.pool, house.client) == ["COGNITO", "Company", "Customer"]
