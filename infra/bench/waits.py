"""How long a function waits for AWS's answers, in seconds: assumed, not measured, since there is no account.

They are typical medians within a region. Doubling all of them adds a third to Lambda's costs.
"""

from collections.abc import Mapping
from typing import Final

DYNAMODB: Final = 0.006
TRANSACTION: Final = 0.015
S3: Final = 0.030
SQS: Final = 0.010
SES: Final = 0.080
OTHER: Final = 0.030

_BY_SERVICE: Final = {"dynamodb": DYNAMODB, "s3": S3, "sqs": SQS, "sesv2": SES}


def waited(calls: Mapping[str, int], at_once: int = 1) -> float:
    """Give the seconds of waiting for these calls, by "service operation"; `at_once` mails are sent in parallel."""
    return sum(number * _of(kind) / (at_once if kind == "sesv2 SendEmail" else 1) for kind, number in calls.items())


def _of(kind: str) -> float:
    service, _, operation = kind.partition(" ")
    return TRANSACTION if operation == "TransactWriteItems" else _BY_SERVICE.get(service, OTHER)
