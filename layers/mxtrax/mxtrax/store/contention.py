"""Retries for colliding or too many writes: DynamoDB rejects one, and botocore does not retry that by itself.

A fold is a transaction over a test that a return, an event of SES or a sender may be about to write. The second one
gets TransactionConflict, and only has to try again a moment later. If the error were raised, it would cost an
invocation: an alert would be sent twice because it could not be marked, a batch sent again because it could not be
recorded. The same applies if a partition has reached its limit for this second: botocore retries a single write, but
not a transaction.
"""

from collections.abc import Mapping
from typing import Any, Final

TRIES: Final = 5
PAUSE: Final = 0.05
"""Seconds before the second try; each further one waits that much longer. A transaction takes some 20 ms."""

_PASSING: Final = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
"""Why a part of a transaction may be rejected now and accepted a moment later."""


def retry_conflicts(client: Any) -> None:  # noqa: ANN401 -- botocore makes its clients at run time
    """Let a DynamoDB client retry writes that collided with another transaction."""
    client.meta.events.register("needs-retry.dynamodb", _pause)


def _pause(response: tuple[Any, Mapping[str, Any]] | None, attempts: int, **_: Any) -> float | None:  # noqa: ANN401
    """Tell botocore how many seconds to wait before a retry; None for no retry."""
    if response is None or attempts >= TRIES:
        return None
    return PAUSE * attempts if _passes(response[1]) else None


def _passes(answer: Mapping[str, Any]) -> bool:
    """Say whether a write only collided with others, and nothing else was wrong with it."""
    match answer.get("Error", {}).get("Code"):
        case "TransactionConflictException":
            return True
        case "TransactionCanceledException":
            reasons = {reason.get("Code", "None") for reason in answer.get("CancellationReasons", ())}
            return bool(reasons & _PASSING) and reasons <= {*_PASSING, "None"}
        case _:
            return False
