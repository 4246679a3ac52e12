"""People: who is asking, who may sign in, and what they may do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from typing import Any

import boto3
import pytest
from moto.cognitoidp.exceptions import AliasExistsException
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.ses.models import ses_backends

from mxtrax.api import sessions
from mxtrax.model import SECOND, Customer
from mxtrax.store import audit, customers
from mxtrax.store import sessions as stored
from tests.api.client import NOW, Client

USERS = "/api/v3/users"

ANN = {"email": "ann@operator.example", "role": "viewer"}

NAME = "ann_at_operator.example"


@pytest.fixture
def house(client: Client) -> Client:
    """Give an admin, with two customers."""
    for codename in ("acme", "beta"):
        customers.add(Customer(codename=codename, friendlyname=codename))
    return client


def _groups(client: Client, name: str = NAME) -> set[str]:
    pool = client.settings.user_pool
    found = boto3.client("cognito-idp").admin_list_groups_for_user(UserPoolId=pool, Username=name)
    return {each["GroupName"] for each in found["Groups"]}


def _noted() -> set[str]:
    return {each.what for each in audit.latest(9).items}


def test_a_user_is_invited(house: Client) -> None:
    """By their address; the name in tokens and in the audit is readable, and is not an address."""
    answer = house.ask("POST", USERS, {"email": "Ann@Operator.EXAMPLE", "role": "viewer", "customer": "acme"})
    assert (answer.status, answer.headers["Location"]) == (201, f"{USERS}/Ann_at_operator.example")
    shown = {"name": "Ann_at_operator.example", "email": "Ann@operator.example", "role": "viewer", "customer": "acme"}
    rest = {"enabled": True, "status": "invited", "identity_provider": None, "created": answer.json["created"]}
    assert answer.json == {**shown, **rest}
    assert house.get(USERS).json == {"items": [answer.json], "next": None}
    assert _groups(house, "Ann_at_operator.example") == {"customer:acme"}
    noted = audit.latest(1).items[0]
    assert (noted.who, noted.what, noted.target) == ("anna", "user.add", "user Ann_at_operator.example")


def test_users_come_in_pages(house: Client) -> None:
    """Each user once, following the links."""
    for number in range(5):
        house.ask("POST", USERS, {"email": f"u{number}@operator.example", "role": "operator"})
    seen, url = [], f"{USERS}?limit=2"
    while url:
        answer = house.get(url).json
        seen += [it["email"] for it in answer["items"]]
        url = answer["next"]
    assert sorted(seen) == [f"u{number}@operator.example" for number in range(5)]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"role": "viewer"}, 400, "email"),
        ({**ANN, "role": "boss"}, 400, "role"),
        ({**ANN, "email": "ann"}, 422, "email"),
        ({**ANN, "email": "a/n@operator.example"}, 422, "email"),
        ({**ANN, "email": f"{'a' * 60}@{'b' * 60}.example"}, 422, "email"),
        ({**ANN, "customer": "nobody"}, 422, "customer"),
        ({**ANN, "role": "operator", "customer": "acme"}, 422, "customer"),
    ],
)
def test_what_cannot_be_is_refused(house: Client, body: dict[str, Any], status: int, field: str) -> None:
    """The sentence names the field, and nobody is added."""
    answer = house.ask("POST", USERS, body)
    assert (answer.status, answer.json["field"]) == (status, field)
    assert house.get(USERS).json["items"] == []


def test_nobody_is_invited_twice(house: Client) -> None:
    """Not in another spelling either."""
    house.ask("POST", USERS, ANN)
    assert house.ask("POST", USERS, ANN).status == 409


@pytest.mark.parametrize(
    ("first", "change", "groups"),
    [
        ({}, {"role": "admin"}, {"admin"}),
        ({}, {"customer": "beta"}, {"customer:beta"}),
        ({"customer": "acme"}, {"customer": "beta"}, {"customer:beta"}),
        ({"customer": "acme"}, {"customer": None}, {"viewer"}),
        ({"customer": "acme"}, {"customer": None, "role": "operator"}, {"operator"}),
        ({"role": "admin"}, {"customer": "acme", "role": "viewer"}, {"customer:acme"}),
        ({"role": "operator"}, {}, {"operator"}),
    ],
)
def test_what_somebody_may_do_is_changed(
    house: Client, first: dict[str, Any], change: dict[str, Any], groups: set[str]
) -> None:
    """Parts that are not given stay."""
    before = house.ask("POST", USERS, {**ANN, **first}).json
    answer = house.ask("PATCH", f"{USERS}/{NAME}", change)
    assert (answer.status, answer.json) == (200, {**before, **change})
    assert _groups(house) == groups
    assert _noted() == {"user.add", *(["user.change"] if change else [])}


def test_an_operator_is_not_bound_to_a_customer(house: Client) -> None:
    """Nor does a bound viewer get a higher role while bound: it must be explicit that they see all."""
    house.ask("POST", USERS, {**ANN, "customer": "acme"})
    answer = house.ask("PATCH", f"{USERS}/{NAME}", {"role": "operator"})
    assert (answer.status, answer.json["field"]) == (422, "customer")
    assert _groups(house) == {"customer:acme"}


def test_somebody_is_kept_out_and_let_in_again(house: Client) -> None:
    """Without losing their role."""
    house.ask("POST", USERS, ANN)
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"enabled": False}).json["enabled"] is False
    assert house.get(USERS).json["items"][0]["enabled"] is False
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"enabled": True}).json["role"] == "viewer"


def test_groups_that_mean_nothing_here_stay(house: Client) -> None:
    """Somebody else may have put them there."""
    house.ask("POST", USERS, ANN)
    pool, cognito = house.settings.user_pool, boto3.client("cognito-idp")
    cognito.create_group(UserPoolId=pool, GroupName="choir")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=NAME, GroupName="choir")
    house.ask("PATCH", f"{USERS}/{NAME}", {"role": "operator"})
    assert _groups(house) == {"operator", "choir"}


def test_whoever_has_no_role_is_given_one_first(house: Client) -> None:
    """A customer alone says nothing."""
    house.ask("POST", USERS, ANN)
    boto3.client("cognito-idp").admin_remove_user_from_group(
        UserPoolId=house.settings.user_pool, Username=NAME, GroupName="viewer"
    )
    assert house.get(USERS).json["items"][0]["role"] is None
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"customer": "acme"}).json["field"] == "role"
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"enabled": True}).status == 200


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("PATCH", {"role": "operator"}),
        ("PATCH", {"role": "viewer", "customer": "acme"}),
        ("PATCH", {"enabled": False}),
        ("DELETE", None),
    ],
)
def test_nobody_locks_themselves_out(house: Client, method: str, body: dict[str, Any] | None) -> None:
    """Admins keep their own rights, in whatever letters their name is written; others may take them."""
    house.ask("POST", USERS, {**ANN, "role": "admin"})
    ann = Client(settings=house.settings, claims={"username": NAME.upper(), "cognito:groups": "[admin]"})
    answer = ann.ask(method, f"{USERS}/{NAME}", body)
    assert (answer.status, answer.json["field"]) == (422, "name")
    assert _groups(house) == {"admin"}
    assert ann.ask("PATCH", f"{USERS}/{NAME}", {"enabled": True}).status == 200
    assert house.ask(method, f"{USERS}/{NAME}", body).status in {200, 204}


def test_somebody_is_removed(house: Client) -> None:
    """Permanently; an unknown person is a 404."""
    house.ask("POST", USERS, ANN)
    assert house.ask("DELETE", f"{USERS}/{NAME}").status == 204
    assert [house.ask(method, f"{USERS}/{NAME}", {}).status for method in ("DELETE", "PATCH")] == [404, 404]
    assert _noted() == {"user.add", "user.remove"}


def test_a_customer_takes_its_people_with_it(house: Client) -> None:
    """They lose access: viewers bound to nobody would see everybody's domains."""
    house.ask("POST", USERS, {**ANN, "customer": "acme"})
    house.ask("POST", USERS, {"email": "bea@operator.example", "role": "viewer"})
    assert house.ask("DELETE", "/api/v3/customers/acme").status == 204
    assert (_groups(house), _groups(house, "bea_at_operator.example")) == (set(), {"viewer"})
    (noted,) = (it for it in audit.latest(9).items if it.what == "customer.remove")
    assert noted.before is not None
    assert noted.before["people"] == [NAME]
    house.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Another"})
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"customer": "acme", "role": "viewer"}).json["customer"] == "acme"


