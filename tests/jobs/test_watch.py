"""Watching the watcher: what it notices, whom it notifies, and when it calls the dead man's switch."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from mxtrax.errors import TryAgain
from mxtrax.model import HOUR, Incident, Scope, Stretch, Window
from mxtrax.notify import https
from mxtrax.notify.https import Answer
from mxtrax.rules import vitals
from mxtrax.rules.selfcheck import own_loop
from mxtrax.store import fleet, incidents, mapping, runtime, windows
from mxtrax.store.config import load_config
from tests.stage import SENDER, Stage

SWITCH = "https://switch.example/ping/secret"
PEER = "https://peer.example/health"

type Calls = list[str]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, it: Stage) -> Calls:
    """Note which URLs are called; each answers 200."""
    urls: Calls = []

    def call(url: str) -> Answer:
        urls.append(url)
        return Answer(status=200, body=b"", headers={})

    monkeypatch.setattr(https, "call", call)
    it.settings = replace(it.settings, heartbeat_url=SWITCH)
    return urls


def beat(it: Stage) -> None:
    """Let all jobs have a heartbeat of now."""
    for job in vitals.JOBS:
        runtime.heartbeat(job.name, it.now)


def trouble(name: str = vitals.ID) -> Incident | None:
    """Give an incident of ours, while it is open."""
    found = incidents.get(name)
    return found if found and found.closed is None else None


def test_in_a_good_minute_the_switch_hears_of_it(it: Stage, called: Calls) -> None:
    """Once, and nobody is notified."""
    it.tick()
    it.alert()
    assert it.watch()["well"] == 1
    assert called == [SWITCH]
    assert trouble() is None


@pytest.mark.parametrize("job", ["plan", "send", "aggregate", "alert"])
def test_a_job_that_is_off_is_noticed(it: Stage, called: Calls, job: str) -> None:
    """The switch is not called any more, an incident of ours is open, and names the job."""
    it.domain()
    beat(it)
    it.watch()
    assert called == [SWITCH]
    it.wait(6 * 60)
    for other in vitals.JOBS:
        if other.name != job:
            runtime.heartbeat(other.name, it.now)
    assert it.watch()["well"] == 0
    assert called == [SWITCH]
    found = trouble()
    assert found
    assert found.evidence == f"{next(each.says for each in vitals.JOBS if each.name == job)} for 6 min."
    runtime.heartbeat(job, it.now)
    it.watch()
    assert trouble() is None
    assert len(called) == 2


def test_people_are_told_of_it_as_of_any_incident(it: Stage) -> None:
    """When it begins, and when it is over."""
    beat(it)
    it.wait(6 * 60)
    it.watch()
    (mail,) = it.alert()
    assert b"work has stopped" in mail.raw.replace(b"=\r\n", b"")
    assert b"No round of tests has been planned for 6 min." in mail.raw.replace(b"=\r\n", b"")
    beat(it)
    it.watch()
    it.wait(60)
    (mail,) = it.alert()
    assert b"well again" in mail.raw.replace(b"=\r\n", b"")


def test_tests_that_ses_does_not_take_are_no_work_done(it: Stage, called: Calls) -> None:
    """Send runs each minute, and nothing goes out: it is silent, though it is alive."""
    it.domain()
    it.tick()
    it.configure(sendinguser="mxtrax@not-verified.example")
    for _ in range(7):
        it.wait(60)
        it.tick()
        it.alert()
    assert it.watch()["well"] == 0
    assert called == []
    found = trouble()
    assert found
    assert found.evidence.startswith("No batch of tests has been handed to SES for 7 min")


def test_a_minute_in_which_nothing_is_due_is_a_good_one(it: Stage, called: Calls) -> None:
    """On a stack without a domain and without a loop of our own, nothing is ever silent."""
    for _ in range(8):
        it.wait(60)
        it.tick()
        it.alert()
        assert it.watch() == {"well": 1, "wrong": 0}
    assert len(called) == 8


def test_what_is_due_and_not_counted_is_noticed(it: Stage) -> None:
    """Even if aggregate claims that it has just done its work."""
    it.domain()
    it.tick()
    it.wait(12 * 60)
    beat(it)
    it.watch()
    found = trouble()
    assert found
    assert "have not been counted" in found.evidence
    it.fold()
    it.watch()
    assert trouble() is None


def _waits(it: Stage, **more: object) -> None:
    key = it.domain().key
    waiting = Incident(id="1-1", maildomain=key, customer="acme", opened=it.now, due=it.now, sent=it.now)
    mapping.incident_row(replace(waiting, **more)).save()  # type: ignore[arg-type]
    it.wait(6 * 60)
    beat(it)


def test_an_alert_that_nobody_gets_is_noticed(it: Stage) -> None:
    """Whatever alert says of its own rounds."""
    _waits(it)
    it.watch()
    found = trouble()
    assert found
    assert found.evidence == "An alert has been waiting for 6 min to be delivered."


def _in_a_pause(it: Stage) -> None:
    (domain,) = fleet.everyone()
    fleet.save(replace(domain, maintmode=True))


def _ours(it: Stage) -> None:
    runtime.save_faults([Stretch(it.now - HOUR, None, it.now)])


def _in_a_window(_: Stage) -> None:
    windows.save(Window(id="w", scope=Scope.ALL, start="2026-11-22T09:00", end="2026-11-22T12:00"))


@pytest.mark.parametrize("hold", [_in_a_pause, _in_a_window, _ours])
def test_what_is_held_on_purpose_is_no_alert_that_waits(it: Stage, hold: Callable[[Stage], None]) -> None:
    """In maintenance, or while the fault may be ours."""
    _waits(it)
    hold(it)
    it.watch()
    assert trouble() is None


# --- our own loop -----------------------------------------------------------------------------------------------------


def _loop(it: Stage) -> None:
    it.settings = replace(it.settings, own_loop="loop")
    fleet.add([own_loop("loop", load_config(it.settings.initial))])


def test_a_loop_that_comes_back_is_written_down(it: Stage) -> None:
    """By the time at which SES took the mail in."""
    _loop(it)
    while not (sent := it.tick()):
        it.wait(60)
    it.wait(3)
    it.comes_back(sent[0])
    back = it.now
    it.wait(60)
    it.fold()
    assert runtime.last_heartbeat(vitals.LOOP, it.now) == back


def test_a_loop_that_is_silent_stops_the_switch(it: Stage, called: Calls) -> None:
    """Watch notifies nobody: the self-check does that, with better reasons."""
    _loop(it)
    beat(it)
    runtime.heartbeat(vitals.LOOP, it.now)
    it.watch()
    it.wait(14 * 60)
    beat(it)
    assert it.watch() == {"well": 0, "wrong": 0}
    assert called == [SWITCH]
    assert trouble() is None


def test_a_loop_in_a_pause_is_none(it: Stage, called: Calls) -> None:
    """People who do not want the loop set its maintmode."""
    _loop(it)
    runtime.heartbeat(vitals.LOOP, it.now)
    (domain,) = fleet.everyone()
    fleet.save(replace(domain, maintmode=True))
    it.wait(14 * 60)
    beat(it)
    assert it.watch()["well"] == 1


# --- the switch and the other monitor ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 500, 0])
def test_a_switch_that_does_not_answer_stops_nothing(it: Stage, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """It alerts by itself; its URL is secret, and in no log."""

    def call(_: str) -> Answer:
        if not status:
            raise TryAgain("switch.example could not be called: Connection refused.")
        return Answer(status=status, body=b"", headers={})

    monkeypatch.setattr(https, "call", call)
    it.settings = replace(it.settings, heartbeat_url=SWITCH)
    beat(it)
    assert it.watch()["well"] == 1
    assert runtime.last_heartbeat("watch", it.now) == it.now


def _peer_says(monkeypatch: pytest.MonkeyPatch, answer: Answer | TryAgain) -> None:
    def call(_: str) -> Answer:
        if isinstance(answer, TryAgain):
            raise answer
        return answer

    monkeypatch.setattr(https, "call", call)


UNWELL = Answer(
    status=503, body=json.dumps({"detail": "No round of tests\nhas been planned for 7 min."}).encode(), headers={}
)
WELL = Answer(status=200, body=b"{}", headers={})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (UNWELL, "it says: No round of tests has been planned for 7 min."),
        (replace(UNWELL, body=b"<html>"), "it answers with status 503."),
        (replace(UNWELL, status=302, body=b"[]"), "it answers with status 302."),
        (TryAgain("peer.example did not answer in time."), "peer.example did not answer in time."),
    ],
)
def test_another_monitor_that_is_not_well_is_an_incident_here(
    it: Stage, monkeypatch: pytest.MonkeyPatch, answer: Answer | TryAgain, said: str
) -> None:
    """After five minutes, with what it says about itself; a shorter hiccup does not count."""
    it.settings = replace(it.settings, peer_health_url=PEER)
    _peer_says(monkeypatch, WELL)
    it.watch()
    _peer_says(monkeypatch, answer)
    it.wait(5 * 60)
    it.watch()
    assert trouble(vitals.PEER) is None
    it.wait(60)
    it.watch()
    found = trouble(vitals.PEER)
    assert found
    assert found.evidence == f"It has not been well for 6 min: {said}"
    _peer_says(monkeypatch, WELL)
    it.watch()
    assert trouble(vitals.PEER) is None


def test_another_monitors_trouble_is_not_ours(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two that watch each other would hold each other down."""
    it.settings = replace(it.settings, peer_health_url=PEER)
    _peer_says(monkeypatch, UNWELL)
    beat(it)
    it.watch()
    it.wait(7 * 60)
    beat(it)
    assert it.watch()["well"] == 1
    assert trouble(vitals.PEER)
    assert trouble() is None


def test_a_stack_without_a_sender_does_no_work(it: Stage) -> None:
    """Whatever its jobs say."""
    beat(it)
    it.configure(sendinguser=SENDER)
    assert it.watch()["well"] == 1
    it.configure(sendinguser="")
    assert it.watch()["wrong"] == 1
