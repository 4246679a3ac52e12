"""The API on the local AWS, behind its gateway and with real tokens: who gets in, and that it keeps to its document."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from infra.local import users
from infra.local.users import User
from mxtrax.api.rights import RIGHTS, Role
from tests.api.test_document import CHECKS, EXPECTED, document_of_what_is_there
from tests.e2e.conftest import Played
from tests.e2e.test_world import http

LOOKS = sorted(name.removeprefix("GET ") for name in RIGHTS if name.startswith("GET ") and RIGHTS[name].role)


@pytest.fixture(scope="module")
def tokens(played: Played) -> dict[str, str]:
    """Sign in somebody of each role, and somebody of one customer."""
    it = played.world
    people = [*users.USERS, User("guest", ("viewer", "customer:redirect"))]
    users.add(it.aws.endpoint, it.outputs["UserPoolId"], people)
    return {user.name: users.sign_in(it.aws.endpoint, it.outputs["ConsoleClientId"], user.name) for user in people}


def test_people_get_in_by_their_groups(played: Played, tokens: dict[str, str]) -> None:
    """Each role is let in to what is its own; a token that was tampered with is none."""
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


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", LOOKS)
def test_the_deployed_api_keeps_what_its_document_promises(
    played: Played, tokens: dict[str, str], path: str, mode: GenerationMode
) -> None:
    """Whatever is read with whatever parameters, the answer is one that the document names."""
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
