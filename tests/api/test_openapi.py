"""The API keeps what its OpenAPI document promises: schemathesis sends whatever the document allows, and more."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from mxtrax.api import ROUTES, openapi
from tests.api.client import Client
from tests.api.gateway import Gateway
from tests.api.stored import TESTID
from tests.every_request import CONFIG

EXAMPLES = int(os.environ.get("MXTRAX_EXAMPLES", "6"))
"""Requests of each kind to each route; MXTRAX_EXAMPLES=200 asks more."""


def document_of_what_is_there() -> dict[str, Any]:
    """Give the document with existing values as examples, so that not every request is a 404."""
    document: dict[str, Any] = json.loads(json.dumps(openapi.document()))
    del document["security"], document["components"]["securitySchemes"]  # every request brings a token
    there = {
        "codename": "acme",
        "testid": TESTID,
        "name": "ann_at_operator.example",
        "number": 1,
        "incident": "1-1",
        "mail": "mail1",
        "window": "1",
        "channel": "1",
        "link": "1",
    }
    for operation in [it for methods in document["paths"].values() for it in methods.values()]:
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["schema"]["examples"] = [there[parameter["name"]]]
    return document


OPERATIONS = sorted(
    (method.upper(), path) for path, methods in openapi.document()["paths"].items() for method in methods
)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_api_keeps_what_its_document_promises(
    gateway: Gateway, method: str, path: str, mode: GenerationMode
) -> None:
    """Every answer has a status, a type and a form that the document names, and none is a fault of ours.

    What the document allows never gets a 400, and what it does not allow is never accepted.
    """
    schema = schemathesis.openapi.from_dict(document_of_what_is_there(), config=SchemathesisConfig.from_dict(EXPECTED))
    schema.app = gateway
    operation = schema[path][method]

    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": "Bearer x"}, checks=CHECKS)

    with suppress(Unsatisfiable):  # Some routes have no parameters that could be wrong.
        ask()


OPEN = [
    (method.upper(), path)
    for path, methods in openapi.document()["paths"].items()
    for method, operation in methods.items()
    if operation.get("security") == []
]
"""Routes for everybody."""


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_what_needs_no_token_keeps_its_promise_to_a_stranger(gateway: Gateway, method: str, path: str) -> None:
    """No answer to somebody without a token is one that the document does not name."""
    schema = schemathesis.openapi.from_dict(document_of_what_is_there(), config=SchemathesisConfig.from_dict(EXPECTED))
    schema.app = gateway
    operation = schema[path][method]
    few = list(HealthCheck)

    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None, suppress_health_check=few
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()


REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
"""Statuses for what the document does not allow; 413 if it is longer than anything may be."""

EXPECTED = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    }
}

CHECKS = [
    checks.positive_data_acceptance,
    checks.negative_data_rejection,
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


def test_the_document_has_every_route(client: Client) -> None:
    """Method by method, with its right, its parameters and its answer."""
    document = client.get("/api/v3/openapi.json").json
    assert document["openapi"] == "3.1.0"
    there = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert there == {route.name.replace("<", "{").replace(">", "}") for route in ROUTES}
    assert all(it["summary"] and it["description"] for methods in document["paths"].values() for it in methods.values())


VERBS = {
    "GET": ("get", "list", "export", "check"),
    "POST": ("create", "update", "import", "send", "test", "accept", "preview", "start"),
    "PUT": ("replace",),
    "PATCH": ("update",),
    "DELETE": ("delete", "end"),
}


def test_operations_have_names_that_a_client_would_choose(client: Client) -> None:
    """A verb that goes with the method, then what it is about: `listDomains`. No two are the same in any case."""
    document = client.get("/api/v3/openapi.json").json
    names = [
        (method.upper(), it["operationId"]) for methods in document["paths"].values() for method, it in methods.items()
    ]
    assert len({name.lower() for _, name in names}) == len(names)
    assert [
        name for method, name in names if not re.fullmatch(rf"({'|'.join(VERBS[method])})([A-Z][a-z]+)+", name)
    ] == []
    wanted = {"listDomains", "getDomain", "createDomain", "updateDomain", "deleteDomain", "listIncidents", "getStats"}
    assert wanted <= {name for _, name in names}  # users' code calls these: a new name breaks it


def test_generators_find_what_they_need(client: Client) -> None:
    """Names for all records, a type for each id, one list of tags, a server, and the gateway's own 401."""
    document = client.get("/api/v3/openapi.json").json
    operations = [it for methods in document["paths"].values() for it in methods.values()]
    assert {tag for it in operations for tag in it["tags"]} == {it["name"] for it in document["tags"]}
    assert document["servers"]
    in_path = {it["name"]: it["schema"]["type"] for op in operations for it in op["parameters"] if it["in"] == "path"}
    assert {name for name, kind in in_path.items() if kind == "integer"} == {"number"}
    answers = [it["responses"] for it in operations]
    assert all("application/json" in it["401"]["content"] for it in answers if "401" in it)
    good = [it["content"] for each in answers for status, it in each.items() if status < "3" and "content" in it]
    nameless = [
        it for it in good if not {"$ref"} & it.get("application/json", {"schema": {"$ref": ""}})["schema"].keys()
    ]
    assert len(nameless) == len(NAMELESS)
    assert not [path for path, names in _named_properties(document) if "d" in names and path != "Stat"]


NAMELESS = ("GET /api/v1/stat/", "GET /api/v2/maildomain/", "GET hours", "POST link", "GET openapi.json")
"""Answers that are a plain object: the wiki's two lists, and three that are one field or the document itself."""


def _named_properties(document: Any) -> list[tuple[str, set[str]]]:
    schemas = document["components"]["schemas"]
    return [(name, set(schema.get("properties", ()))) for name, schema in schemas.items()]


def test_a_config_of_the_document_is_taken(client: Client) -> None:
    """The body that the other tests send is one that PUT takes."""
    assert client.ask("PUT", "/api/v3/config", CONFIG).status == 200


def _properties(schema: Any) -> Iterator[set[str]]:
    """Give the names in each object that a schema has in it."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield set(schema["properties"])
        for each in schema.values():
            yield from _properties(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _properties(each)


def test_a_cause_never_goes_out_without_its_words() -> None:
    """A client that shows a cause finds its words next to it, and needs no list of its own."""
    told = [names for names in _properties(openapi.document()) if "cause" in names]
    assert told
    assert [names for names in told if "why" not in names] == []
