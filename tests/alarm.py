"""How CloudWatch evaluates an alarm: by periods, each with its data or with none."""

from collections.abc import Mapping, Sequence
from typing import Any

from mxtrax.model import MINUTE, SECOND

type Data = Mapping[int, Sequence[float]]
"""The values put in each minute since 1970."""


def rings(alarm: Mapping[str, Any], data: Data, minute: int) -> bool:
    """Say whether an alarm rings at the end of a minute. `alarm` has its properties, resolved."""
    length = int(alarm["Period"]) * SECOND // MINUTE
    bad = 0
    for period in range(int(alarm["EvaluationPeriods"])):
        minutes = range(minute - (period + 1) * length + 1, minute - period * length + 1)
        bad += _is_bad([value for each in minutes for value in data.get(each, ())], alarm)
    return bad >= int(alarm["DatapointsToAlarm"])


def _is_bad(values: Sequence[float], alarm: Mapping[str, Any]) -> bool:
    if not values:
        return bool(alarm["TreatMissingData"] == "breaching")
    value = sum(values) if alarm["Statistic"] == "Sum" else max(values)
    threshold = float(alarm["Threshold"])
    match alarm["ComparisonOperator"]:
        case "GreaterThanThreshold":
            return bool(value > threshold)
        case "GreaterThanOrEqualToThreshold":
            return bool(value >= threshold)
        case "LessThanThreshold":
            return bool(value < threshold)
    raise NotImplementedError(alarm["ComparisonOperator"])
