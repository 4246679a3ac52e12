"""What the monitor says about itself: to everybody, and to people who see the fleet."""

from dataclasses import replace

import pytest

from mxtrax.model import MINUTE, MONITOR, SECOND, ChannelConfig, ChannelKind, ChannelState, Incident, Stretch
from mxtrax.rules import channels as rules
from mxtrax.rules import vitals
from mxtrax.store import channels, mapping, runtime
from tests.api.client import NOW, Client


@pytest.fixture
def running(client: Client) -> Client:
    """Give a client who is not signed in, of a monitor that runs."""
    for job in (*vitals.HEARTBEATS, vitals.WELL):
        runtime.heartbeat(job, NOW)
    return replace(client, claims=None)


def _trouble(name: str, **values: int) -> None:
    """Write the monitor's own trouble."""
    its = Incident(id=name, maildomain=MONITOR, opened=NOW - MINUTE, evidence="Nothing comes back.", sent=NOW - MINUTE)
    mapping.incident_row(replace(its, **values)).save()  # type: ignore[arg-type]


def test_all_is_well(running: Client) -> None:
    """A monitor that runs says so, and names no trouble."""
    shown = running.get("/health")
    assert shown.status == 200
    assert [shown.json[name] for name in ("monitor_fault", "storm", "not_notified")] == [None, None, None]


def test_the_monitors_trouble_is_shown_without_its_evidence(running: Client) -> None:
    """Strangers see since when; people who see the overview also see the evidence. A past one is not shown."""
    _trouble("self-check")
    _trouble("storm", closed=NOW)
    since = {"since": "2025-11-22T11:59:00Z"}
    shown = running.get("/health")
    assert (shown.status, shown.json["monitor_fault"], shown.json["storm"]) == (200, since, None)
    overview = Client().get("/api/v3/overview").json
    assert (overview["monitor_fault"], overview["storm"]) == ({**since, "evidence": "Nothing comes back."}, None)


def test_an_alert_that_nobody_took_is_an_alarm_of_its_own(running: Client) -> None:
    """It is reported only while channels refuse, with the time that the oldest alert has waited."""
    mapping.incident_row(
        Incident(id="1-1", maildomain="mx@a.example", opened=NOW, due=NOW - 90 * SECOND, sent=NOW)
    ).save()
    assert running.get("/health").status == 200
    runtime.heartbeat("not_notified", NOW - MINUTE)
    shown = running.get("/health")
    assert (shown.status, shown.json["not_notified"]) == (503, 90.0)
    assert "1 min 30 s" in shown.json["detail"]
    assert replace(running, now=NOW + 4 * MINUTE + 1).get("/health").json["not_notified"] is None


def test_people_are_answered_while_the_monitor_is_in_trouble(running: Client) -> None:
    """The same as for load balancers, but with 200, since a page's request is no error. Strangers have only /health."""
    runtime.heartbeat("plan", NOW - MINUTE * 60)
    asked, alarm = Client().get("/api/v3/health"), running.get("/health")
    assert (asked.status, alarm.status, asked.json["status"]) == (200, 503, 503)
    assert "plan" in asked.json["detail"]
    assert asked.json.items() <= alarm.json.items()
    assert running.get("/api/v3/health").status == 401


def test_what_is_held_back_does_not_wait_for_a_channel(running: Client) -> None:
    """While the fault may be ours, customers' alarms are held on purpose."""
    _trouble("self-check")
    runtime.save_faults([Stretch(NOW - 5 * MINUTE)])
    mapping.incident_row(
        Incident(id="1-1", maildomain="mx@a.example", opened=NOW, due=NOW - 90 * SECOND, sent=NOW)
    ).save()
    runtime.heartbeat("not_notified", NOW)
    assert running.get("/health").json["not_notified"] is None


