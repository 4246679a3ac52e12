"""The alarms of the stack, checked against its functions, queues and metrics."""

import json
import re
from typing import Any

import pytest

from mxtrax.model import Verdict
from mxtrax.rules import vitals
from mxtrax.runtime.log import WATCHED, measure, metrics
from tests.alarm import rings
from tests.stack import ROOT, STACK, Stack, template

ALARMS = Stack().alarms()
FUNCTIONS = Stack().of_type("AWS::Serverless::Function")
QUEUES = Stack().of_type("AWS::SQS::Queue")
ROUNDS = {"PlanRounds", "SendRounds", "AggregateRounds", "AlertRounds", "OwnLoopMissed"}
"""Metrics that our own work puts in each minute, whatever else happens."""

PUT_BY_AWS = {
    "AWS/Lambda": ("FunctionName", {"Errors", "Throttles", "Invocations"}, FUNCTIONS),
    "AWS/SQS": (
        "QueueName",
        {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "NumberOfMessagesReceived"},
        QUEUES,
    ),
}
"""By namespace: the dimension that AWS's documents name, metrics among those that have it, and what it may name here."""

WELL_AND_BAD: dict[str, tuple[float | None, float | None]] = {
    "Errors": (0, 1),
    "Throttles": (0, 1),
    "Invocations": (50, 1_000_000),
    "ApproximateAgeOfOldestMessage": (60, 100_000),
    "ApproximateNumberOfMessagesVisible": (0, 1),
    "NumberOfMessagesReceived": (0, 1),
    **dict.fromkeys(ROUNDS - {"OwnLoopMissed"}, (1, None)),
    "OwnLoopMissed": (0, vitals.MISSED + 1),
    "AlertChannelFailed": (None, 1),
    "InboundBytes": (10_000, 10.0**12),
}
"""The values in a minute in which all is well, and in a bad one; None if nothing is put."""

MOST_COST = 5.0
"""USD a month that all alarms may cost, if an account has no free ones left."""


def _on(metric: str, dimension: str) -> dict[str, dict[str, Any]]:
    """Give the alarms on a metric, by what they look at."""
    found = {}
    for name, alarm in ALARMS.items():
        (looked_at,) = alarm["Dimensions"]
        if alarm["MetricName"] == metric and looked_at["Name"] == dimension:
            assert looked_at["Value"] not in found, name
            found[looked_at["Value"].removeprefix(f"{STACK}-")] = alarm
    return found


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_is_watched(metric: str) -> None:
    """Each has its own alarm on its errors, and one on its throttles."""
    assert _on(metric, "FunctionName").keys() == FUNCTIONS.keys()


def test_every_queue_is_watched() -> None:
    """Where work waits by its age; dead letters each by themselves, so that an old one hides no new one of another queue."""
    dead = {name for name in QUEUES if "Dead" in name}
    read = {"SendDeadQueue"}  # by feedback: its messages are there for a moment
    assert _on("ApproximateNumberOfMessagesVisible", "QueueName").keys() == dead - read
    assert _on("NumberOfMessagesReceived", "QueueName").keys() == read
    assert _on("ApproximateAgeOfOldestMessage", "QueueName").keys() == QUEUES.keys() - dead


def test_our_own_work_is_watched_by_a_metric_of_its_own() -> None:
    """Five figures that somebody puts every minute: a missing one is bad news. Of all others a missing one is good news."""
    breaching = {it["MetricName"] for it in ALARMS.values() if it["TreatMissingData"] == "breaching"}
    assert breaching == ROUNDS
    assert {it["TreatMissingData"] for it in ALARMS.values()} == {"breaching", "notBreaching"}


def _put() -> set[str]:
    code = "".join(path.read_text() for path in (ROOT / "layers/mxtrax/mxtrax").rglob("*.py"))
    return set(re.findall(r"(?:count|measure)\(\s*\"(\w+)\"", code)) | {f"Test{it.capitalize()}" for it in Verdict}


def test_every_own_metric_of_an_alarm_is_put_by_somebody() -> None:
    """A metric that is renamed would leave an alarm that never rings, or never ends."""
    assert {it["MetricName"] for it in ALARMS.values() if it["Namespace"] == "MXTRAX"} <= _put()


def _written(capsys: pytest.CaptureFixture[str], name: str) -> tuple[str, dict[str, str]]:
    """Put an own metric as a function does, and give the namespace and dimensions that its line of the log names."""
    metrics.flush_metrics()
    capsys.readouterr()  # what other tests have left
    measure(name, 1)
    metrics.flush_metrics()
    line = json.loads(capsys.readouterr().out)
    (said,) = line["_aws"]["CloudWatchMetrics"]
    ((dimension,),) = said["Dimensions"]
    assert [it["Name"] for it in said["Metrics"]] == [name]
    return said["Namespace"], {dimension: line[dimension]}


def test_every_alarm_looks_where_its_metric_is_put(capsys: pytest.CaptureFixture[str]) -> None:
    """An alarm on another dimension is in order, costs the same, and never rings."""
    for name, alarm in ALARMS.items():
        (looked_at,) = alarm["Dimensions"]
        dimension, metric = {looked_at["Name"]: looked_at["Value"]}, alarm["MetricName"]
        if alarm["Namespace"] == "MXTRAX":
            assert (alarm["Namespace"], dimension) == _written(capsys, metric), name
            continue
        where, metrics_of_aws, things = PUT_BY_AWS[alarm["Namespace"]]
        assert metric in metrics_of_aws, name
        assert dimension[where] in {f"{STACK}-{it}" for it in things}, name


