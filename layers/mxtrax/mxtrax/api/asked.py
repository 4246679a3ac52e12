"""What a request asks for, whatever its client makes of an address: a slash more or less at its end, and HEAD for GET.

Clients strip the slash at the end or add one, and monitors ask HEAD (RFC 9110, section 9.3.2: as GET, without a body).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Known:
    """The methods and paths that there are, as `<name>` patterns; a path is at most as long as API Gateway lets it be."""

    routes: tuple[tuple[str, str], ...]

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((method, re.compile(re.sub(r"<\w+>", "[^/]+", path))) for method, path in self.routes)

    def methods(self, path: str) -> list[str]:
        """List what a path answers to: empty where there is nothing under it."""
        found = {method for method, pattern in self._patterns if pattern.fullmatch(path)}
        return sorted(found | ({"HEAD"} if "GET" in found else set()))

    def meant(self, event: dict[str, Any]) -> dict[str, Any]:
        """Give the request (payload format 2.0) with the path that is known, and with GET where HEAD was asked."""
        http = event["requestContext"]["http"]
        path, method = self._path(event["rawPath"]), http["method"]
        http = {**http, "path": path, "method": "GET" if method == "HEAD" else method}
        return {**event, "rawPath": path, "requestContext": {**event["requestContext"], "http": http}}

    def _path(self, path: str) -> str:
        if self.methods(path):
            return path
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        return other if self.methods(other) else path
