"""An operator at a terminal, with a stack on moto's AWS whose functions run in this process."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import botocore.handlers
import pytest
from botocore.awsrequest import AWSResponse
from botocore.model import OperationModel
from typer.testing import CliRunner, Result

from infra.cli.main import app
from mxtrax.admin import test_alert
from mxtrax.aws import clients
from mxtrax.jobs import aggregate, alert, receive, send
from mxtrax.model.orders import FoldOrder, SendBatch, from_json
from mxtrax.rules.fleet_csv import HEADER
from tests.stage import SENDER, Stage

PREFIXES = {"TablePrefix": "t-", "InboxBucket": "inbox", "InboxPrefix": "inbox/"}
NAMES = ("Plan", "Send", "Receive", "Feedback", "Aggregate", "Alert", "Api")


type Answer = dict[str, Any] | str | Callable[[str], dict[str, Any] | str]
"""The last kind is given what the request's path ends with, such as the name of an identity."""


@dataclass
class Operator:
    """Somebody at a terminal, and the stage that the commands act on."""

    it: Stage
    outputs: dict[str, str]
    parameters: dict[str, str]
    answers: dict[str, Answer] = field(default_factory=dict)
    """AWS's responses by call, or error codes, or functions that give one; other calls go to moto."""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What AWS was asked of that."""
    described: dict[str, Any] = field(default_factory=dict)
    """What CloudFormation says about the stack beyond outputs and parameters."""
    aws_clock: str = "Sun, 22 Nov 2026 10:00:00 GMT"

    def says(self, *words: str, stdin: str | bytes | None = None) -> Result:
        """Give a command."""
        return CliRunner().invoke(app, words, input=stdin)

    def does(self, *words: str, stdin: str | bytes | None = None) -> str:
        """Give a command that must succeed, and give what it printed."""
        result = self.says(*words, stdin=stdin)
        assert result.exit_code == 0, result.output + str(result.exception or "")
        return result.stdout

    def reads(self, *words: str) -> list[Any]:
        """Give a command with --json, and give the objects that it printed."""
        return [json.loads(line) for line in self.does(*words, "--json").splitlines()]


def before(it: Stage, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Give an operator of a deployed stack: CloudFormation describes it, Lambda runs its functions."""
    outputs = PREFIXES | {
        "SendQueueUrl": it.settings.send_queue,
        "AggregateQueueUrl": it.settings.aggregate_queue,
        "ObserveQueueUrl": it.settings.observe_queue,
        "AlertQueueUrl": it.settings.alert_queue,
        "FeedbackQueueUrl": it.settings.send_queue,
        "AlertTopic": it.settings.alert_topic,
        "ConfigurationSet": "",
        "ReceiptRuleSet": "mxtrax",
        "ReceiptRule": "mxtrax-inbox",
        "UserPoolId": "eu-west-1_pool",
        **{f"{name}Function": name for name in NAMES},
    }
    who = Operator(it, outputs, {"SendingUser": SENDER, "AlertUser": "ops@example.org", "SendRate": "100"})

    def stacks(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        if "StackName=mxtrax&" not in f"{params['body']}&" and params["body"].get("StackName") != "mxtrax":
            return None
        found = {
            "StackName": "mxtrax",
            "StackStatus": "CREATE_COMPLETE",
            "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in who.outputs.items()],
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in who.parameters.items()],
        }
        return _ok(), {"Stacks": [found | who.described], "ResponseMetadata": {"HTTPHeaders": {"date": who.aws_clock}}}

    def invoke(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        function, event = params["url_path"].split("/")[3], json.loads(params["body"])
        answer: dict[str, Any] = {"StatusCode": 200}
        try:
            given = _run(it, function, event)
        except Exception as error:  # noqa: BLE001 -- as Lambda does
            answer["FunctionError"], given = "Unhandled", {"errorMessage": str(error)}
        answer["Payload"] = io.BytesIO(json.dumps(given).encode())
        return _ok(), answer

    def said(model: OperationModel, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        answer = who.answers.get(model.name)
        if callable(answer):
            answer = answer(unquote(params["url_path"].rpartition("/")[2]))
        if answer is not None and (body := _asked(params["body"])):
            who.calls.append((model.name, body))
        if isinstance(answer, str):
            return _ok(400), {"Error": {"Code": answer, "Message": "no"}, "ResponseMetadata": {}}
        return None if answer is None else (_ok(), answer)

    hooks: list[tuple[str, Any]] = [
        ("before-call.cloudformation.DescribeStacks", stacks),
        ("before-call.lambda.Invoke", invoke),
        ("before-call", said),
    ]
    monkeypatch.setattr("infra.cli.target.clock", it.clock)
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", [*botocore.handlers.BUILTIN_HANDLERS, *hooks])
    for event, hook in hooks:
        clients._session().register(event, hook)
    return who


def _asked(body: dict[str, Any] | str | bytes) -> dict[str, Any]:
    """Read what a call asks for, in the protocols that write JSON or a form; empty for others."""
    if isinstance(body, dict):
        return body
    return dict(json.loads(body)) if body[:1] in ("{", b"{") else {}


def _run(it: Stage, function: str, event: dict[str, Any]) -> object:
    """Run a function of functions/, by the stage's clock."""
    match function:
        case "Send":
            return [send.run(from_json(SendBatch, r["body"]), it.clock, it.settings) for r in event["Records"]]
        case "Receive":
            return [receive.run(record["ses"], it.now, it.settings) for record in event["Records"]]
        case "Aggregate":
            orders = [from_json(FoldOrder, record["body"]) for record in event["Records"]]
            return [aggregate.run(order, it.now, it.settings, lambda: True) for order in orders]
        case "Alert" if event.get("test_alert"):
            return {"taken": [asdict(taken) for taken in test_alert.send(it.now, it.settings)]}
        case "Alert":
            return alert.run(it.now, it.settings)
        case _:
            raise NotImplementedError(function)


def _ok(status: int = 200) -> AWSResponse:
    return AWSResponse("https://local", status, {}, io.BytesIO())  # type: ignore[arg-type]


def fleet_file(folder: Path, *rows: str, end: str = "\n", encoding: str = "utf-8") -> str:
    """Write a fleet's CSV, with its header, and give its path."""
    path = folder / "fleet.csv"
    path.write_bytes(end.join([",".join(HEADER), *rows, ""]).encode(encoding))
    return str(path)