@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_rings_by_what_is_put_and_ends(name: str) -> None:
    """All that is well, then bad for as long as it takes, then well again; one bad period alone may be too few."""
    alarm, metric = ALARMS[name], ALARMS[name]["MetricName"]
    well, bad = WELL_AND_BAD[metric]
    length, needed = alarm["Period"] // 60, alarm["DatapointsToAlarm"]
    whole = length * alarm["EvaluationPeriods"]
    begins, ends = 3 * whole, 3 * whole + needed * length
    data = {
        minute: [float(value)]
        for minute in range(ends + 2 * whole)
        if (value := bad if begins <= minute < ends else well) is not None
    }
    heard = [minute for minute in range(whole, ends + 2 * whole) if rings(alarm, data, minute)]
    assert heard, "it never rings"
    assert heard[0] >= begins + (needed - 1) * length, "it rings too soon"
    assert heard[0] < ends + length, "it rings too late"
    assert heard[-1] < ends + 2 * whole - 1, "it never ends"
    assert rings(alarm, {}, 1_000) is (metric in ROUNDS)


def test_the_dashboard_shows_what_there_is() -> None:
    """All functions and queues, and custom metrics that are put; it is created only on request, and not locally."""
    assert "DashboardStack" not in Stack().resources
    assert "DashboardStack" not in Stack(Dashboard="true", LocalMode="true").resources
    wanted = Stack(Dashboard="true")
    given = wanted.properties("DashboardStack")["Parameters"]
    inside = template("infra/dashboard.yaml")
    assert given.keys() == inside["Parameters"].keys()
    text = inside["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(r"\$\{([A-Za-z]+)\}", text)) == given.keys()
    body = json.loads(re.sub(r"\$\{([\w:]+)\}", lambda it: given.get(it[1], "there"), text))
    shown = [metric for widget in body["widgets"] for metric in widget["properties"].get("metrics", ())]
    assert {name for space, name, *_ in shown if space == "MXTRAX"} <= WATCHED
    queries = [widget["properties"]["query"] for widget in body["widgets"] if widget["type"] == "log"]
    assert set(re.findall(r"sum\((\w+)\)", " ".join(queries))) <= _put()
    assert all(it.startswith(f"SOURCE '/mxtrax/{STACK}' | stats ") for it in queries)
    assert len(queries) == 2
    assert {it[3].removeprefix(f"{STACK}-") for it in shown if it[0] == "AWS/Lambda"} == FUNCTIONS.keys()
    assert {it[3].removeprefix(f"{STACK}-") for it in shown if it[0] == "AWS/SQS"} == QUEUES.keys()


def test_every_alarm_tells_the_topic_when_it_begins_and_when_it_ends() -> None:
    """Nobody has to look whether it is over."""
    topic = [Stack().resolve({"Ref": "AlertTopic"})]
    for name, alarm in ALARMS.items():
        assert (alarm["AlarmActions"], alarm["OKActions"]) == (topic, topic), name


def test_the_alarm_on_our_own_loop_rings_where_the_switch_is_not_called() -> None:
    """The figure is one and the same."""
    assert ALARMS["OwnLoopSilent"]["Threshold"] == vitals.MISSED


def test_alarms_cost_what_is_said() -> None:
    """One metric each, at the ordinary resolution: 0.10 USD a month; docs/operations.md gives their sum."""
    assert all("Metrics" not in it and it["Period"] >= 60 for it in ALARMS.values())
    cost = 0.10 * len(ALARMS)
    assert cost <= MOST_COST
    assert f"{len(ALARMS)} alarms" in (ROOT / "docs/operations.md").read_text()
    assert f"{cost:.2f} USD" in (ROOT / "docs/operations.md").read_text()


def test_every_alarm_has_its_heading_in_the_runbook() -> None:
    """And below it what it means, how to look, and what to do. No heading is left of an alarm that is gone."""
    runbook = (ROOT / "docs/operations.md").read_text().partition("## Alarms\n")[2].partition("\n## ")[0]
    below = {}
    for part in runbook.split("\n### ")[1:]:
        heading, _, text = part.partition("\n")
        below.update(dict.fromkeys(heading.split(", "), text))
    del below["An alert comes back"]
    assert below.keys() == ALARMS.keys()
    for name, text in below.items():
        assert re.findall(r"^- \*\*(\w+):\*\* \S", text, re.MULTILINE) == ["Means", "Look", "Do"], name


def test_every_alarm_says_what_is_wrong() -> None:
    """In a sentence: the topic's mail has nothing else."""
    for name, alarm in ALARMS.items():
        assert re.fullmatch(r"[A-Z].{20,}\.", alarm["AlarmDescription"]), name


def test_the_stack_of_alarms_is_given_all_that_it_wants() -> None:
    """And nothing else."""
    assert Stack().properties("Alarms")["Parameters"].keys() == template("infra/alarms.yaml")["Parameters"].keys()
