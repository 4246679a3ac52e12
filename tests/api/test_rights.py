"""Who may do what."""

from typing import Any

import pytest

from mxtrax.api import ROUTES
from mxtrax.api.rights import RIGHTS, Caller, NobodyKnown, NotAllowed, caller, check
from mxtrax.rules.roles import Role
from tests.api.client import Client

CLOSED = sorted(name for name, right in RIGHTS.items() if right.role is not None)


def test_every_route_has_its_right() -> None:
    """A route that the table of rights does not name, or a name without its route, is a mistake."""
    assert {route.name for route in ROUTES} == RIGHTS.keys()


def test_only_health_is_open() -> None:
    """Nothing else answers to strangers."""
    assert [name for name, right in RIGHTS.items() if right.role is None] == ["GET /health"]


def test_what_changes_something_takes_an_operator() -> None:
    """No viewer can change anything, nor can people of one customer."""
    for name, right in RIGHTS.items():
        if not name.startswith("GET "):
            assert right.role is not None, name
            assert right.role >= Role.OPERATOR, name
            assert not right.single_customer, name


def test_a_route_without_a_right_is_closed_to_all() -> None:
    """Not even an admin may do what the table does not name."""
    with pytest.raises(NotAllowed):
        check("GET /forgotten", Caller(name="anna", role=Role.ADMIN))


@pytest.mark.parametrize(
    ("groups", "role", "customer"),
    [
        ("[viewer]", Role.VIEWER, ""),
        ("[viewer operator]", Role.OPERATOR, ""),
        (["admin"], Role.ADMIN, ""),
        ("[viewer customer:acme]", Role.VIEWER, "acme"),
        ("[admin customer:acme]", Role.VIEWER, "acme"),
        ("[customer:acme]", Role.VIEWER, "acme"),
        ("[viewer customer:]", None, ""),
        ("[viewer customer:acme customer:beta]", None, "acme"),
        ("[Admin]", None, ""),
        ("", None, ""),
    ],
)
def test_people_are_what_their_groups_say(groups: Any, role: Role | None, customer: str) -> None:
    """The highest group counts; a customer's people are only its viewers; people of two customers have no access."""
    who = caller({"username": "anna", "cognito:groups": groups})
    assert (who.name, who.role, who.customer) == ("anna", role, customer)


@pytest.mark.parametrize(
    ("scope", "role"),
    [
        ("mxtrax/read", Role.VIEWER),
        ("mxtrax/read mxtrax/operate", Role.OPERATOR),
        ("mxtrax/admin", Role.ADMIN),
        ("other/admin", None),
        ("admin", None),
        ("", None),
    ],
)
def test_machines_are_what_their_scopes_say(scope: str, role: Role | None) -> None:
    """Only scopes of our own resource server count."""
    assert caller({"client_id": "m2m", "scope": scope}) == Caller(name="m2m", role=role)


def test_a_person_gains_nothing_by_a_scope() -> None:
    """A scope in a person's token is ignored: only groups count."""
    claims = {"username": "anna", "cognito:groups": "[viewer]", "scope": "mxtrax/admin"}
    assert caller(claims).role is Role.VIEWER


@pytest.mark.parametrize("name", CLOSED)
def test_without_a_token_nothing_is_told(client: Client, name: str) -> None:
    """A request that reaches the function without a token is a 401, whatever it asks for."""
    method, _, path = name.partition(" ")
    answer = Client(claims=None).ask(method, path.replace("<", "").replace(">", ""))
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("name", CLOSED)
def test_whoever_is_in_no_group_may_nothing(client: Client, name: str) -> None:
    """Being signed in is not enough."""
    method, _, path = name.partition(" ")
    assert client.signed_in("guests").ask(method, path.replace("<", "").replace(">", "")).status == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("name", CLOSED)
def test_nobody_does_more_than_the_table_says(client: Client, name: str, role: Role) -> None:
    """Roles below a route's get a 403, all others do not."""
    method, _, path = name.partition(" ")
    answer = client.signed_in(role.name.lower()).ask(method, path.replace("<", "").replace(">", ""))
    right = RIGHTS[name]
    assert right.role is not None
    assert (answer.status == 403) == (role < right.role)


def test_a_stranger_is_asked_to_sign_in() -> None:
    """Nobody is nobody."""
    with pytest.raises(NobodyKnown):
        check("GET /api/v2/maildomain/", None)
