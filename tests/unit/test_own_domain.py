"""The console and the API under a name of the operator's own: what the template makes of it, and that every path works."""

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from infra.local.doubles.server import Doubles
from mxtrax.api import answer
from mxtrax.web import act, status
from mxtrax.web.console import Console
from tests.every_request import as_event
from tests.stack import Stack, template
from tests.stage import Stage, calls, opened, stage

NAME = "mail.example.net"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
OWN = {"ConsoleDomain": NAME, "ConsoleCertificate": CERTIFICATE}
GATEWAY = "mx-Api.execute-api.eu-west-1.amazonaws.com"
FILES = Path(__file__).parents[2] / "functions" / "console"
PARTS = {"ConsoleName", "ConsoleMapping"}


def _rule(**parameters: str) -> bool:
    """Say whether CloudFormation takes parameters, as far as the rules go."""
    stack = Stack(**parameters)
    return all(stack._true(it["Assert"]) for rule in template()["Rules"].values() for it in rule["Assertions"])


def _outputs(stack: Stack) -> dict[str, str]:
    return {
        name: str(stack.resolve(it["Value"]))
        for name, it in template()["Outputs"].items()
        if stack._holds(it.get("Condition"))
    }


def test_a_name_and_its_certificate_need_each_other() -> None:
    """One without the other is rejected before anything is created."""
    assert _rule()
    assert _rule(**OWN)
    assert not any(_rule(**{name: value}) for name, value in OWN.items())


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ConsoleDomain", NAME, True),
        ("ConsoleDomain", "Mail.example.net", False),
        ("ConsoleDomain", f"https://{NAME}", False),
        ("ConsoleDomain", f"{NAME}/", False),
        ("ConsoleDomain", "mail", False),
        ("ConsoleCertificate", CERTIFICATE, True),
        ("ConsoleCertificate", CERTIFICATE.replace("acm", "iam"), False),
    ],
)
def test_a_name_is_one_that_the_gateway_takes(name: str, value: str, *, allowed: bool) -> None:
    """It takes no upper case; links need no scheme and no slash."""
    assert bool(re.fullmatch(template()["Parameters"][name]["AllowedPattern"], value)) is allowed


def test_without_a_name_there_is_nothing_of_it() -> None:
    """Neither by default, nor in the world on one machine, whatever is given there."""
    for stack in (Stack(), Stack(LocalMode="true", **OWN)):
        assert stack.resources.keys() & PARTS == set()
        assert _outputs(stack).keys() & {"DnsConsole", "ConsoleZone"} == set()
        assert NAME not in json.dumps([stack.properties("ConsoleClient"), stack.environment("AlertFunction")])
        assert _outputs(stack)["ApiUrl"] == f"https://{GATEWAY}"
        assert stack.properties("ConsoleClient")["CallbackURLs"] == [f"https://{GATEWAY}/"]


