"""Users in Cognito: the calls that are made, and what is refused before any."""

import re
from datetime import UTC, datetime

import pytest

from mxtrax.model import Customer
from mxtrax.store import audit, customers
from tests.cli.operator import Operator

ANN = "ann@operator.example"
NAME = "ann_at_operator.example"


@pytest.fixture
def pool(operator: Operator) -> Operator:
    """Give the operator a pool with one viewer."""
    about = [{"Name": "email", "Value": ANN}]
    user = {
        "Username": NAME,
        "UserStatus": "FORCE_CHANGE_PASSWORD",
        "UserCreateDate": datetime(2026, 11, 22, tzinfo=UTC),
        "Enabled": True,
    }
    groups = ("AdminAddUserToGroup", "AdminRemoveUserFromGroup", "AdminDeleteUser", "CreateGroup", "DeleteGroup")
    quiet = (*groups, "AdminUserGlobalSignOut")
    operator.answers |= {
        "ListUsers": {"Users": [{**user, "Attributes": about}]},
        "ListUsersInGroup": {"Users": [{**user, "Attributes": about}]},
        "AdminGetUser": {**user, "UserAttributes": about},
        "AdminCreateUser": {"User": {**user, "Attributes": about}},
        "AdminListGroupsForUser": {"Groups": [{"GroupName": "viewer"}]},
        **{name: {} for name in quiet},
    }
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    return operator


def _made(operator: Operator) -> list[tuple[str, str | None]]:
    return [(name, body.get("GroupName") or body.get("Username")) for name, body in operator.calls]


def test_users_are_listed_with_their_groups(pool: Operator) -> None:
    """And whether they have logged in."""
    (listed,) = pool.reads("users", "list")
    assert listed == {
        "name": NAME,
        "address": ANN,
        "role": "viewer",
        "customer": None,
        "status": "invited",
        "enabled": True,
        "identity_provider": None,
    }
    assert re.search(r"ann@operator.example +viewer +invited", pool.does("users", "list"))


def test_a_user_is_added_to_groups(pool: Operator) -> None:
    """A customer's group is created when first needed, and is the only one: nobody sees all, even briefly."""
    pool.does("users", "add", ANN, "--role", "viewer", "--customer", "acme")
    assert _made(pool) == [
        ("AdminCreateUser", NAME),
        ("CreateGroup", "customer:acme"),
        ("AdminAddUserToGroup", "customer:acme"),
    ]
    assert audit.latest(1).items[0].what == "user.add"


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["add", "ann", "--role", "viewer"], 2, "is not a mail address"),
        (["add", "a/n@operator.example", "--role", "viewer"], 2, "cannot be signed in with"),
        (["add", ANN, "--role", "boss"], 2, "role: 'boss' should be one of viewer, operator, admin."),
        (["add", ANN, "--role", "viewer", "--customer", "nobody"], 2, "there is no customer 'nobody'"),
        (["add", ANN, "--role", "admin", "--customer", "acme"], 2, "only viewers can be limited to one"),
        (["add", ANN], 2, "Missing option '--role'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(
    pool: Operator, words: list[str], code: int, why: str
) -> None:
    """No half-made user is left."""
    result = pool.says("users", *words)
    assert (result.exit_code, why in result.stderr) == (code, True), result.stderr
    assert not pool.calls


def test_a_role_is_changed_to_what_is_said(pool: Operator) -> None:
    """The new one is added first, so that nobody is without a role."""
    pool.does("users", "edit", ANN, "role=admin")
    assert _made(pool)[2:] == [("AdminAddUserToGroup", "admin"), ("AdminRemoveUserFromGroup", "viewer")]


def test_a_user_is_removed_only_with_a_yes(pool: Operator) -> None:
    """And only one that is there."""
    assert pool.says("users", "remove", ANN, stdin="n\n").exit_code == 1
    assert "AdminDeleteUser" not in dict(_made(pool))
    pool.does("users", "remove", ANN, "--yes")
    assert "AdminDeleteUser" in dict(_made(pool))
    pool.answers["AdminGetUser"] = "UserNotFoundException"
    result = pool.says("users", "remove", "eve@operator.example", "--yes")
    assert (result.exit_code, "There is no user 'eve@operator.example'." in result.stderr) == (1, True)
    pool.answers["AdminCreateUser"] = "AliasExistsException"
    assert "somebody signs in with this address already" in pool.says("users", "add", ANN, "--role", "viewer").stderr


def test_a_customer_takes_its_people_with_it(pool: Operator) -> None:
    """They lose their role before the group is deleted: unbound, they would see everybody's domains."""
    pool.answers["AdminListGroupsForUser"] = {"Groups": [{"GroupName": "viewer"}, {"GroupName": "customer:acme"}]}
    result = pool.says("customers", "remove", "acme", "--yes")
    assert (result.exit_code, f"{NAME} was bound to acme" in result.stderr) == (0, True), result.output
    assert [(name, group) for name, group in _made(pool) if not name.startswith(("List", "AdminList"))] == [
        ("AdminRemoveUserFromGroup", "viewer"),
        ("AdminRemoveUserFromGroup", "customer:acme"),
        ("DeleteGroup", "customer:acme"),
    ]
    assert customers.get("acme") is None
