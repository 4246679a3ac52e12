"""What a failed write means: somebody was quicker (an answer), or a real fault (which rises)."""

from pynamodb.exceptions import PynamoDBException, TransactWriteError

_LOST = "ConditionalCheckFailed"
_CONTENDED = "TransactionConflict"


def lost(error: PynamoDBException) -> bool:
    """Tell whether a write was turned down by its own condition."""
    return error.cause_response_code == f"{_LOST}Exception"


def losers(error: TransactWriteError) -> list[bool]:
    """Tell of each item of a transaction whether its own condition turned it down. Raises the error where none did."""
    verdicts = [reason is not None and reason.code == _LOST for reason in error.cancellation_reasons]
    if not any(verdicts) and not contended(error):
        raise error
    return verdicts


def contended(error: TransactWriteError) -> bool:
    """Tell whether a transaction met another one at work on the same items; the next try may pass."""
    return any(reason is not None and reason.code == _CONTENDED for reason in error.cancellation_reasons)
