"""DynamoDB's responses with items, read as plain JSON.

botocore walks through a response by the shape of each value, in Python: forty steps for an item with fifteen
attributes, and most of the time of a pass over the fleet. But the JSON already has that form; only binary values come
as text. All other responses, and all errors, are read as botocore reads them.
"""

import json
from base64 import b64decode
from typing import Any, Final

from botocore.parsers import ResponseParserFactory

_OF_ITEMS: Final = frozenset(
    f"{operation}Output" for operation in ("GetItem", "BatchGetItem", "Query", "Scan", "UpdateItem", "PutItem")
)


_BINARY: Final = b'"B"'
"""What a response contains if it has binary values."""


def read_plainly(client: Any) -> None:  # noqa: ANN401 -- botocore makes its clients at run time
    """Let a DynamoDB client read responses with items in the short way."""
    endpoint = client._endpoint  # noqa: SLF001 -- botocore has no other door; tests/store/test_answers.py holds it
    endpoint._response_parser_factory = _Parsers()  # noqa: SLF001


class _Parsers(ResponseParserFactory):
    """Makes the parser of a response, as botocore does for each."""

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
    """Decode a value of type B into bytes; an attribute called B has a typed value, which is not text."""
    if len(it) == 1:
        binary = it.get("B")
        if isinstance(binary, str):
            it["B"] = b64decode(binary)
    return it