# --- signing in with a company's identity provider --------------------------------------------------------------------

ENTRA = {"email": "Ann@Operator.example", "role": "operator", "identity_provider": "Entra"}


@pytest.fixture
def company(house: Client) -> Iterator[Client]:
    """Give an admin, with a deployment where people can sign in with Entra, and SES accepts mail."""
    cognito, ses, pool = boto3.client("cognito-idp"), boto3.client("sesv2"), house.settings.user_pool
    details = {"client_id": "7", "oidc_issuer": "https://login.example/tenant"}
    cognito.create_identity_provider(
        UserPoolId=pool, ProviderName="Entra", ProviderType="OIDC", ProviderDetails=details
    )
    ses.create_email_identity(EmailIdentity="monitor.example")
    own = replace(house.settings, sending_user="mxtrax@monitor.example", console="https://console.example")
    yield replace(house, settings=own)
    cognito.delete_identity_provider(UserPoolId=pool, ProviderName="Entra")
    ses.delete_email_identity(EmailIdentity="monitor.example")


def _identities(client: Client, name: str) -> list[dict[str, str]]:
    found = boto3.client("cognito-idp").admin_get_user(UserPoolId=client.settings.user_pool, Username=name)
    return list(json.loads(next(it["Value"] for it in found["UserAttributes"] if it["Name"] == "identities")))


def _mails() -> list[str]:
    return [it.raw_data for it in ses_backends["123456789012"]["eu-west-1"].sent_messages]


