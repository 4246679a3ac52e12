"""From counted use to costs."""

import json
import sys
from pathlib import Path

import pytest

from infra.bench import __main__ as bench
from infra.bench import calls, costs, memory, prices, write_units
from infra.bench.figure import Figure
from tests.stack import template

ROOT = Path(__file__).resolve().parents[2]
COUNTED = {"write_units_per_test": 18.0, "read_units_per_test": 2.0, "bytes_per_test": 1_345}
COUNTED |= {"calls_per_test": 5.3, "lambda_calls_per_test": 2.1, "gb_seconds_per_test": 0.08}
COUNTED |= {"gb_seconds_idle_minute": 0.4}


def test_every_item_of_the_bill_is_part_of_the_sum() -> None:
    """The sum is that of its items; the bare mails are one of them."""
    lines = list(costs.figures(COUNTED))
    items = costs.of_a_test(COUNTED)
    values = {name: value for line in lines for name, value in line.values.items()}
    assert values["usd_per_1000"] == pytest.approx(sum(items.values()) * 1_000, abs=1e-4)
    assert values["usd_over_ses_percent"] == pytest.approx((sum(items.values()) / 0.0002 - 1) * 100, abs=0.01)
    assert items["SES, out and in"] == pytest.approx(0.0002)
    assert items["DynamoDB, writes"] == pytest.approx(18 * prices.WRITE_UNIT)
    shown = {line.what.strip(): line.figure for line in lines}
    assert all(shown[what] == f"{usd * 1_000:.4f}" for what, usd in items.items())


def test_a_write_unit_more_is_seen_in_the_bill() -> None:
    """By its price on demand, and by less where capacity is provisioned."""

    def over(units: float) -> tuple[float, float]:
        found = {
            name: value
            for line in costs.figures({**COUNTED, "write_units_per_test": units})
            for name, value in line.values.items()
        }
        return found["usd_over_ses_percent"], found["usd_over_ses_percent_provisioned"]

    (less, less_provisioned), (more, more_provisioned) = over(16), over(18)
    assert more - less == pytest.approx(2 * prices.WRITE_UNIT / 0.0002 * 100, abs=0.02)
    assert 0 < more_provisioned - less_provisioned < more - less


def test_a_stack_at_rest_pays_for_each_queue_and_alarm_of_the_template() -> None:
    """They are counted in the template: what is added there is in the sum."""
    parts = costs.at_rest(0.000225, 0.4)
    assert f"asking {sum(costs._readers())} queues for messages" in parts
    limited, free = costs._readers()
    assert limited + free == (ROOT / "template.yaml").read_text().count("Arn, BatchSize: ")
    assert (limited, free) == (6, 0)
    assert costs._alarmed() >= 6
    assert min(parts.values()) > 0


def test_at_rest_only_those_metrics_cost_whose_absence_rings() -> None:
    """The others have no datum while all is well."""
    every_minute = {
        alarm["Properties"]["MetricName"]
        for alarm in template("infra/alarms.yaml")["Resources"].values()
        if alarm["Properties"].get("TreatMissingData") == "breaching"
    }
    assert len(every_minute) == costs.IDLE_METRICS


def test_one_object_says_what_each_value_was_measured_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--json prints an object; each of its values is explained in it."""
    monkeypatch.setattr(calls, "figures", lambda _: [Figure("calls", "5").named(**COUNTED)])
    for part in (write_units, memory):
        monkeypatch.setattr(part, "figures", lambda _: iter(()))
    monkeypatch.setattr(sys, "argv", ["bench", "--json", "--only", "costs"])
    bench.main()
    told = json.loads(capsys.readouterr().out)
    values = told.keys() - {"measured_on", "processor"}
    assert {"usd_per_1000", "usd_over_ses_percent", "usd_at_rest", *COUNTED} <= values
    assert values == told["measured_on"].keys()


def test_a_price_can_be_another_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """People who pay 0.16 USD for 1,000 mails see their total; an unknown name is refused, with the known ones."""
    monkeypatch.setattr(prices, "SES_SENT", prices.SES_SENT)  # and so it is as it was, afterwards
    monkeypatch.setattr(calls, "figures", lambda _: [Figure("calls", "5").named(**COUNTED)])
    for part in (write_units, memory):
        monkeypatch.setattr(part, "figures", lambda _: iter(()))
    told = list[float]()
    for more in ([], ["--price", "SES_SENT=0.00016"]):
        monkeypatch.setattr(sys, "argv", ["bench", "--json", "--only", "costs", *more])
        bench.main()
        told.append(json.loads(capsys.readouterr().out)["usd_per_1000"])
    assert told[1] - told[0] == pytest.approx(0.06)
    for wrong in ("SES=1", "SES_SENT=much"):
        monkeypatch.setattr(sys, "argv", ["bench", "--price", wrong])
        with pytest.raises(SystemExit):
            bench.main()
    assert "SES_SENT" in capsys.readouterr().err
