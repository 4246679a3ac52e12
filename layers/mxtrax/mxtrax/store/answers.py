"""DynamoDB's answers about items, read as the JSON that they are.

botocore walks through an answer by the shape of each value, in Python: forty steps for an item with fifteen attributes,
and most of the time of a pass over the fleet. But the JSON already has that form; only binary values come as text. All
other answers, and all errors, are read as botocore does.
"""

import json
from base64 import b64decode
from typing import Any, Final

from botocore.parsers import ResponseParserFactory

_OF_ITEMS: Final = frozenset(
    f"{operation}Output" for operation in ("GetItem", "BatchGetItem", "Query", "Scan", "UpdateItem", "PutItem")
)


_BINARY: Final = b'"B"'
"""What an answer contains if it has binary values."""


def read_plainly(client: Any) -> None:  # noqa: ANN401 -- botocore makes its clients at run time
    """Let a DynamoDB client read answers with items the short way."""
    endpoint = client._endpoint  # noqa: SLF001 -- botocore has no other door; tests/store/test_answers.py holds it
    endpoint._response_parser_factory = _Parsers()  # noqa: SLF001


class _Parsers(ResponseParserFactory):
    """Makes the parser of an answer, as botocore does for each."""

    def create_parser(self, protocol_name: str) -> Any:  # noqa: ANN401
        parser: Any = super().create_parser(protocol_name)
        walk = parser._handle_json_body  # noqa: SLF001

        def read(body: bytes, shape: Any) -> Any:  # noqa: ANN401
            if shape.name not in _OF_ITEMS or not body:
                return walk(body, shape)
            return json.loads(body, object_hook=_with_binary if _BINARY in body else None)

        parser._handle_json_body = read  # noqa: SLF001
        return parser


def _with_binary(it: dict[str, Any]) -> dict[str, Any]:
    """Give a value whose kind is B its bytes; an attribute of that name has a value of its own, which is no text."""
    if len(it) == 1:
        binary = it.get("B")
        if isinstance(binary, str):
            it["B"] = b64decode(binary)
    return it