def test_an_invited_person_signs_in_with_their_companys_provider(company: Client) -> None:
    """They are linked before their first sign-in, as typed and in lower case; no password is mailed."""
    before = len(_mails())
    answer = company.ask("POST", USERS, ENTRA)
    assert (answer.status, answer.json["identity_provider"], answer.json["role"]) == (201, "Entra", "operator")
    name = "Ann_at_operator.example"
    assert [(it["providerName"], it["userId"]) for it in _identities(company, name)] == [
        ("Entra", "ann@operator.example"),
        ("Entra", "Ann@operator.example"),
    ]
    (mail,) = _mails()[before:]
    said = message_from_string(mail, policy=policy.default).get_body(("plain",))
    assert said
    assert 'https://console.example/ and choose "Sign in with Entra"' in " ".join(said.get_content().split())
    (listed,) = company.get(USERS).json["items"]
    assert (listed, listed["identity_provider"], listed["status"]) == (answer.json, "Entra", "invited")
    assert audit.latest(1).items[0].after["identity_provider"] == "Entra"  # type: ignore[index]


def test_nobody_is_invited_to_a_provider_that_is_not_there(company: Client) -> None:
    """The sentence names those there are; nobody is added."""
    answer = company.ask("POST", USERS, {**ENTRA, "identity_provider": "Okta"})
    assert (answer.status, answer.json["field"]) == (422, "identity_provider")
    assert "should be one of Entra" in answer.json["detail"]
    assert company.get(USERS).json["items"] == []


def test_a_link_that_cannot_be_made_leaves_nobody_behind(company: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who was not linked would sign in as a second user, without a role."""

    def refused(_: CognitoIdpResponse) -> None:
        raise AliasExistsException

    monkeypatch.setattr(CognitoIdpResponse, "admin_link_provider_for_user", refused)
    answer = company.ask("POST", USERS, ENTRA)
    assert (answer.status, answer.json["field"]) == (422, "identity_provider")
    assert company.get(USERS).json["items"] == []


def test_an_invitation_that_cannot_be_sent_is_none(company: Client) -> None:
    """The person who invites sees why, and may try again."""
    boto3.client("sesv2").delete_email_identity(EmailIdentity="monitor.example")
    answer = company.ask("POST", USERS, ENTRA)
    assert (answer.status, answer.json["field"]) == (422, "email")
    assert company.get(USERS).json["items"] == []


# --- tokens of sessions that were ended -------------------------------------------------------------------------------


def _holding(client: Client, name: str, issued: int, *groups: str) -> Client:
    return replace(client, claims={"username": name, "cognito:groups": f"[{' '.join(groups)}]", "iat": str(issued)})


@pytest.mark.parametrize(
    ("method", "body"),
    [("DELETE", None), ("PATCH", {"enabled": False}), ("PATCH", {"role": "viewer"}), ("PATCH", {"customer": "beta"})],
)
def test_what_somebody_holds_is_void_once_their_access_changes(
    house: Client, method: str, body: dict[str, Any] | None
) -> None:
    """At the API, although API Gateway accepts the token until it expires; others' tokens stay valid."""
    house.ask("POST", USERS, {**ANN, "role": "viewer" if body == {"customer": "beta"} else "operator"})
    issued = NOW // SECOND - 60
    ann = _holding(house, NAME.upper(), issued, "operator")
    assert ann.get("/api/v3/me").status == 200
    assert house.ask(method, f"{USERS}/{NAME}", body).status in {200, 204}
    later = replace(ann, now=NOW + sessions.LASTS)
    assert later.get("/api/v3/me").status == 401
    assert _holding(later, NAME, issued + 61, "operator").get("/api/v3/me").status == 200
    assert _holding(later, "bob", issued, "viewer").get("/api/v3/me").status == 200
    assert "Sign in again." in later.get("/api/v3/me").json["detail"]


def test_a_change_that_changes_nothing_ends_nothing(house: Client) -> None:
    """Nor does an invitation."""
    house.ask("POST", USERS, ANN)
    house.ask("PATCH", f"{USERS}/{NAME}", {"role": "viewer"})
    assert _holding(house, NAME, NOW // SECOND - 60, "viewer").get("/api/v3/me").status == 200


def test_a_customers_people_hold_nothing_once_it_is_gone(house: Client) -> None:
    """The next customer with its code is a different one."""
    house.ask("POST", USERS, {**ANN, "customer": "acme"})
    ann = _holding(house, NAME, NOW // SECOND - 60, "viewer", "customer:acme")
    assert house.ask("DELETE", "/api/v3/customers/acme").status == 204
    assert replace(ann, now=NOW + sessions.LASTS).get("/api/v3/me").status == 401


def test_moments_that_no_token_can_be_from_are_forgotten(house: Client) -> None:
    """The record stays small, however many people come and go."""
    house.ask("POST", USERS, ANN)
    house.ask("DELETE", f"{USERS}/{NAME}")
    assert stored.ended() == {NAME: NOW}
    stored.end(["bob"], NOW + stored.LONGEST)
    assert stored.ended() == {"bob": NOW + stored.LONGEST}
