"""Links in notices by which people act: where they are, what they do, and where they must not be."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from infra.local.doubles.server import Doubles
from mxtrax.admin import channel_test
from mxtrax.admin import channels as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.model import MONITOR, Cause, ChannelKind, Door, Incident
from mxtrax.store import incidents, mapping, runtime
from mxtrax.web import act
from tests.every_request import as_event
from tests.notify.told import BY_HTTPS, TOLD
from tests.stage import Sent, Stage, calls, opened, stage

BASE = "https://abc123.execute-api.eu-west-1.amazonaws.com"
ANNA = Actor(name="anna", door=Door.API)
LINK = re.compile(rf"{BASE}(/act/[\w-]+)")
WITH_LINK = {
    ChannelKind.WEBHOOK: "hooks.example.com",
    ChannelKind.SLACK: "hooks.slack.com",
    ChannelKind.TEAMS: "prod.westeurope.logic.azure.com",
    ChannelKind.PAGERDUTY: "events.pagerduty.com",
    ChannelKind.OPSGENIE: "api.atlassian.com",
}


@pytest.fixture
def it(services: Doubles) -> Iterator[Stage]:
    """Set a stage that knows where its console is."""
    with stage() as made:
        calls(made, services, console=BASE)
        yield made


def parts(mail: Sent) -> list[str]:
    """Give a mail as text and as HTML."""
    message = message_from_bytes(mail.raw, policy=default)
    return [str(part.get_content()) for kind in ("plain", "html") if (part := message.get_body((kind,)))]


def test_a_link_in_a_mail_ends_its_reminders(it: Stage) -> None:
    """It is in the text and in the HTML; the person who presses the button is named in the console and on the page."""
    opened(it, it.domain())
    (mail,) = it.alert()
    links = [LINK.findall(part) for part in parts(mail)]
    assert links[0] == links[1]
    ((path,), _) = links
    assert act.answer(as_event("GET", path), it.now)["statusCode"] == 200
    assert act.answer(as_event("POST", path, b"who=Anna&do=acknowledge"), it.now)["statusCode"] == 200
    it.wait(5 * 3_600)
    assert it.alert() == []
    found = incidents.get("1-1")
    assert found is not None
    assert found.acknowledged_by == "Anna (by mail)"


def test_without_a_press_reminders_go_on_and_have_a_link_that_lasts(it: Stage) -> None:
    """The first one's ends after a week; there is a newer one by then."""
    opened(it, it.domain())
    (first,) = it.alert()
    ((path,), _) = [LINK.findall(part) for part in parts(first)]
    it.wait(3_600)
    (again,) = it.alert()
    newer = LINK.findall(parts(again)[0])[0]
    it.wait(7 * 86_400 - 3_600)
    assert act.answer(as_event("GET", path), it.now)["statusCode"] == 404
    assert act.answer(as_event("GET", newer), it.now)["statusCode"] == 200


def test_a_recovery_has_no_link(it: Stage) -> None:
    """There is nothing left to acknowledge."""
    incident = opened(it, it.domain())
    it.alert()
    incidents.end(incident, it.now)
    it.wait(60)
    (mail,) = it.alert()
    assert not any("/act/" in part for part in parts(mail))


def test_where_the_console_is_not_known_there_is_no_link_and_no_key(it: Stage) -> None:
    """As on one machine before its address is given out."""
    it.settings = replace(it.settings, console="")
    opened(it, it.domain())
    (mail,) = it.alert()
    assert "/act/" not in parts(mail)[0]
    assert runtime.known_act_key() is None


