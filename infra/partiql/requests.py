"""A statement of PartiQL as the ordinary request that does the same, on the same condition.

Only what `store/statements.py` writes is understood.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

type Statement = Mapping[str, Any]
"""A statement as a call has it: its text, and its parameters in DynamoDB's typed JSON."""

type Request = dict[str, Any]

_INSERT: Final = re.compile(r"""INSERT INTO "([^"]+)" VALUE \{('\w+': \?(?:, '\w+': \?)*)\}""")
_UPDATE: Final = re.compile(r'UPDATE "([^"]+)"((?: SET "\w+" = (?:"\w+" \+ )?\?)+) WHERE "(\w+)" = \?')
_SET: Final = re.compile(r'SET "(\w+)" = (?:"(\w+)" \+ )?\?')


class Refused(Exception):
    """What a stand-in raises if it refuses a request: the code of DynamoDB's exception."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Read(NamedTuple):
    """A statement's text: its table, and the names of its parameters; of an UPDATE, what it sets, and the key last."""

    table: str
    names: tuple[str, ...]
    sets: str = ""


def requested(statement: Statement, key: str = "") -> tuple[str, Request]:
    """Give an operation and its request. For the condition of an INSERT, `key` is the table's partition key.

    Raises ValueError for a statement that the store does not write.
    """
    read, values = _read(statement["Statement"]), statement["Parameters"]
    item = dict(zip(read.names, values, strict=True))
    if not read.sets:
        return "PutItem", {
            "TableName": read.table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(#key)",
            "ExpressionAttributeNames": {"#key": key},
        }
    *names, key = read.names
    return "UpdateItem", {
        "TableName": read.table,
        "Key": {key: item[key]},
        "UpdateExpression": read.sets,
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#key": key} | {f"#{name}": name for name in names},
        "ExpressionAttributeValues": {f":{name}": item[name] for name in names},
    }


@cache
def _read(text: str) -> _Read:
    if found := _INSERT.fullmatch(text):
        return _Read(found[1], tuple(re.findall(r"\w+", found[2])))
    if not (found := _UPDATE.fullmatch(text)):
        raise ValueError(f"the store writes no such statement: {text}")
    names, sets = list[str](), list[str]()
    for name, counter in _SET.findall(found[2]):
        names.append(name)
        sets.append(f"#{name} = #{counter} + :{name}" if counter else f"#{name} = :{name}")
    return _Read(found[1], (*names, found[3]), f"SET {', '.join(sets)}")


def answers(
    statements: Sequence[Statement], key_of: Callable[[str], str], do: Callable[[str, Request], object]
) -> list[dict[str, Any]]:
    """Answer the statements of a batch, as BatchExecuteStatement does.

    `key_of` gives a table's partition key; `do` has an operation's request done, and raises Refused.
    """
    found = list[dict[str, Any]]()
    for statement in statements:
        operation, asked = requested(statement, key_of(_read(statement["Statement"]).table))
        try:
            do(operation, asked)
        except Refused as refused:
            found.append({"Error": {"Code": _code(operation, refused.code)}})
        else:
            found.append({"TableName": asked["TableName"]})
    return found


def _code(operation: str, code: str) -> str:
    """Give the code that a batch's answer has for an exception."""
    if code == "ConditionalCheckFailedException" and operation == "PutItem":
        return "DuplicateItem"
    return "ValidationError" if code == "ValidationException" else code.removesuffix("Exception")