def test_the_api_answers_under_the_name() -> None:
    """In this region, by TLS 1.2, at the root of the name; the gateway's own address stays, and so does signing in there."""
    stack = Stack(**OWN)
    assert stack.properties("ConsoleName") == {
        "DomainName": NAME,
        "DomainNameConfigurations": [
            {"CertificateArn": CERTIFICATE, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
        ],
    }
    mapping = stack.properties("ConsoleMapping")
    assert (mapping["DomainName"], mapping["ApiId"]) == ("mx-ConsoleName", "mx-Api")
    assert "ApiMappingKey" not in mapping
    assert template()["Resources"]["ConsoleMapping"]["Properties"]["Stage"] == {"Ref": "ApiStage"}
    assert "DisableExecuteApiEndpoint" not in stack.properties("Api")
    client = stack.properties("ConsoleClient")
    assert client["CallbackURLs"] == client["LogoutURLs"] == [f"https://{GATEWAY}/", f"https://{NAME}/"]


def test_everything_that_names_the_console_names_it_so() -> None:
    """Links in mails, what the commands print, and the record that is to be set."""
    stack = Stack(**OWN)
    told = {name: stack.environment(name).get("MXTRAX_CONSOLE") for name in stack.of_type("AWS::Serverless::Function")}
    assert {name: it for name, it in told.items() if it} == {
        "AlertFunction": f"https://{NAME}",
        "ApiFunction": f"https://{NAME}",
    }
    outputs = _outputs(stack)
    assert outputs["ApiUrl"] == f"https://{NAME}"
    assert outputs["DnsConsole"] == f"{NAME} CNAME mx-ConsoleName.RegionalDomainName"
    assert outputs["ConsoleZone"] == "mx-ConsoleName.RegionalHostedZoneId"
    assert not [name for name, it in outputs.items() if GATEWAY in it]


def _through(host: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Make a request's event as it comes through a host: API Gateway puts no stage and no mapping into the path."""
    event = as_event(method, path, body)
    event["headers"]["host"] = host
    event["requestContext"] |= {"domainName": host, "domainPrefix": host.partition(".")[0], "apiId": "abc123"}
    return event


@pytest.fixture
def it(services: Doubles) -> Iterator[Stage]:
    """Set a stage that is told where its console is as AlertFunction is."""
    with stage() as made:
        calls(made, services, console=Stack(**OWN).environment("AlertFunction")["MXTRAX_CONSOLE"])
        yield made


def _text(got: dict[str, Any]) -> str:
    raw = got["body"]
    if not got.get("isBase64Encoded"):
        return str(raw)
    packed = base64.b64decode(raw)
    return (gzip.decompress(packed) if got["headers"].get("Content-Encoding") == "gzip" else packed).decode()


def test_paths_are_the_same_under_every_name(it: Stage) -> None:
    """Pages, files, the API and public pages answer alike, and no answer names a host of ours or a stage."""
    console = Console(FILES, it.settings)
    for path, body in (("", {"codename": "acme", "friendlyname": "Acme"}), ("/acme/link", None)):
        made = answer(as_event("POST", f"/api/v3/customers{path}", body), it.now, it.settings)
    public = f"/status/{json.loads(_text(made))['link'].rpartition('/')[2]}"
    opened(it, it.domain())
    asked: dict[str, Callable[[dict[str, Any]], Any]] = {
        "/": console.answer,
        f"/console/{console.version}/app.js": console.answer,
        "/dash/a@example.org": console.answer,
        "/health": lambda event: answer(event, it.now, it.settings),
        "/api/v3/maildomains": lambda event: answer(event, it.now, it.settings),
        "/api/v3/openapi.json": lambda event: answer(event, it.now, it.settings),
        public: lambda event: status.answer(event, it.now, it.settings.minute_seconds),
        "/status/none": lambda event: status.answer(event, it.now, it.settings.minute_seconds),
        "/act/none": lambda event: act.answer(event, it.now),
    }
    for path, by in asked.items():
        own, other = (by(_through(host, "GET", path)) for host in (NAME, GATEWAY))
        assert (own, path) == (other, path)
        text = _text(own) + json.dumps(own["headers"])
        expected = (
            404 if path.endswith("/none") else 302 if path.startswith("/dash/") else 503 if path == "/health" else 200
        )
        assert (own["statusCode"], path) == (expected, path)
        assert not re.search(r"execute-api|\$default|" + re.escape(NAME), text), path
    assert console.answer(_through(NAME, "GET", "/dash/a@example.org"))["headers"]["Location"] == (
        "../#/domains/a@example.org"
    )


def test_links_in_notices_lead_to_the_name(it: Stage) -> None:
    """All of them, and the one by which people act works there."""
    opened(it, it.domain())
    (mail,) = it.alert()
    message = message_from_bytes(mail.raw, policy=default)
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = str(part.get_content())
        assert GATEWAY not in text
        links = re.findall(r"https://[^\s\"<>/]+", text)
        assert f"https://{NAME}" in links
        (path,) = set(re.findall(rf"https://{NAME}(/act/[\w-]+)", text))
        assert act.answer(_through(NAME, "GET", path), it.now)["statusCode"] == 200
    done = act.answer(_through(NAME, "POST", path, b"who=Anna&do=acknowledge"), it.now)
    assert done["statusCode"] == 200
    assert NAME not in json.dumps(done["headers"])
