"""Writes of many records in one call, each by itself: one unit a record, where a transaction takes two.

DynamoDB runs up to 25 statements of PartiQL in a call. Some of them may be done and others refused, and a call that is
made again after its answer was lost finds what it has done itself. Values are parameters, never part of a statement's
text.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from itertools import batched
from time import sleep
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError
from pynamodb.attributes import Attribute
from pynamodb.models import Model

from mxtrax.runtime.log import logger
from mxtrax.store import contention
from mxtrax.store.tables import connection

BATCH: Final = 25
"""Statements in one call, at most."""

_PASSING: Final = frozenset(
    {
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "InternalServerError",
    }
)
"""Why DynamoDB may refuse a statement now and accept it a moment later."""


class Outcome(Enum):
    """What became of a statement."""

    DONE = auto()
    EXISTS = auto()  # the record that it would insert is there already
    MISSING = auto()  # the record that it would update is not there
    LEFT = auto()  # not done, for any other reason: the caller's own single write is done, or tells why not


_OUTCOMES: Final = {"": Outcome.DONE, "DuplicateItem": Outcome.EXISTS, "ConditionalCheckFailed": Outcome.MISSING}
"""By the code of DynamoDB's answer. `insert` and `update` have no other conditions."""

type Value = tuple[Attribute[Any], Any]
"""An attribute and its value."""


class Statement(NamedTuple):
    """A statement of PartiQL, and its parameters as DynamoDB's typed JSON."""

    text: str
    parameters: Sequence[Mapping[str, Any]]


def insert(row: Model) -> Statement:
    """Write a record, unless there is one with its key."""
    item = row.serialize()
    names = ", ".join(f"'{name}': ?" for name in item)
    return Statement(f'INSERT INTO "{row.Meta.table_name}" VALUE {{{names}}}', list(item.values()))


def update(table: type[Model], key: Value, values: Sequence[Value], counter: Attribute[Any]) -> Statement:
    """Set values of a record that is there, and raise a counter of it by one; the counter must have a value."""
    sets = [f'SET "{attribute.attr_name}" = ?' for attribute, _ in values]
    sets.append(f'SET "{counter.attr_name}" = "{counter.attr_name}" + ?')
    text = f'UPDATE "{table.Meta.table_name}" {" ".join(sets)} WHERE "{key[0].attr_name}" = ?'
    return Statement(text, [_typed(it) for it in (*values, (counter, 1), key)])


def run(statements: Sequence[Statement]) -> list[Outcome]:
    """Run statements on different records, and say what became of each.

    What was refused for a passing reason is tried again, like a transaction (contention.py). A single one is left to
    the caller, whose own write costs no more. Raises botocore's errors if no answer came.
    """
    batches = batched(statements, BATCH, strict=False)
    return [each for batch in batches for each in (_batch(batch) if len(batch) > 1 else [Outcome.LEFT])]


def _batch(batch: Sequence[Statement]) -> list[Outcome]:
    codes = dict.fromkeys(range(len(batch)), "")
    left = list(codes)
    for attempt in range(1, contention.TRIES + 1):
        codes.update(zip(left, _call([batch[number] for number in left]), strict=True))
        left = [number for number in left if codes[number] in _PASSING]
        if not left or attempt == contention.TRIES:
            break
        sleep(contention.PAUSE * attempt)
    outcomes = [_OUTCOMES.get(code, Outcome.LEFT) for code in codes.values()]
    if Outcome.LEFT in outcomes:
        logger.warning("a batch was not written as a whole", codes=sorted(set(codes.values()) - _OUTCOMES.keys()))
    return outcomes


def _call(statements: Sequence[Statement]) -> list[str]:
    """Give the code of each statement's answer, "" if it was done; all have the same if the call itself was refused."""
    asked = [{"Statement": each.text, "Parameters": each.parameters} for each in statements]
    try:
        answer = connection().dispatch("BatchExecuteStatement", {"Statements": asked})
    except ClientError as error:  # botocore has tried again by now
        return [f"{error.response['Error'].get('Code')} of the call"] * len(asked)
    return [each.get("Error", {}).get("Code", "") for each in answer["Responses"]]


def _typed(it: Value) -> dict[str, Any]:
    attribute, value = it
    return {attribute.attr_type: attribute.serialize(value)}
