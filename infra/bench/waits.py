"""How long a function waits for an answer of AWS, in seconds: taken, not measured, for no account is at hand.

They are medians as such services show them within a region. Twice as much of each makes a third more of what Lambda costs.
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
    """Give the seconds that these calls are waited for, by "service operation"; mails go out so many at once."""
    return sum(number * _of(kind) / (at_once if kind == "sesv2 SendEmail" else 1) for kind, number in calls.items())


def _of(kind: str) -> float:
    service, _, operation = kind.partition(" ")
    return TRANSACTION if operation == "TransactWriteItems" else _BY_SERVICE.get(service, OTHER)
