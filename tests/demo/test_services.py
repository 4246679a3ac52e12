"""What the demonstration counts for a chat and a pager, and its checks."""

import json
from dataclasses import replace

import pytest

from infra.demo import services
from infra.demo.services import HOSTS, Taken
from infra.local.doubles.server import Call, Doubles
from infra.local.doubles.services import Asked, Said
from mxtrax.model import ChannelKind
from tests.demo.made import FAILING, NOW, failed, incident, published

FIRST, SECOND = incident(FAILING[0]), incident(FAILING[1])
OVER = replace(FIRST, notified=NOW, closed=NOW + 1)


def slack(text: str, status: int = 200) -> Call:
    """Make a post to the chat."""
    took = "" if status >= 400 else "resolved" if text.startswith("[OK]") else "opened"
    return called(ChannelKind.SLACK, {"text": text}, Said(status, took=took))


def pager(number: str, took: str) -> Call:
    """Make an event to the pager."""
    return called(ChannelKind.PAGERDUTY, {"dedup_key": f"mxtrax-{number}"}, Said(202, took=took))


def called(kind: ChannelKind, body: dict[str, str], said: Said) -> Call:
    """Make a call."""
    return Call(Asked(HOSTS[kind], "/", {}, json.dumps(body).encode(), 0.0), said)


RIGHT = [
    slack("[DOWN] one"),
    slack("[DOWN] two"),
    slack("[OK] one"),
    pager(FIRST.id, "opened"),
    pager(FIRST.id, "opened"),
    pager(SECOND.id, "opened"),
    pager(FIRST.id, "resolved"),
]


def test_a_pager_counts_incidents_and_a_chat_messages() -> None:
    """For a pager, a correction belongs to the same incident."""
    taken = services.taken(Doubles("", [*RIGHT, slack("[DOWN] three", 500)]))
    assert taken == (Taken("slack", 2, 1, 1), Taken("pagerduty", 2, 1, 0))


@pytest.mark.parametrize("without", [3, 5, 6, "chat"])
def test_what_a_service_lacks_is_wrong(without: int | str) -> None:
    """An opening or an end that the pager has not accepted, a customer missing in the chat."""
    messages = [replace(it, customer="one") for it in published(FIRST, SECOND, OVER)]
    assert failed(services.checks(Doubles("", RIGHT), messages)) == []
    if without == "chat":
        messages[1] = replace(messages[1], customer="somebody else")
        assert len(failed(services.checks(Doubles("", RIGHT), messages))) == 1
    else:
        left = [it for number, it in enumerate(RIGHT) if number not in {without, 4 if without == 3 else without}]
        assert len(failed(services.checks(Doubles("", left), messages))) == 1


def test_what_a_service_refuses_is_wrong() -> None:
    """Even if it has accepted everything else."""
    messages = [replace(it, customer="one") for it in published(FIRST, SECOND, OVER)]
    assert len(failed(services.checks(Doubles("", [*RIGHT, slack("[DOWN] x", 400)]), messages))) == 1
