"""The API on the local AWS, behind its gateway and with real tokens: access, and conformity with its document."""

import json
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.local import users
from infra.local.users import User
from mxtrax.api.rights import RIGHTS
from mxtrax.rules.roles import Role
from tests.api.test_openapi import CHECKS, EXPECTED, OPEN, OPERATIONS, document_of_what_is_there
from tests.e2e.conftest import Played
from tests.e2e.test_world import http
from tests.eventually import eventually

LOOKS = sorted(name.removeprefix("GET ") for name in RIGHTS if name.startswith("GET ") and RIGHTS[name].role)


@pytest.fixture(scope="module")
def tokens(played: Played) -> dict[str, str]:
    """Sign in somebody of each role, and somebody of one customer."""
    it = played.world
    people = [*users.USERS, User("guest", ("viewer", "customer:redirect"))]
    users.add(it.aws.endpoint, it.outputs["UserPoolId"], people)
    return {user.name: users.sign_in(it.aws.endpoint, it.outputs["ConsoleClientId"], user.name) for user in people}


def test_people_get_in_by_their_groups(played: Played, tokens: dict[str, str]) -> None:
    """Each role can do what it may; a tampered token is invalid."""
    for name, role in (("viewer", Role.VIEWER), ("operator", Role.OPERATOR), ("admin", Role.ADMIN)):
        assert http(played, "/api/v3/overview?limit=1", tokens[name])[0] == 200
        allowed = http(played, "/api/v3/audit", tokens[name])[0]
        assert allowed == (200 if role is Role.ADMIN else 403)
    assert http(played, "/api/v3/overview", tokens["admin"][:-4] + "AAAA")[0] == 401
    assert http(played, "/api/v3/overview", "rubbish")[0] == 401


def test_somebody_of_one_customer_sees_that_one(played: Played, tokens: dict[str, str]) -> None:
    """The group in the token is what counts, all the way through."""
    _, shown = http(played, "/api/v3/overview", tokens["guest"])
    assert {it["customer"] for it in shown["items"]} == {"redirect"}
    assert shown["counts"]["total"] == 1
    assert http(played, "/api/v3/config", tokens["guest"])[0] == 403


def test_an_invited_user_signs_in_with_their_address(played: Played, tokens: dict[str, str]) -> None:
    """The pool accepts the address for signing in; the token has the name made from it, and the groups."""
    it, pool = played.world, played.world.outputs["UserPoolId"]
    invited = {"email": "ann@operator.example", "role": "viewer", "customer": "redirect"}
    status, _, body = _sent(played, "POST", "/api/v3/users", tokens["admin"], invited)
    assert status == 201, body
    name = json.loads(body)["name"]
    assert name == "ann_at_operator.example"
    cognito = users._client(it.aws.endpoint)
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=users.PASSWORD, Permanent=True)
    token = users.sign_in(it.aws.endpoint, it.outputs["ConsoleClientId"], "ann@operator.example")
    assert http(played, "/api/v3/me", token) == (200, {"name": name, "role": "viewer", "customer": "redirect"})
    assert name in {each["name"] for each in http(played, "/api/v3/users", tokens["admin"])[1]["items"]}
    assert _sent(played, "PATCH", f"/api/v3/users/{name}", tokens["admin"], {"enabled": False})[0] == 200
    with pytest.raises(cognito.exceptions.ClientError):
        users.sign_in(it.aws.endpoint, it.outputs["ConsoleClientId"], "ann@operator.example")
    assert _sent(played, "DELETE", f"/api/v3/users/{name}", tokens["admin"])[0] == 204


def test_a_public_page_takes_its_link_and_no_token(played: Played, tokens: dict[str, str]) -> None:
    """Through the gateway: the page, the badge and the JSON; nothing once the link is ended and caches have expired."""
    link = "/api/v3/customers/redirect/link"
    status, _, body = _sent(played, "POST", link, tokens["operator"])
    page = json.loads(body)["link"]
    assert status == 200
    shown = {form: _sent(played, "GET", page + form) for form in ("", "/badge.svg", "/status.json")}
    assert {form: (it[0], it[1]["Content-Type"]) for form, it in shown.items()} == {
        "": (200, "text/html; charset=utf-8"),
        "/badge.svg": (200, "image/svg+xml"),
        "/status.json": (200, "application/json"),
    }
    assert json.loads(shown["/status.json"][2])["status"] in {"ok", "unknown"}
    assert _sent(played, "DELETE", link, tokens["operator"])[0] == 204
    eventually(lambda: _sent(played, "GET", page)[0] == 404, seconds=60)


def _sent(played: Played, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, Message, str]:
    """Send a request, without a token as a stranger does, and give the answer as it came."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    request = Request(played.world.api_url + path, data, headers, method=method)  # noqa: S310 -- our own address on loopback
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", LOOKS)
def test_the_deployed_api_keeps_what_its_document_promises(
    played: Played, tokens: dict[str, str], path: str, mode: GenerationMode
) -> None:
    """For all reads with any parameters, the answer is one that the document names."""
    config = SchemathesisConfig.from_dict(EXPECTED)
    schema = schemathesis.openapi.from_dict(document_of_what_is_there(), config=config)
    schema.config.update(base_url=played.world.api_url)
    operation = schema[path.replace("<", "{").replace(">", "}")]["GET"]
    checks = list(HealthCheck)

    @hypothesis.settings(max_examples=2, database=None, derandomize=True, deadline=None, suppress_health_check=checks)
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {tokens['admin']}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("it takes nothing that could be wrong")


@pytest.mark.parametrize(("method", "path"), sorted(set(OPERATIONS) - set(OPEN)))
def test_without_a_token_the_gateway_answers_as_the_document_says(played: Played, method: str, path: str) -> None:
    """Its own 401, in its own form, whatever is asked; nothing of ours is called."""
    schema = schemathesis.openapi.from_dict(document_of_what_is_there(), config=SchemathesisConfig.from_dict(EXPECTED))
    schema.config.update(base_url=played.world.api_url)
    checks = list(HealthCheck)

    @hypothesis.settings(max_examples=1, database=None, derandomize=True, deadline=None, suppress_health_check=checks)
    @hypothesis.given(case=schema[path][method].as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        assert case.call_and_validate(checks=PROMISED).status_code == 401

    ask()


PROMISED = [status_code_conformance, content_type_conformance, response_schema_conformance]
