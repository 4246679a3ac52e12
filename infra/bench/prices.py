"""AWS's prices: list prices of us-east-1 in USD, without free tiers and discounts."""

from typing import Final

AS_OF: Final = "2026-11-26"
"""When they were written down, from memory: there was no AWS page to compare them with. `--price` changes one."""

SES_SENT: Final = 0.10 / 1_000
"""An outgoing mail, if the account has no SES pricing plan."""

SES_PLANS: Final = {"ESSENTIALS": 0.16 / 1_000, "PRO": 0.22 / 1_000, "ENTERPRISE": 0.23 / 1_000}
"""The same by plan, for the first ten million a month. New accounts since 2026-07-21 begin with the first plan."""

SES_RECEIVED: Final = 0.10 / 1_000
"""An incoming mail of one chunk, 256 KB at most."""

WRITE_UNIT: Final = 0.625 / 1_000_000
READ_UNIT: Final = 0.125 / 1_000_000
"""DynamoDB on demand."""

WRITE_CAPACITY_HOUR: Final = 0.00065
"""DynamoDB provisioned: one unit a second for an hour."""

DYNAMODB_GB_MONTH: Final = 0.25
DYNAMODB_BACKUP_GB_MONTH: Final = 0.20
"""Storage with point-in-time recovery."""

S3_PUT: Final = 0.005 / 1_000
SQS_CALL: Final = 0.40 / 1_000_000
LAMBDA_CALL: Final = 0.20 / 1_000_000
LAMBDA_GB_SECOND: Final = 0.0000133334
"""On arm64."""

LOGS_GB: Final = 0.50
"""Ingestion; storage for a month is a twentieth of that."""

ALARM_MONTH: Final = 0.10
"""An alarm on one metric; one with metric math counts each of its metrics."""

METRIC_MONTH: Final = 0.30
"""A custom metric."""

HOURS_A_MONTH: Final = 730
MINUTES_A_MONTH: Final = HOURS_A_MONTH * 60


def override(name: str, usd: float) -> None:
    """Use another price than the list's. Raises KeyError for an unknown name."""
    known = {each for each, it in globals().items() if each.isupper() and isinstance(it, float)}
    if name not in known:
        raise KeyError(f"there is no price {name}; there are {', '.join(sorted(known))}")
    globals()[name] = usd
