"""What is told of the monitor itself: to everybody, and to those who look at the fleet."""

from dataclasses import replace

import pytest

from mxtrax.model import MINUTE, MONITOR, SECOND, Incident
from mxtrax.rules.evidence import Stretch
from mxtrax.runtime.environment import Settings
from mxtrax.store import mapping, runtime
from tests.api.client import NOW, Client


@pytest.fixture
def running(client: Client) -> Client:
    """Give a client who is not signed in, of a monitor that runs."""
    for job in ("plan", "aggregate", "alert"):
        runtime.heartbeat(job, NOW)
    return replace(client, claims=None)


def _trouble(name: str, **values: int) -> None:
    """Write down the monitor's own trouble."""
    its = Incident(id=name, maildomain=MONITOR, opened=NOW - MINUTE, evidence="Nothing comes back.", sent=NOW - MINUTE)
    mapping.incident_row(replace(its, **values)).save()  # type: ignore[arg-type]


def test_all_is_well(running: Client) -> None:
    """A monitor that runs says so, and names no trouble."""
    shown = running.get("/health")
    assert shown.status == 200
    assert [shown.json[name] for name in ("monitor_fault", "storm", "not_notified")] == [None, None, None]


def test_the_monitors_trouble_is_shown_without_its_evidence(running: Client) -> None:
    """Strangers learn since when; whoever looks at the overview learns what says so. What is over is not told."""
    _trouble("self-check")
    _trouble("storm", closed=NOW)
    since = {"since": "2025-11-22T11:59:00Z"}
    shown = running.get("/health")
    assert (shown.status, shown.json["monitor_fault"], shown.json["storm"]) == (200, since, None)
    overview = Client().get("/api/v3/overview").json
    assert (overview["monitor_fault"], overview["storm"]) == ({**since, "evidence": "Nothing comes back."}, None)


def test_an_alert_that_nobody_took_is_an_alarm_of_its_own(running: Client) -> None:
    """It is told for as long as channels refuse, and no longer; with the time that the oldest has waited."""
    mapping.incident_row(
        Incident(id="1-1", maildomain="mx@a.example", opened=NOW, due=NOW - 90 * SECOND, sent=NOW)
    ).save()
    assert running.get("/health").status == 200
    runtime.heartbeat("not_notified", NOW - MINUTE)
    shown = running.get("/health")
    assert (shown.status, shown.json["not_notified"]) == (503, 90.0)
    assert "90 seconds" in shown.json["detail"]
    assert replace(running, now=NOW + 4 * MINUTE + 1).get("/health").json["not_notified"] is None


def test_what_is_held_back_does_not_wait_for_a_channel(running: Client) -> None:
    """While the fault may be ours, customers' alarms are kept on purpose."""
    _trouble("self-check")
    runtime.save_faults([Stretch(NOW - 5 * MINUTE)])
    mapping.incident_row(
        Incident(id="1-1", maildomain="mx@a.example", opened=NOW, due=NOW - 90 * SECOND, sent=NOW)
    ).save()
    runtime.heartbeat("not_notified", NOW)
    assert running.get("/health").json["not_notified"] is None


def test_health_gives_the_ages_of_the_jobs(client: Client) -> None:
    """While plan runs, health is 200 and says how long ago each job finished."""
    runtime.heartbeat("plan", NOW - 30 * SECOND)
    runtime.heartbeat("aggregate", NOW - 500)
    answer = client.get("/health")
    assert answer.status == 200
    assert answer.json["ages"] == {"plan": 30.0, "aggregate": 0.5, "alert": None}


def test_health_is_503_when_plan_has_not_run(client: Client) -> None:
    """Five minutes without a plan, or none ever, is a 503 with words."""
    assert client.get("/health").json["detail"] == "No round of tests has been planned yet."
    runtime.heartbeat("plan", NOW - 5 * MINUTE - SECOND)
    answer = client.get("/health")
    assert (answer.status, answer.json["detail"]) == (503, "No round of tests has been planned for 301 seconds.")


def test_healths_minutes_are_those_of_plans_clock(client: Client) -> None:
    """Where a minute lasts two seconds, eleven seconds are too long."""
    quick = replace(client, settings=Settings(tables="t-", minute_seconds=2))
    runtime.heartbeat("plan", NOW - 9 * SECOND)
    assert quick.get("/health").status == 200
    assert replace(quick, now=NOW + 2 * SECOND).get("/health").status == 503
