"""What a request asks for, however its client writes the address: with or without a slash at its end, HEAD for GET.

Clients strip the slash at the end or add one, and monitors ask HEAD (RFC 9110, section 9.3.2: as GET, without a body).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, Self

from mxtrax.frozen import dataclass

ANY_CACHE: Final = "_"
"""The parameter by which clients such as jQuery keep answers out of caches: it asks for nothing."""
_IN_PATH: Final = r"(?P\1[-._~()'!*:@,;=+&$%<> \\[\\]{}|^\\w]+)"
"""What a name of ours in a path may look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of an HTTP API (payload format 2.0); the names of its headers are in lower case.

    `claims` are those of the token that the authorizer has read, if any; `encoded` says that the body is in base64.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    encoded: bool
    claims: Mapping[str, Any] | None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """Read it from Lambda's event."""
        context = event["requestContext"]
        authorizer = context.get("authorizer") or {}
        return cls(
            method=context["http"]["method"],
            path=event["rawPath"],
            query={name: it for name, it in (event.get("queryStringParameters") or {}).items() if name != ANY_CACHE},
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            body=event.get("body") or "",
            encoded=bool(event.get("isBase64Encoded")),
            claims=authorizer.get("jwt", {}).get("claims") or None,
        )


@dataclass(frozen=True)
class Known:
    """The methods and paths that there are, as `<name>` patterns; a path is at most as long as API Gateway lets it be."""

    routes: tuple[tuple[str, str], ...]

    @cached_property
    def _patterns(self) -> tuple[tuple[int, str, re.Pattern[str]], ...]:
        """Make the patterns, those of one path alone first."""
        made = [
            (number, method, re.compile(re.sub(r"(<\w+>)", _IN_PATH, path)))
            for number, (method, path) in enumerate(self.routes)
        ]
        return tuple(sorted(made, key=lambda each: bool(each[2].groups)))

    def methods(self, path: str) -> list[str]:
        """List the methods of a path: empty if there is no such path."""
        found = {method for _, method, pattern in self._patterns if pattern.fullmatch(path)}
        return sorted(found | ({"HEAD"} if "GET" in found else set()))

    def found(self, asked: Asked) -> tuple[int, dict[str, str]] | None:
        """Give the route that is meant, and the names in the path; if two fit, the first one."""
        for number, method, pattern in self._patterns:
            if method == asked.method and (fits := pattern.fullmatch(asked.path)):
                return number, fits.groupdict()
        return None

    def meant(self, asked: Asked) -> Asked:
        """Give the request with the known path, and with GET for HEAD."""
        return replace(asked, path=self._path(asked.path), method="GET" if asked.method == "HEAD" else asked.method)

    def _path(self, path: str) -> str:
        if self.methods(path):
            return path
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        return other if self.methods(other) else path
