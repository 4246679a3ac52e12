"""Take a mail apart into its parts (RFC 2046) in one pass, whatever its MIME is worth."""

import re
from binascii import a2b_qp
from html import unescape
from typing import Final

from .bounds import MAX_DECODED, MAX_DEPTH, MAX_PARTS, MAX_READ
from .fields import Fields, base64_octets, block, charset_text, octets, parameters

DASHES: Final = re.compile(r"\n--([^\n]{1,200}?)[ \t]*(?=\n|\Z)")
ENCLOSED: Final = ("message/rfc822", "message/global", "message/news")
HEADERS_ONLY: Final = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822-header")
UNSEEN: Final = re.compile(r"(?is)<(style|script|head|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
LINE_TAG: Final = re.compile(r"(?i)[ \t]*<(?:br|/p|/div|/tr|/td|/li|/h\d|p|div|tr|pre|/pre)\b[^<>]*>[ \t]*\n?")
TAG: Final = re.compile(r"</?[A-Za-z!](?![^\s<>\"=]*@[^\s<>\"=]*>)[^<>]*>")
MARKUP: Final = re.compile(r"(?i)<(?:html|body|div|p|br|table|pre)\b[^<>]*>")


class Part:
    """Hold one leaf: its fields, where its body stands, and whether it belongs to an enclosed mail."""

    __slots__ = ("_decoded", "encoding", "end", "fields", "inside", "mime", "source", "start")

    def __init__(self, source: str, fields: Fields, start: int, *, inside: bool) -> None:
        self.source, self.fields, self.start, self.inside = source, fields, start, inside
        self.end = len(source)
        self.mime = fields.get("content-type").partition(";")[0].strip().lower() or "text/plain"
        self.encoding = fields.get("content-transfer-encoding").strip().lower()
        self._decoded: str | None = None

    @property
    def raw(self) -> str:
        """The body as it stands, transfer encoding and all, up to a bound."""
        return self.source[self.start : min(self.end, self.start + MAX_DECODED)]

    @property
    def text(self) -> str:
        """The body as a person reads it: transfer encoding, charset and HTML undone."""
        if self._decoded is None:
            self._decoded = self._decode()
        return self._decoded

    def _decode(self) -> str:
        body = self.raw
        if self.encoding == "base64":
            coded = base64_octets(body)
            # A gateway that adds its words to an encoded part leaves both; what is no base64 is read as it stands.
            body = coded.decode("latin-1") if coded and "@" not in body and ": " not in body else body
        elif self.encoding == "quoted-printable":
            body = a2b_qp(octets(body)).decode("latin-1")
        charset = parameters(self.fields.get("content-type")).get("charset", "")
        if charset or not body.isascii():
            body = charset_text(octets(body), charset)
        if "\r" in body:
            body = body.replace("\r\n", "\n").replace("\r", "\n")
        return plain(body) if self.mime == "text/html" or MARKUP.search(body, 0, 4_000) else body


def plain(text: str) -> str:
    """Turn HTML into lines of text; an address in angle brackets is no tag."""
    return unescape(TAG.sub("", LINE_TAG.sub("\n", UNSEEN.sub("", text)))).replace("\xa0", " ")


def lines_of(raw: bytes) -> str:
    """Return the mail as text with one kind of line end. Each octet is one character (Latin-1), so nothing is lost."""
    text = raw[:MAX_READ].decode("latin-1")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


class Mail:
    """Hold a mail taken apart: its own fields, and its leaves in order."""

    __slots__ = ("body", "fields", "notes", "parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes: list[str] = []
        self.parts: list[Part] = []
        self.fields, self.body = block(text, leading=True)
        self._split()

    def _split(self) -> None:
        boundaries: dict[str, tuple[int, bool]] = {}
        stack: list[str] = []
        current = self._open(self.fields, self.body, boundaries, stack, inside=False)
        if not stack:
            return
        for line in DASHES.finditer(self.text, max(0, self.body - 1)):
            if line.start() + 1 < current.start:
                continue
            name = line[1]
            if name not in boundaries:
                if not name.endswith("--") or name[:-2] not in boundaries:
                    continue
                name = name[:-2]
                closing = True
            else:
                closing = False
            current.end = line.start()
            while stack and stack[-1] != name:
                del boundaries[stack.pop()]
            inside = boundaries[name][1]
            if closing:
                del boundaries[stack.pop()]
                # What follows the last boundary is an epilogue, yet some servers put the original there.
                current = Part(self.text, Fields(()), line.end(), inside=inside)
                self.parts.append(current)
            else:
                fields, start = block(self.text, line.end() + 1)
                current = self._open(fields, start, boundaries, stack, inside=inside)
            if len(self.parts) >= MAX_PARTS:
                self.notes.append(f"more than {MAX_PARTS} parts: the rest is not read")
                return
        if len(self.parts) == 1:
            # The boundary that was announced never comes: what should have been the preamble is all there is.
            self.parts[0].mime = "text/plain"

    def _open(
        self, fields: Fields, start: int, boundaries: dict[str, tuple[int, bool]], stack: list[str], *, inside: bool
    ) -> Part:
        """Begin a part; a multipart's boundary is remembered, an enclosed mail is entered."""
        part = Part(self.text, fields, start, inside=inside)
        self.parts.append(part)
        for _ in range(MAX_DEPTH):
            boundary = parameters(fields.get("content-type")).get("boundary", "").rstrip()
            if part.mime.startswith("multipart/") and boundary:
                if len(stack) < MAX_DEPTH:
                    if boundary not in boundaries:
                        stack.append(boundary)
                        boundaries[boundary] = (len(stack), part.inside)
                else:
                    self.notes.append(f"nested deeper than {MAX_DEPTH}: the rest is read as text")
                return part
            if part.mime not in ENCLOSED or part.encoding == "base64":
                return part
            fields, start = block(self.text, part.start)
            part = Part(self.text, fields, start, inside=True)
            self.parts.append(part)
        self.notes.append(f"nested deeper than {MAX_DEPTH}: the rest is read as text")
        return part
