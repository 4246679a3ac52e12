"""The life of a channel whose service hangs, lies or fails for ten minutes: it is told once, and the others at once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any, Final

import pytest

from infra.local.doubles.server import Doubles
from infra.local.doubles.services import Said
from mxtrax.admin import channels as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.model import Cause, ChannelKind, Door, Incident
from mxtrax.notify import https
from mxtrax.store import channels, incidents, mapping
from tests.notify.told import TOLD
from tests.stage import Stage, calls, stage

ANNA: Final = Actor(name="anna", door=Door.API)
SLACK, PAGERDUTY = "hooks.slack.com", "events.pagerduty.com"
LASTS: Final = 10
"""Minutes for which the service is in trouble."""

UNTIL: Final = 75
"""Minutes that are played: a service that has said no is asked again after an hour."""


def _instead(said: Said) -> Callable[[Doubles], None]:
    return lambda services: services.instead.update({PAGERDUTY: said})


FAULTS: Final[dict[str, Callable[[Doubles], None]]] = {
    "hangs": lambda services: services.hanging.update({PAGERDUTY: 1.5}),
    "answers 500": _instead(Said(500, "oops")),
    "answers without end": _instead(Said(503, "x" * 1_000_000)),
    "asks for a year": _instead(Said(429, "later", headers=(("Retry-After", "31536000"),))),
    "lies about the time": _instead(Said(503, "later", headers=(("Retry-After", "-5"),))),
    "leads elsewhere": _instead(Said(307, "", headers=(("Location", "https://127.0.0.1/"),))),
    "says no": _instead(Said(400, '{"status":"invalid event"}')),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who calls a service is less patient than in earnest."""
    monkeypatch.setattr(https, "READ_SECONDS", 0.5)


@pytest.fixture
def it(services: Doubles) -> Iterator[Stage]:
    """Set the stage, with a chat and a pager."""
    with stage() as made:
        calls(made, services)
        for kind in (ChannelKind.SLACK, ChannelKind.PAGERDUTY):
            use_cases.add(ANNA, made.now, made.settings, kind, {"settings": TOLD[kind]})
        yield made


def _opens(it: Stage, name: str) -> None:
    """Open an incident."""
    domain = it.domain(f"{name}.example")
    known: dict[str, Any] = {"cause": Cause.REFUSED, "evidence": f"550 {name}", "opened": it.now, "due": it.now}
    mapping.incident_row(Incident(id=name, maildomain=domain.key, customer=domain.customer, **known)).save()


def _mails(sent: list[Any], word: str) -> int:
    """Count the mails whose subject has a word."""
    return sum(word in str(message_from_bytes(mail.raw)["Subject"]) for mail in sent)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_service_in_trouble_is_told_once_and_the_others_at_once(it: Stage, services: Doubles, fault: str) -> None:
    """Two incidents open meanwhile, one ends; minute by minute, and none is lost, repeated, or late elsewhere."""
    it.configure(remind_minutes=None)
    FAULTS[fault](services)
    mails = list[Any]()
    for minute in range(UNTIL):
        if minute in (0, 3):
            _opens(it, f"d{minute}")
        if minute == 6 and (known := incidents.get("d0")):
            incidents.end(known, it.now)
        if minute == LASTS:
            services.instead.clear()
            services.hanging.clear()
        mails += it.alert()
        if minute in (0, 3):
            assert _mails(mails, f"d{minute}.example") == 1, "mail is told in the same minute"
            assert len(services.took(SLACK, "opened")) >= (1 if minute == 0 else 2)
        it.wait(60)
    assert Counter({name: _mails(mails, f"{name}.example") for name in ("d0", "d3")}) == Counter(d0=2, d3=1)
    pager = Counter((call.said.took, json.loads(call.asked.body)["dedup_key"]) for call in services.took(PAGERDUTY))
    assert pager["opened", "mxtrax-d3"] == 1
    assert not [it for it in pager if it[1] == "mxtrax-d0"], (
        "what was over before the pager knew of it is not its business"
    )
    for name in ("d0", "d3"):
        said = [call for call in services.took(SLACK) if f"{name}.example".encode() in call.asked.body]
        assert [call.said.took for call in said] == (["opened", "resolved"] if name == "d0" else ["opened"])
    told = list(_own(services))
    assert told in ([], ["opened", "resolved"]), told
    for each in channels.load().them:
        assert channels.state_of(each.id).problem == ""


def _own(services: Doubles) -> Iterator[str]:
    """Give what the chat took of channels that do not work."""
    for call in services.took(SLACK):
        if b"a channel does not deliver" in call.asked.body or b"MXTRAX well again" in call.asked.body:
            yield call.said.took
