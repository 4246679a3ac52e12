"""A test on request."""

import json
from dataclasses import replace

import boto3

from mxtrax.store.config import load_config, save_config
from tests.api.client import HOME, NOW, Client
from tests.api.stored import add_domains


def test_a_test_is_sent_by_hand(outside: Client) -> None:
    """The order is like a planned test's; two requests within a second make one test."""
    save_config(replace(load_config(outside.settings.initial), sendinguser="mxtrax@monitor.example.net"))
    add_domains(1)
    first = outside.ask("POST", f"{HOME}/1/test")
    again = replace(outside, now=NOW + 1).ask("POST", f"{HOME}/1/test")
    assert (first.status, first.json) == (202, again.json)
    assert first.headers["Location"] == f"/api/v3/mailtests/{first.json['testid']}"
    (message, *_) = boto3.client("sqs").receive_message(QueueUrl=outside.settings.send_queue)["Messages"]
    batch = json.loads(message["Body"])
    assert (batch["in_time"], batch["tests"][0]["to"]) == (True, "user@domain1.com")
    assert outside.ask("POST", f"{HOME}/99/test").status == 404


def test_nothing_is_sent_without_a_sender(outside: Client) -> None:
    """The refusal says what to set."""
    add_domains(1)
    answer = outside.ask("POST", f"{HOME}/1/test")
    assert (answer.status, answer.json["field"]) == (422, "sendinguser")
