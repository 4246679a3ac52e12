"""Costs, from counted use and list prices (prices.py).

Counted are mails, calls, read and write units, and functions' computing time (memory.py). What cannot be counted
without an account is assumed, and marked so: how long answers take (waits.py), and LOG_BYTES.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from infra.bench import prices
from infra.bench.figure import Figure
from infra.bench.world import SENDER
from mxtrax.model import Config
from mxtrax.rules import selfcheck
from mxtrax.runtime import log

TEMPLATE: Final = Path(__file__).resolve().parents[2] / "template.yaml"
ALARMS: Final = TEMPLATE.parent / "infra" / "alarms.yaml"

KEPT_DAYS: Final = 90
SQS_CALLS: Final = 2.6
"""For each test: SES's events are queued singly, received and deleted ten at a time at best; batches hardly count."""

LOG_BYTES: Final = 1_300
"""For each test: what Lambda itself logs for two calls, and their metrics. Not measured here."""

USED_CAPACITY: Final = 0.6
"""The part of provisioned capacity that is used, with a fleet whose tests are spread over the minute."""

IDLE_CALLS: Final = 5
"""Calls of functions in each minute: plan, a worker that folds, alert, watch, and send, even for an empty batch."""

IDLE_WRITES: Final = 10
"""Write units per minute, whatever is tested: heartbeats and the lease (`write units`, runtime), and those of watch."""

IDLE_METRICS: Final = len(log.WATCHED - {"AlertChannelFailed", "InboundBytes"})
"""Custom metrics of a stack on which all is well."""

FLEETS: Final = tuple((domains, minutes) for domains in (100, 1_000, 10_000, 100_000) for minutes in (15, 5))
"""Fleets whose monthly costs are given: domains, and the minutes between two tests of each."""

POLLS_A_MINUTE: Final = 15
"""Five pollers for each queue that a function reads with a limit of its own, each waiting for 20 seconds."""

FEWEST_POLLS_A_MINUTE: Final = 6
"""Without such a limit, Lambda goes down to two pollers if a queue is quiet, as AWS documents."""


def figures(counted: Mapping[str, Any]) -> Iterator[Figure]:
    """Give what 1,000 tests on time cost, and what a stack costs that tests only its own loop."""
    parts = of_a_test(counted)
    ses = parts.pop("SES, out and in")
    total = ses + sum(parts.values())
    over = (total / ses - 1) * 100
    provisioned = total - parts["DynamoDB, writes"] + _provisioned(counted["write_units_per_test"])
    over_provisioned = (provisioned / ses - 1) * 100
    yield Figure(f"USD for 1,000 tests on time (list prices of {prices.AS_OF})", f"{total * 1_000:.4f}").named(
        usd_per_1000=round(total * 1_000, 4), prices_as_of=prices.AS_OF
    )
    for what, usd in {"SES, out and in": ses, **parts}.items():
        yield Figure(f"  {what}", f"{usd * 1_000:.4f}")
    yield Figure("  over the bare mails", f"{over:.1f} %", "at most 11.6 %", ok=over <= 11.6).named(
        usd_over_ses_percent=round(over, 2)
    )
    what = f"  with provisioned capacity, {USED_CAPACITY:.0%} of it used"
    yield Figure(what, f"{over_provisioned:.1f} %", "at most 8.7 %", ok=over_provisioned <= 8.7).named(
        usd_over_ses_percent_provisioned=round(over_provisioned, 2)
    )
    parts = at_rest(total, counted["gb_seconds_idle_minute"])
    rest = sum(parts.values())
    yield Figure("USD a month at rest, without the machine client", f"{rest:.2f}", "at most 9", ok=rest <= 9).named(
        usd_at_rest=round(rest, 2)
    )
    yield from (Figure(f"  {part}", f"{usd:.2f}") for part, usd in parts.items())
    for domains, minutes in FLEETS:
        tests = domains * prices.MINUTES_A_MONTH / minutes
        yield Figure(
            f"USD a month for {domains:,} domains every {minutes} min: bare mails, the rest",
            f"{tests * ses:,.0f} + {tests * (total - ses) + rest:,.0f}",
        )


def of_a_test(counted: Mapping[str, Any]) -> dict[str, float]:
    """Give the cost in USD of one test on time, item by item."""
    stored = counted["bytes_per_test"] * KEPT_DAYS / 30 / 1e9
    return {
        "SES, out and in": prices.SES_SENT + prices.SES_RECEIVED,
        "DynamoDB, writes": counted["write_units_per_test"] * prices.WRITE_UNIT,
        "DynamoDB, reads": counted["read_units_per_test"] * prices.READ_UNIT,
        f"DynamoDB, kept for {KEPT_DAYS} days and backed up": stored
        * (prices.DYNAMODB_GB_MONTH + prices.DYNAMODB_BACKUP_GB_MONTH),
        "S3, the mail that came in": prices.S3_PUT,
        "Lambda": counted["lambda_calls_per_test"] * prices.LAMBDA_CALL
        + counted["gb_seconds_per_test"] * prices.LAMBDA_GB_SECOND,
        "SQS": SQS_CALLS * prices.SQS_CALL,
        "logs": LOG_BYTES / 1e9 * prices.LOGS_GB,
    }


def _provisioned(write_units: float) -> float:
    return write_units / 3_600 * prices.WRITE_CAPACITY_HOUR / USED_CAPACITY


def at_rest(of_a_test: float, gb_seconds: float) -> dict[str, float]:
    """Give the monthly cost in USD of a stack without domains, item by item."""
    calls = IDLE_CALLS * prices.MINUTES_A_MONTH
    alarms, (limited, free) = _alarmed(), _readers()
    polls = limited * POLLS_A_MINUTE + free * FEWEST_POLLS_A_MINUTE
    every = selfcheck.own_loop("loop", Config(sendinguser=SENDER)).interval_minutes or 1
    return {
        f"our own loop, every {every} min": prices.MINUTES_A_MONTH / every * of_a_test,
        f"{IDLE_CALLS} calls each minute": calls * prices.LAMBDA_CALL
        + gb_seconds * prices.MINUTES_A_MONTH * prices.LAMBDA_GB_SECOND,
        "their writes": IDLE_WRITES * prices.MINUTES_A_MONTH * prices.WRITE_UNIT,
        f"asking {limited + free} queues for messages": polls * prices.MINUTES_A_MONTH * prices.SQS_CALL,
        f"{alarms} metrics with an alarm": alarms * prices.ALARM_MONTH,
        f"{IDLE_METRICS} metrics of our own": IDLE_METRICS * prices.METRIC_MONTH,
        "their logs": calls * 700 / 1e9 * prices.LOGS_GB,
    }


def _alarmed() -> int:
    """Count the metrics that alarms watch; an alarm with metric math counts each of its metrics."""
    text = "".join(file.read_text() for file in (TEMPLATE, ALARMS) if file.exists())
    computing = len(re.findall(r"^ +Metrics:$", text, re.MULTILINE))
    return text.count("Type: AWS::CloudWatch::Alarm") + text.count("MetricStat:") - computing


def _readers() -> tuple[int, int]:
    """Count the queues whose function has a concurrency limit for reading, and those without."""
    sources = re.split(r"\bQueue: !GetAtt \w+\.Arn, BatchSize", TEMPLATE.read_text())[1:]
    limited = sum("MaximumConcurrency" in rest.partition("Policies:")[0] for rest in sources)
    return limited, len(sources) - limited