def test_health_gives_the_ages_of_the_jobs(running: Client) -> None:
    """How many seconds ago each finished a round; what never did has none."""
    later = replace(running, now=NOW + 30 * SECOND)
    runtime.heartbeat("aggregate", NOW + 29_500)
    ages = later.get("/health").json["ages"]
    assert ages == {"aggregate": 0.5, **{job.name: 30.0 for job in vitals.JOBS if job.name != "aggregate"}}
    assert later.get("/health").json["own_loop"] == 30.0


@pytest.mark.parametrize("job", vitals.JOBS, ids=lambda job: job.name)
def test_a_job_that_is_silent_is_a_503_with_a_sentence(running: Client, job: vitals.Job) -> None:
    """Any job: planned but not sent is no better than not planned."""
    later = replace(running, now=NOW + job.silent + SECOND)
    for other in (*vitals.HEARTBEATS, vitals.WELL):
        if other != job.name:
            runtime.heartbeat(other, later.now)
    answer = later.get("/health")
    assert answer.status == 503
    assert answer.json["detail"].startswith(f"{job.says} for ")
    assert replace(later, now=NOW + job.silent).get("/health").status == 200


def test_a_monitor_that_has_never_run_says_so(client: Client) -> None:
    """No job has finished a round, and being new does not make one well."""
    answer = client.get("/health")
    assert answer.status == 503
    assert answer.json["detail"].startswith("No round of tests has been planned yet. ")
    assert set(answer.json["ages"].values()) == {None}
    assert answer.json["own_loop"] is None


def test_what_the_watch_has_seen_is_a_503(running: Client) -> None:
    """Missing work although each job runs, in the same words as in notices."""
    wrong = "Tests that were due more than 5 min ago have not been counted."
    its = Incident(id=vitals.ID, maildomain=MONITOR, opened=NOW, evidence=wrong)
    mapping.incident_row(its).save()
    assert (running.get("/health").status, running.get("/health").json["detail"]) == (503, wrong)
    mapping.incident_row(replace(its, closed=NOW)).save()
    assert running.get("/health").status == 200


def test_a_loop_of_ours_that_is_silent_is_a_503(running: Client) -> None:
    """The watch has run, and did not find all well."""
    later = replace(running, now=NOW + 4 * MINUTE)
    runtime.heartbeat("watch", later.now)
    answer = later.get("/health")
    assert (answer.status, answer.json["detail"]) == (503, "Our own test mail does not come back.")


def test_another_monitors_trouble_is_not_ours(running: Client) -> None:
    """Otherwise, two that watch each other would keep each other unhealthy."""
    mapping.incident_row(Incident(id=vitals.PEER, maildomain=MONITOR, opened=NOW, evidence="It is not well.")).save()
    assert running.get("/health").status == 200


def test_channels_that_take_no_notices_are_counted_and_are_no_503(running: Client) -> None:
    """The others report it. One that is switched off, or has failed only once, does not count."""
    them = [
        ChannelConfig(id=name, name=name, kind=ChannelKind.SLACK, enabled=name != "off") for name in ("a", "b", "off")
    ]
    assert running.get("/health").json["channels_failing"] == 0
    assert channels.save(channels.load(), them)
    for name in ("a", "off"):
        channels.note_state(name, rules.refused(ChannelState(), NOW, "it answers 403"))
    channels.note_state("b", rules.failed(ChannelState(), NOW, "it answers 500"))
    answer = running.get("/health")
    assert (answer.status, answer.json["channels_failing"]) == (200, 1)
    assert "403" not in answer.body


def test_alerts_that_came_back_are_a_503_for_an_hour(running: Client) -> None:
    """Somebody is not reached, and cannot be told so by mail."""
    runtime.note_returned_alert("ops@example.org", NOW - 50 * MINUTE, "550 no such user")
    answer = running.get("/health")
    assert (answer.status, answer.json["detail"]) == (503, "Alerts came back from 1 address in the last hour.")
    assert replace(running, now=NOW + 4 * MINUTE).get("/health").status == 503
    runtime.note_returned_alert("ops@example.org", NOW - 70 * MINUTE, "550 no such user")
    assert running.get("/health").status == 200
