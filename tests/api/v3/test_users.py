"""People: who is asking, who may sign in, and what they may do."""

from typing import Any

import boto3
import pytest

from mxtrax.model import Customer
from mxtrax.store import audit, customers
from tests.api.client import Client

USERS = "/api/v3/users"

ANN = {"email": "ann@operator.example", "role": "viewer"}

NAME = "ann_at_operator.example"


@pytest.fixture
def house(client: Client) -> Client:
    """Give an admin of a house with two customers."""
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
    """By their address; the name in tokens and in the audit can be read, and is no address."""
    answer = house.ask("POST", USERS, {"email": "Ann@Operator.EXAMPLE", "role": "viewer", "customer": "acme"})
    assert (answer.status, answer.headers["Location"]) == (201, f"{USERS}/Ann_at_operator.example")
    shown = {"name": "Ann_at_operator.example", "email": "Ann@operator.example", "role": "viewer", "customer": "acme"}
    assert answer.json == {**shown, "enabled": True, "status": "invited", "created": answer.json["created"]}
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
    """Not in other letters either."""
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
    """Nor is a bound viewer made more, as long as they are bound: it is to be said that they shall see all."""
    house.ask("POST", USERS, {**ANN, "customer": "acme"})
    answer = house.ask("PATCH", f"{USERS}/{NAME}", {"role": "operator"})
    assert (answer.status, answer.json["field"]) == (422, "customer")
    assert _groups(house) == {"customer:acme"}


def test_somebody_is_kept_out_and_let_in_again(house: Client) -> None:
    """Without losing what they may do."""
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
    """For good; whoever is not there is a 404."""
    house.ask("POST", USERS, ANN)
    assert house.ask("DELETE", f"{USERS}/{NAME}").status == 204
    assert [house.ask(method, f"{USERS}/{NAME}", {}).status for method in ("DELETE", "PATCH")] == [404, 404]
    assert _noted() == {"user.add", "user.remove"}


def test_a_customer_takes_its_people_with_it(house: Client) -> None:
    """They may nothing any more: bound to nobody, viewers would see everybody's domains."""
    house.ask("POST", USERS, {**ANN, "customer": "acme"})
    house.ask("POST", USERS, {"email": "bea@operator.example", "role": "viewer"})
    assert house.ask("DELETE", "/api/v3/customers/acme").status == 204
    assert (_groups(house), _groups(house, "bea_at_operator.example")) == (set(), {"viewer"})
    (noted,) = (it for it in audit.latest(9).items if it.what == "customer.remove")
    assert noted.before is not None
    assert noted.before["people"] == [NAME]
    house.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Another"})
    assert house.ask("PATCH", f"{USERS}/{NAME}", {"customer": "acme", "role": "viewer"}).json["customer"] == "acme"
