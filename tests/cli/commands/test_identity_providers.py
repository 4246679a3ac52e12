"""Companies' identity providers: added with a secret that no shell keeps, offered by a deployment, removed afterwards."""

from dataclasses import replace

import boto3
import pytest

from mxtrax.store import audit
from tests.cli.operator import Operator

OIDC = ("--issuer", "https://login.microsoftonline.com/7c1e/v2.0", "--client-id", "us")
SAML = ("--metadata", "https://idp.example/metadata")


@pytest.fixture
def house(operator: Operator) -> Operator:
    """Give the operator a pool whose client offers only passwords."""
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="console", SupportedIdentityProviders=["COGNITO"]
    )["UserPoolClient"]["ClientId"]
    login = "https://mx-7.auth.eu-west-1.amazoncognito.com"
    operator.outputs |= {"UserPoolId": pool, "ConsoleClientId": client, "TokenUrl": f"{login}/oauth2/token"}
    operator.it.settings = replace(operator.it.settings, user_pool=pool)
    return operator


def _offer(house: Operator, *names: str) -> None:
    boto3.client("cognito-idp").update_user_pool_client(
        UserPoolId=house.outputs["UserPoolId"],
        ClientId=house.outputs["ConsoleClientId"],
        SupportedIdentityProviders=["COGNITO", *names],
    )


def _details(house: Operator, name: str) -> dict[str, str]:
    pool = house.outputs["UserPoolId"]
    found = boto3.client("cognito-idp").describe_identity_provider(UserPoolId=pool, ProviderName=name)
    return dict(found["IdentityProvider"]["ProviderDetails"])


def _noted() -> set[str]:
    """Give the audit entries: all of the same moment, so unordered."""
    return {it.what for it in audit.latest(9).items}


def test_an_oidc_provider_is_added_and_named_to_the_deployment(house: Operator) -> None:
    """Its secret comes from standard input, and is neither in the audit nor in the output."""
    result = house.says("identity-providers", "add", "Entra", *OIDC, "--claim", "preferred_username", stdin="s3cret\n")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "deploy with IdentityProviders=COGNITO,Entra; then invite" in result.stderr
    details = _details(house, "Entra")
    assert (details["client_id"], details["client_secret"]) == ("us", "s3cret")
    assert details["oidc_issuer"] == OIDC[1]
    (noted,) = audit.latest(9).items
    assert (noted.what, noted.target) == ("identity-provider.add", "identity-provider Entra")
    assert noted.after == {
        "name": "Entra",
        "protocol": "oidc",
        "url": OIDC[1],
        "client": "us",
        "claim": "preferred_username",
    }


def test_the_list_says_what_is_offered_and_what_a_provider_has_to_know(house: Operator) -> None:
    """A redirect URI for OIDC; an address and an entity ID for SAML."""
    empty = house.says("identity-providers", "list")
    assert "There are no identity providers" in empty.stderr + empty.stdout
    house.says("identity-providers", "add", "Entra", *OIDC, stdin="s3cret")
    house.says("identity-providers", "add", "Adfs", *SAML)
    _offer(house, "Entra")
    listed = {it["name"]: it for it in house.reads("identity-providers", "list")}
    assert {name: it["offered"] for name, it in listed.items()} == {"Adfs": False, "Entra": True}
    assert listed["Adfs"]["claim"].endswith("/claims/emailaddress")
    assert "s3cret" not in str(listed)
    said = house.says("identity-providers", "list")
    assert "not offered yet: deploy" in said.stdout
    assert "https://mx-7.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse" in said.stderr
    assert f"urn:amazon:cognito:sp:{house.outputs['UserPoolId']}" in said.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Entra",), "give either --issuer (OIDC) or --metadata (SAML)"),
        (("Entra", *OIDC, *SAML), "give either --issuer (OIDC) or --metadata (SAML)"),
        (("Google", *OIDC), "should be 3 to 32 letters, digits and hyphens"),
        (("En tra", *OIDC), "should be 3 to 32 letters, digits and hyphens"),
        (
            ("Entra", "--issuer", "http://login.example", "--client-id", "us"),
            "should be a URL that begins with https://",
        ),
        (
            ("Entra", "--issuer", "https://login.microsoftonline.com/common/v2.0", "--client-id", "us"),
            "for the people of any tenant",
        ),
        (("Entra", *OIDC[:2]), "an OIDC provider knows us by a client id"),
        (("Entra", *OIDC, "--claim", "e mail"), "should be the name of a claim"),
    ],
)
def test_what_cannot_be_one_is_refused(house: Operator, words: tuple[str, ...], why: str) -> None:
    """Before the user pool is called."""
    result = house.says("identity-providers", "add", *words, stdin="s3cret")
    assert (result.exit_code, why in result.stderr.replace("\n", " ")) == (2, True), result.stderr
    assert house.reads("identity-providers", "list") == []


def test_a_client_without_a_secret_is_refused(house: Operator) -> None:
    """Cognito would find out at the first sign-in."""
    result = house.says("identity-providers", "add", "Entra", *OIDC, stdin=" \n")
    assert (result.exit_code, "an OIDC provider gives our client a secret" in result.stderr) == (2, True)


def test_a_clients_new_secret_takes_the_old_ones_place(house: Operator) -> None:
    """The rest stays as it is. A SAML provider has none."""
    house.does("identity-providers", "add", "Entra", *OIDC, stdin="s3cret")
    house.does("identity-providers", "renew", "Entra", stdin="n3w\n")
    details = _details(house, "Entra")
    assert [details[name] for name in ("client_secret", "oidc_issuer", "client_id")] == ["n3w", OIDC[1], "us"]
    assert "identity-provider.renew" in _noted()
    house.does("identity-providers", "add", "Adfs", *SAML)
    result = house.says("identity-providers", "renew", "Adfs", stdin="n3w")
    assert (result.exit_code, "gives no secret" in result.stderr) == (2, True)


def test_one_that_people_are_offered_stays(house: Operator) -> None:
    """Its button would lead nowhere; once it is not offered, it is removed, after a question."""
    house.does("identity-providers", "add", "Adfs", *SAML)
    _offer(house, "Adfs")
    result = house.says("identity-providers", "remove", "Adfs", "--yes")
    assert (result.exit_code, "deploy without it in IdentityProviders first" in result.stderr) == (2, True)
    _offer(house)
    assert house.says("identity-providers", "remove", "Adfs", stdin="n\n").exit_code == 1
    house.does("identity-providers", "remove", "Adfs", "--yes")
    assert "identity-provider.remove" in _noted()
    assert house.says("identity-providers", "remove", "Adfs", "--yes").exit_code == 1


def test_somebody_is_invited_to_one(house: Operator) -> None:
    """On the command line as in the console; an unknown name is refused."""
    invite = ("users", "add", "ann@operator.example", "--role", "viewer", "--identity-provider", "Adfs")
    result = house.says(*invite)
    assert (result.exit_code, "there is no identity provider 'Adfs'" in result.stderr) == (2, True)
    house.does("identity-providers", "add", "Adfs", *SAML)
    house.outputs["ApiUrl"] = "https://console.example"
    for group in ("viewer", "operator", "admin"):
        boto3.client("cognito-idp").create_group(UserPoolId=house.outputs["UserPoolId"], GroupName=group)
    house.does(*invite)
    (listed,) = house.reads("users", "list")
    assert (listed["identity_provider"], listed["role"]) == ("Adfs", "viewer")
    assert "Adfs" in house.does("users", "list")
