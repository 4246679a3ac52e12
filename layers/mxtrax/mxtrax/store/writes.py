"""What a failed write means: somebody was quicker (an answer), or a real fault (an exception)."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from pynamodb.attributes import Attribute
from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from mxtrax.store import statements
from mxtrax.store.statements import Outcome
from mxtrax.store.tables import connection

_FAILED = "ConditionalCheckFailed"
_CONTENDED = "TransactionConflict"
TRIES: Final = 5
"""How often a transaction that collided with another one is retried."""


def _lost(error: PynamoDBException) -> bool:
    """Say whether a write failed by its own condition."""
    return error.cause_response_code == f"{_FAILED}Exception"


def update(row: Model, actions: list[Action], condition: Condition) -> bool:
    """Change a record, and update `row` to its new state. False if the condition fails."""
    try:
        row.update(actions=actions, condition=condition)
    except UpdateError as error:
        if _lost(error):
            return False
        raise
    return True


def saved(row: Model, condition: Condition) -> bool:
    """Write a record. False if its condition fails."""
    try:
        row.save(condition=condition)
    except PutError as error:
        if _lost(error):
            return False
        raise
    return True


def written(write: Callable[[TransactWrite], object]) -> bool:
    """Write in one transaction: everything, or nothing and False if a condition fails."""
    try:
        with TransactWrite(connection=connection()) as together:
            write(together)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def failed_conditions(error: TransactWriteError) -> list[bool]:
    """Say for each item of a transaction whether its own condition failed. Raises the error if none did."""
    verdicts = [reason is not None and reason.code == _FAILED for reason in error.cancellation_reasons]
    if not any(verdicts) and not contended(error):
        raise error
    return verdicts


def contended(error: TransactWriteError) -> bool:
    """Say whether a transaction collided with another one on the same items; a retry may succeed."""
    return any(reason is not None and reason.code == _CONTENDED for reason in error.cancellation_reasons)


def as_read(row: type[Model], version: int) -> Condition:
    """Require that a record is as it was read; one that was never written has version 0."""
    attribute: Any = row.version  # type: ignore[attr-defined]
    unchanged: Condition = attribute == version
    return unchanged if version else unchanged | attribute.does_not_exist()


def save_new[Row: Model](rows: Sequence[Row], key: Attribute[Any]) -> list[Row]:
    """Write rows that do not exist yet, and give those that existed already.

    Several go in batches, in which each is written by itself; what no batch could write is written alone. If one cannot
    be written at all, this raises, and others may be there by then.
    """
    outcomes, new = statements.run([statements.insert(row) for row in rows]), key.does_not_exist()
    return [
        row
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome is Outcome.EXISTS or (outcome is Outcome.LEFT and not saved(row, new))
    ]
