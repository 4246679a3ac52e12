"""The fleet in numbers."""

from dataclasses import replace
from typing import Any

import pytest

from mxtrax.api import exposition
from mxtrax.api.public import metrics
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import MONITOR, SECOND, Cause, Incident, MailTest, Reason, Verdict
from mxtrax.rules import counters, selfcheck, vitals
from mxtrax.store import mapping, runtime
from tests.api.client import NOW, Client
from tests.api.stored import add_domains, fail


def test_metrics_are_openmetrics_for_who_asks_for_it(client: Client) -> None:
    """WindowCounts, the failing domains by name, and the end that the format asks for."""
    domain, *_ = add_domains(2)
    fail(domain)
    answer = client.ask("GET", "/metrics", headers={"accept": "application/openmetrics-text"})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    lines = answer.body.splitlines()
    assert {'mxtrax_domains{status="down"} 1', 'mxtrax_domains{status="setup"} 1'} <= set(lines)
    assert 'mxtrax_domain_failing{domain="user@domain1.com",customer=""} 1' in lines
    assert answer.body.endswith("# EOF\n")


def test_jobs_are_labelled_as_functions(client: Client) -> None:
    """Prometheus keeps the label job for itself: a rule on it would select nothing."""
    runtime.heartbeat("plan", NOW - 30 * SECOND)
    lines = client.get("/metrics").body.splitlines()
    assert 'mxtrax_job_age_seconds{function="plan"} 30.0' in lines
    assert not any("job=" in line for line in lines)


def test_round_trips_are_a_histogram_and_verdicts_are_counted(client: Client) -> None:
    """Buckets hold all that is shorter; what is overdue took no time; what failed is counted under both words."""
    test = MailTest(testid="t", maildomain="d", sendtime=NOW, maxreturntime=300, max_sec_until_fail=86_400)
    for took in (800, 42_000, 43_000):
        runtime.count_tests(counters.of(replace(test, receivetime=NOW + took), Verdict.ONTIME), NOW)
    runtime.count_tests(counters.of(test, Verdict.OVERDUE), NOW)
    runtime.count_tests(counters.of(replace(test, counted=Verdict.OVERDUE), Verdict.FAILED), NOW)
    assert {
        'mxtrax_tests_total{verdict="ontime"} 3',
        'mxtrax_tests_total{verdict="overdue"} 1',
        'mxtrax_tests_total{verdict="failed"} 1',
        'mxtrax_round_trip_seconds_bucket{le="1.0"} 1',
        'mxtrax_round_trip_seconds_bucket{le="30.0"} 1',
        'mxtrax_round_trip_seconds_bucket{le="60.0"} 3',
        'mxtrax_round_trip_seconds_bucket{le="+Inf"} 3',
        "mxtrax_round_trip_seconds_sum 85.8",
        "mxtrax_round_trip_seconds_count 3",
        f"mxtrax_last_return_timestamp_seconds {NOW / SECOND}",
    } <= set(client.get("/metrics").body.splitlines())


def test_a_trouble_of_the_monitor_shows(client: Client) -> None:
    """The self-check, a storm, and that /health says so."""
    well = client.get("/metrics").body.splitlines()
    assert {"mxtrax_self_check_failed 0", "mxtrax_storm 0", "mxtrax_healthy 0"} <= set(well)
    for job in (*vitals.HEARTBEATS, vitals.WELL):
        runtime.heartbeat(job, NOW)
    assert "mxtrax_healthy 1" in client.get("/metrics").body.splitlines()
    for name in (selfcheck.ID, STORM):
        mapping.incident_row(Incident(id=name, maildomain=MONITOR, opened=NOW)).save()
    assert {"mxtrax_self_check_failed 1", "mxtrax_storm 1"} <= set(client.get("/metrics").body.splitlines())


def test_what_is_failing_beyond_the_bound_is_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never left out without a word."""
    monkeypatch.setattr(metrics, "NAMED", 2)
    for domain in add_domains(5):
        fail(domain)
    lines = client.get("/metrics").body.splitlines()
    assert sum(line.startswith("mxtrax_domain_failing{") for line in lines) == 2
    assert "mxtrax_domains_failing_without_line 3" in lines


def test_names_that_would_break_a_line_are_escaped(client: Client) -> None:
    """A label is what a person has typed."""
    says = exposition.text([exposition.gauges("m", "Of two\nlines.", [({"a": 'x"y\\z\n'}, 1)])], plain=True)
    assert says.splitlines() == ["# HELP m Of two\\nlines.", "# TYPE m gauge", 'm{a="x\\"y\\\\z\\n"} 1']
    assert client.get("/metrics").status == 200


def test_open_incidents_are_counted_by_cause_and_reason(client: Client) -> None:
    """What is over is not among them."""
    (domain,) = add_domains(1)
    full, over = {"reason": Reason.MAILBOX_FULL}, {"closed": NOW}
    for number, more in (("a", {}), ("b", full), ("c", over)):
        known: dict[str, Any] = {"cause": Cause.REFUSED, "due": NOW, **more}
        mapping.incident_row(Incident(id=number, maildomain=domain.key, opened=NOW, **known)).save()
    lines = client.get("/metrics").body.splitlines()
    assert [line for line in lines if line.startswith("mxtrax_incidents_open")] == [
        'mxtrax_incidents_open{cause="refused",reason=""} 1',
        'mxtrax_incidents_open{cause="refused",reason="mailbox_full"} 1',
    ]


def test_who_asks_for_nothing_else_is_given_prometheus_own(client: Client) -> None:
    """As Prometheus negotiates: OpenMetrics if it is named, the older text for curl and promtool."""
    newer = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
    assert "openmetrics" in client.ask("GET", "/metrics", headers={"accept": newer}).headers["Content-Type"]
    answer = client.ask("GET", "/metrics", headers={"accept": "text/plain;version=0.0.4"})
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "mxtrax_domains" in answer.body
    assert not any(line.startswith(("# EOF", "# UNIT")) for line in answer.body.splitlines())


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/openmetrics-text;q=0,text/plain", "text/plain"),
        ("application/openmetrics-text;q=0.2, TEXT/PLAIN; Version=0.0.4; q=0.9", "text/plain"),
        ("text/*;q=0.8,*/*;q=0.1", "text/plain"),
        ("text/plain;q=0.5,application/openmetrics-text;q=0.9", "application/openmetrics-text"),
        ("application/openmetrics-text,*/*;q=0.5", "application/openmetrics-text"),
        ("application/openmetrics-text;q=0.2,*/*;q=0.8", "text/plain"),
        ("application/openmetrics-text;q=0", "text/plain"),
        ("*/*", "text/plain"),
        ("application/*", "text/plain"),
        ("text/html,*/*;q=0.8", "text/plain"),
        ("text/plain;q=much,application/openmetrics-text;q=-1", "application/openmetrics-text"),
        ("application/vnd.google.protobuf", "text/plain"),
        ("", "text/plain"),
    ],
)
def test_the_weights_of_an_accept_are_heeded(client: Client, accept: str, media: str) -> None:
    """RFC 9110, section 12.5.1; with equal weights, a client that names OpenMetrics gets it."""
    answer = client.ask("GET", "/metrics", headers={"accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == media
