"""One round of the whole fleet."""

from collections.abc import Callable

import pytest

from mxtrax.aws import sqs
from mxtrax.jobs import send
from tests.cli.operator import Operator


def test_a_round_goes_to_every_domain_that_is_not_in_maintenance(operator: Operator) -> None:
    """It is queued for the deployed sender, at SES's rate."""
    it = operator.it
    for number in range(5):
        it.domain(f"d{number}.example")
    it.domain("resting.example", maintmode=True)
    assert operator.does("sendtests") == "5 tests to send, within 1.0 s.\n"
    for batch in it.batches():
        send.run(batch, it.clock, it.settings)
    assert sorted(sent.to for sent in it.outbox) == [f"mxtrax@d{number}.example" for number in range(5)]


def test_a_long_round_waits_for_what_sqs_cannot_hold_back(
    operator: Operator, meanwhile: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQS delays a message for 15 minutes at most."""
    queued: list[list[int]] = []
    monkeypatch.setattr(sqs, "queue_all", lambda _, batches: queued.append([delay for _, delay in batches]))
    operator.parameters["SendRate"] = "0.01"
    for number in range(3):
        operator.it.domain(f"d{number}.example")
    meanwhile()
    result = operator.says("sendtests")
    assert "follow in 15 minutes; leave this running." in result.stderr
    assert sum(map(len, queued)) == 3
    assert all(0 <= delay <= 900 for delays in queued for delay in delays)


def test_a_round_of_nobody_sends_nothing(operator: Operator) -> None:
    """An empty fleet is not an error."""
    assert operator.reads("sendtests") == [{"tests": 0, "in_maintenance": 0, "seconds": 0}]
