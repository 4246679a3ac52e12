"""An invocation's counts are one line; what an alarm watches is a metric, and nothing else is."""

import json
from collections.abc import Iterator

import pytest

from mxtrax.runtime import log
from tests.stack import Stack


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin and end without figures."""
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
    log.metrics.clear_metrics()
    yield
    log.metrics.clear_metrics()


def test_what_an_alarm_looks_at_is_a_metric_and_nothing_else_is() -> None:
    """Each metric costs money every month, and an alarm on a missing one would never end."""
    looked_at = {it["MetricName"] for it in Stack().alarms().values() if it["Namespace"] == "MXTRAX"}
    assert looked_at == log.WATCHED


def test_figures_of_an_invocation_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are watched as metrics in CloudWatch's own format, all others beside them, added up."""

    @log.metrics.log_metrics
    def handler(*_: object) -> None:
        log.count("SendRounds")
        log.count("TestsSent", 3)
        log.count("TestsSent", 4)
        log.count("FoldsLost", 0)

    handler({}, None)
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    (directive,) = told["_aws"]["CloudWatchMetrics"]
    assert [it["Name"] for it in directive["Metrics"]] == ["SendRounds"]
    assert (told["SendRounds"], told["TestsSent"]) == ([1.0], 7)
    assert "FoldsLost" not in told


def test_a_metric_of_an_invocation_is_one_value(capsys: pytest.CaptureFixture[str]) -> None:
    """Its sum: a hundred values would be printed before the end, in the midst of what `mxtrax receive` says."""
    for _ in range(120):
        log.measure("InboundBytes", 2)
    assert not capsys.readouterr().out
    log.metrics.flush_metrics()
    assert json.loads(capsys.readouterr().out)["InboundBytes"] == [240.0]


def test_figures_that_nobody_watches_are_written_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """By an invocation without metrics; the next one starts from zero, and one without figures writes none."""

    @log.metrics.log_metrics
    def handler(*names: str) -> None:
        for name in names:
            if name:
                log.count(name)

    handler("MailReturned", "")
    handler("", "")
    assert capsys.readouterr().out.splitlines() == ['{"MailReturned":1}']
