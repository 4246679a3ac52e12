"""Logs and metrics: constant messages with fields, one figure per outcome. Never a mail body, never a secret."""

import json
import sys
from typing import Any, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.functions import is_metrics_disabled
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

WATCHED: Final = frozenset(
    {
        "PlanRounds",
        "SendRounds",
        "AggregateRounds",
        "AlertRounds",
        "OwnLoopMissed",
        "AlertChannelFailed",
        "InboundBytes",
    }
)
"""Figures that an alarm looks at. Each metric costs 0.30 USD a month; all other figures are only in the log."""


class Figures(AmazonCloudWatchEMFProvider):
    """What an invocation has counted: one line of the log at its end; CloudWatch makes metrics of what is watched."""

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:  # noqa: FBT001, FBT002 -- as Powertools has it
        """Write the line, even if nothing in it is watched; none if nothing was counted."""
        if self.metric_set:
            super().flush_metrics(raise_on_empty_metrics)
        elif self.metadata_set and not is_metrics_disabled():
            sys.stdout.write(json.dumps(self.metadata_set, separators=(",", ":")) + "\n")
        self.clear_metrics()


logger: Final = Logger(service="mxtrax")
metrics: Final = Figures(namespace="MXTRAX", service="mxtrax")


def count(outcome: str, times: int = 1) -> None:
    """Count an outcome; none of it is worth a line of its own."""
    if not times:
        return
    if outcome in WATCHED:
        measure(outcome, times)
    else:
        counted: dict[str, Any] = metrics.metadata_set
        counted[outcome] = counted.get(outcome, 0) + times


def measure(name: str, value: float) -> None:
    """Add to a metric, even if it is zero: its presence says that somebody has looked.

    An invocation has one value of each: of a hundred Powertools would print a line at once, also to somebody at a terminal.
    """
    if known := metrics.metric_set.get(name):
        known["Value"] = [known["Value"][0] + value]
    else:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