def test_several_domains_of_a_provider_have_one_link(it: Stage) -> None:
    """It acknowledges all ongoing incidents that nobody is on; those not in the mail are left alone."""
    for number, name in enumerate(("one.example", "two.example", "three.example", "four.example")):
        opened(it, it.domain(name), f"1-{number}", provider="hoster.example")
    other = opened(it, it.domain("other.example"), "1-9", provider="elsewhere.example")
    (mail,) = it.alert()
    (said,) = [line for line in parts(mail)[0].splitlines() if "/act/" in line and "all 4 at once" in line]
    assert said.strip().startswith("Acknowledge or mute: all 4 at once (mxtrax@one.example can be muted): https://")
    (path,) = LINK.findall(said)
    by_now = {number: incidents.get(f"1-{number}") for number in range(4)}
    assert by_now[1]
    assert by_now[2]
    incidents.end(by_now[1], it.now)
    mapping.incident_row(replace(by_now[2], acknowledged=it.now, acknowledged_by="Otto")).save()
    assert "Also for 1 other in this alert." in act.answer(as_event("GET", path), it.now)["body"]
    assert act.answer(as_event("POST", path, b"do=acknowledge&who=Anna"), it.now)["statusCode"] == 200
    on_it = {number: found.acknowledged_by for number in range(4) if (found := incidents.get(f"1-{number}"))}
    assert on_it == {0: "Anna (by mail)", 1: "", 2: "Otto", 3: "Anna (by mail)"}
    left = incidents.get(other.id)
    assert left
    assert left.acknowledged is None
    assert "I am on it" not in act.answer(as_event("GET", path), it.now)["body"]


def test_a_link_names_no_more_than_it_has_room_for(it: Stage) -> None:
    """Of very many domains of a provider the worst are acknowledged, and the mail says how many."""
    for number in range(30):
        opened(it, it.domain(f"d{number}.example"), f"{number}-{it.now}", provider="hoster.example")
    (mail,) = it.alert()
    (said,) = [line for line in parts(mail)[0].splitlines() if "/act/" in line]
    assert "the worst 25 at once" in said
    (path,) = LINK.findall(said)
    assert act.answer(as_event("POST", path, b"do=acknowledge&who=Anna"), it.now)["statusCode"] == 200
    assert sum(it.acknowledged is not None for it in incidents.pending()) == 25


def test_the_monitors_own_incident_has_a_link(it: Stage) -> None:
    """Somebody should be on that as well; under its id there will be another one some day."""
    it.domain()
    known: dict[str, Any] = {"cause": Cause.STORM, "opened": it.now, "due": it.now, "evidence": "Storm."}
    mapping.incident_row(Incident(id="peer", maildomain=MONITOR, **known)).save()
    (mail,) = it.alert()
    (path,) = LINK.findall(parts(mail)[0])
    assert act.answer(as_event("POST", path, b"do=acknowledge"), it.now)["statusCode"] == 200
    mapping.incident_row(Incident(id="peer", maildomain=MONITOR, **known | {"opened": it.now + 1})).save()
    assert act.answer(as_event("GET", path), it.now)["statusCode"] == 404


def test_services_of_a_team_have_the_link_and_others_have_none(it: Stage, services: Doubles) -> None:
    """What may be public, or passes by others, has none; each says by which way it came."""
    for kind in BY_HTTPS:
        use_cases.add(ANNA, it.now, it.settings, kind, {"settings": TOLD[kind]})
    opened(it, it.domain())
    it.alert()
    found = {call.asked.host: LINK.findall(call.asked.body.decode()) for call in services.calls if call.said.took}
    assert {host for host, paths in found.items() if paths} == set(WITH_LINK.values())
    assert len(found) == len(BY_HTTPS)
    (path,) = found["hooks.slack.com"]
    act.answer(as_event("POST", path, b"do=acknowledge"), it.now)
    known = incidents.get("1-1")
    assert known is not None
    assert known.acknowledged_by == "Somebody (by Slack)"


def test_several_notices_in_one_message_have_no_link_to_one_of_them(it: Stage, services: Doubles) -> None:
    """It would not be clear which one it is."""
    use_cases.add(ANNA, it.now, it.settings, ChannelKind.SLACK, {"settings": TOLD[ChannelKind.SLACK]})
    for number, name in enumerate(("one.example", "two.example")):
        opened(it, it.domain(name), f"1-{number}")
    it.alert()
    (call,) = services.took("hooks.slack.com")
    assert not LINK.findall(call.asked.body.decode())
    assert json.loads(call.asked.body)["text"] == "2 notices, worst first"


def test_a_test_alert_has_no_link(it: Stage, services: Doubles) -> None:
    """Its incident is nobody's."""
    slack = use_cases.add(ANNA, it.now, it.settings, ChannelKind.SLACK, {"settings": TOLD[ChannelKind.SLACK]})
    assert channel_test.try_out(it.now, it.settings, slack.id).taken
    assert not any(b"/act/" in call.asked.body for call in services.calls)
