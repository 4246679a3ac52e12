"""A test alert."""

from dataclasses import replace

import boto3

from mxtrax.model import MINUTE
from tests.api.client import Client
from tests.every_request import CONFIG


def test_a_test_alert_says_what_became_of_it_in_each_channel(outside: Client) -> None:
    """Every channel gets a simulated failure and recovery; the answer has each one's outcome."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=str(CONFIG["sendinguser"]))
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    client = replace(outside, settings=replace(outside.settings, alert_topic=topic))
    assert client.ask("POST", "/api/v3/test-alert").json["taken"]
    client.ask("PUT", "/api/v3/config", CONFIG)
    assert client.ask("POST", "/api/v3/test-alert").status == 503  # one a minute
    told = replace(client, now=client.now + MINUTE).ask("POST", "/api/v3/test-alert").json
    assert told["taken"]
    assert {(it["channel"], it["notice"]) for it in told["channels"]} == {
        ("ops@example.org", "opened"),
        ("ops@example.org", "closed"),
        ("topic", "opened"),
        ("topic", "closed"),
    }
    assert client.signed_in("viewer").ask("POST", "/api/v3/test-alert").status == 403
