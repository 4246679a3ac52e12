"""Logs and metrics: constant messages with fields, one metric per outcome. Never a mail body, never a secret."""

from typing import Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger: Final = Logger(service="mxtrax")
metrics: Final = Metrics(namespace="MXTRAX", service="mxtrax")


def count(outcome: str, times: int = 1) -> None:
    """Count an outcome; none of it is worth a line."""
    if times:
        measure(outcome, times)


def measure(name: str, value: float) -> None:
    """Put a figure, also where it is nought: that there is one says that somebody has looked."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
