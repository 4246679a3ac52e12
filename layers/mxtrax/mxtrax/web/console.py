"""The console's own files as answers to a browser. They are all the same for everybody and hold no data.

They are under a path made from their content, so that a browser keeps them for good and never mixes two versions. Only
the first page and the links of the wiki are under names that stay.
"""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from mxtrax.frozen import dataclass
from mxtrax.runtime.environment import Settings
from mxtrax.web.answers import Answer, given, headers_of, packed

MEDIA: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What the files are; anything else is not served."""

FOR_GOOD: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"

_IMPORT: Final = re.compile(r'^import [^"]*"([^"]+)";$', re.MULTILINE)
"""An import at the head of a module."""

_TOLD: Final = ("sign_in", "client", "login", "identity_providers", "passkeys", "local_people")
"""The settings that the first page carries."""

_HEADERS: Final[Mapping[str, str]] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it goes out."""

    body: bytes
    media: str
    caching: str

    @property
    def etag(self) -> str:
        """Name its content."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True)
class Console:
    """The console in a folder, and the settings that say how people sign in."""

    folder: Path
    settings: Settings
    _files: dict[str, File] = field(default_factory=dict, init=False)

    def answer(self, event: Mapping[str, Any]) -> Answer:
        """Answer a request (HTTP API, payload format 2.0)."""
        path = event["rawPath"]
        headers = headers_of(event)
        match path.strip("/").split("/"):
            case [""]:
                return self._give(self._first, headers)
            case ["console", version, *rest] if version == self.version:
                file = self._read("/".join(rest))
                return self._give(file, headers) if file else self._nothing()
            case ["dash", address] if address:
                there = f"#/domains/{quote(unquote(address), safe='@')}"
                return self._plain(302, "", {"Location": f"{'../..' if path.endswith('/') else '..'}/{there}"})
        return self._nothing()

    @cached_property
    def version(self) -> str:
        """Name the content of all files together."""
        digest = hashlib.sha256()
        for name in self._names:
            digest.update(f"{name}\0".encode() + (self.folder / name).read_bytes())
        return digest.hexdigest()[:16]

    @cached_property
    def _names(self) -> list[str]:
        there = (path for path in self.folder.rglob("*") if path.suffix in MEDIA and path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in there)

    @cached_property
    def _first(self) -> File:
        """Fill in the first page. It names the modules it needs, so that they are asked for at once and not one by one."""
        files = f"console/{self.version}"
        preload = "\n".join(f'<link rel="modulepreload" href="{files}/{name}">' for name in self._needed)
        text = (self.folder / "index.html").read_text(encoding="utf-8")
        text = text.replace("{files}", files).replace("{preload}", preload)
        for name in _TOLD:
            text = text.replace(f"{{{name}}}", html.escape(getattr(self.settings, name)))
        return File(text.encode(), MEDIA[".html"], ASK_AGAIN)

    @cached_property
    def _needed(self) -> list[str]:
        """Name what app.js imports, and what that imports. Pages that it imports when they are opened are not among them."""
        found, ahead = set[str](), {"app.js"} & set(self._names)
        while ahead:
            name = ahead.pop()
            found.add(name)
            text = (self.folder / name).read_text(encoding="utf-8")
            ahead |= {normpath(join(dirname(name), source)) for source in _IMPORT.findall(text)} - found
        return sorted(found)

    def _read(self, name: str) -> File | None:
        if name not in self._names or name == "index.html":
            return None
        if name not in self._files:
            path = self.folder / name
            self._files[name] = File(path.read_bytes(), MEDIA[path.suffix], FOR_GOOD)
        return self._files[name]

    def _give(self, file: File, headers: Mapping[str, str]) -> Answer:
        own = {
            "Content-Type": file.media,
            "Cache-Control": file.caching,
            "ETag": file.etag,
            "Vary": "Accept-Encoding",
        }
        if file.etag in headers.get("if-none-match", ""):
            return self._plain(304, "", own)
        return packed(self._plain(200, file.body.decode(), own), headers)

    def _nothing(self) -> Answer:
        return self._plain(404, "There is nothing at this path.\n", {"Content-Type": "text/plain; charset=utf-8"})

    def _plain(self, status: int, body: str, headers: Mapping[str, str]) -> Answer:
        own = {"Cache-Control": "no-store", **_HEADERS, "Content-Security-Policy": self._policy}
        return given(status, {**own, **headers}, body)

    @cached_property
    def _policy(self) -> str:
        """Let the page load and ask nothing but its own host and the user pool, and read no HTML out of texts."""
        parts = urlsplit(self.settings.login or self.settings.sign_in)
        pool = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                f"connect-src 'self'{pool}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            )
        )
