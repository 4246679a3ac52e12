"""Split a mail into its parts (RFC 2046) in one pass, however broken its MIME is."""

import re
from binascii import a2b_qp
from html import unescape
from typing import Final

from .bounds import ENTITY_WORK, FIELD_WORK, LINE_WORK, MAX_DECODED, MAX_DEPTH, MAX_ENCODED_DEPTH, MAX_PARTS, MAX_READ
from .budget import Budget
from .fields import Fields, base64_octets, block, charset_text, octets, parameters

DASHES: Final = re.compile(r"\n--([^\n]{1,200})")
ENCODED: Final = ("base64", "quoted-printable")
ENCLOSED: Final = ("message/rfc822", "message/global", "message/news")
HEADERS_ONLY: Final = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822-header")
UNSEEN: Final = re.compile(r"(?is)<(style|script|head|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
BREAKS: Final = r"<(?:br|/p|/div|/tr|/td|/li|/h\d|p|div|tr|pre|/pre)\b[^<>]*>[ \t]*\n?"
LINE_TAG: Final = re.compile(rf"(?i){BREAKS}| (?<![ \t] )[ \t]*+{BREAKS}|\t(?<![ \t]\t)[ \t]*+{BREAKS}")
TAG: Final = re.compile(r"</?[A-Za-z!](?![^\s<>\"=@]*+@[^\s<>\"=]*+>)[^<>]*>")
MARKUP: Final = re.compile(r"(?i)<(?:html|body|div|p|br|table|pre)\b[^<>]*>")

CHARSET: Final = re.compile(r"(?i);\s*charset\*?\s*=\s*\"?([^\";\s]{1,40})")
# Charsets that are supersets of ASCII: text with only ASCII octets needs no decoding.
SAME: Final = re.compile(r"(?i)(?:us-ascii|ascii|utf-?8|iso-?8859|latin|windows-125)[\w.:-]*\Z")


class Part:
    """One leaf: its fields, where its body is, and whether it belongs to an enclosed mail."""

    __slots__ = ("_budget", "_decoded", "encoding", "end", "fields", "inside", "mime", "source", "start", "verbatim")

    def __init__(self, source: str, fields: Fields, start: int, budget: Budget, *, inside: bool) -> None:
        self.source, self.fields, self.start, self.inside = source, fields, start, inside
        self._budget = budget
        self.end = len(source)
        self.mime = fields["content-type"].partition(";")[0].strip().lower() or "text/plain"
        self.encoding = fields["content-transfer-encoding"].strip().lower()
        self._decoded: str | None = None
        self.verbatim = False
        """Whether the text is the body unchanged; set once the text has been read."""

    @property
    def raw(self) -> str:
        """The body as received, in its transfer encoding, up to a limit."""
        return self.source[self.start : min(self.end, self.start + MAX_DECODED)]

    @property
    def charset(self) -> str:
        """The body's declared charset, empty if there is none."""
        named = self.fields["content-type"]
        found = CHARSET.search(named) if ";" in named else None
        return found[1] if found else ""

    @property
    def cut(self) -> bool:
        """Whether the body is longer than the part that is read."""
        return self.end - self.start > MAX_DECODED

    @property
    def text(self) -> str:
        """The body as a person reads it: transfer encoding, charset and HTML undone."""
        if self._decoded is None:
            self._decoded = self._decode()
        return self._decoded

    def _decode(self) -> str:
        raw = body = self.raw
        if self.encoding == "base64":
            coded = base64_octets(body)
            # A gateway that adds its words to an encoded part leaves a mixture; what is not base64 is read as it is.
            body = coded.decode("latin-1") if coded and "@" not in body and ": " not in body else body
        elif self.encoding == "quoted-printable":
            body = a2b_qp(octets(body)).decode("latin-1")
        charset = self.charset
        if not (body.isascii() and (not charset or SAME.match(charset))):
            body = charset_text(octets(body), charset)
        if "\r" in body:
            body = body.replace("\r\n", "\n").replace("\r", "\n")
        if self.mime != "text/html" and not MARKUP.search(body, 0, 4_000):
            self.verbatim = body is raw
            return body
        return plain(body) if self._budget.spend(len(body) + ENTITY_WORK * body.count("&")) else ""


def plain(text: str) -> str:
    """Turn HTML into lines of text; an address in angle brackets is not a tag."""
    return unescape(TAG.sub("", LINE_TAG.sub("\n", UNSEEN.sub("", text)))).replace("\xa0", " ")


def lines_of(raw: bytes) -> str:
    """Return the mail as text with uniform line ends. Each octet becomes one character (Latin-1), so nothing is lost."""
    text = raw[:MAX_READ].decode("latin-1")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


class Mail:
    """A parsed mail: its own fields, and its leaves in order."""

    __slots__ = ("_inside", "_level", "_open", "body", "budget", "fields", "notes", "parts", "text")

    def __init__(self, text: str, level: int = 0, budget: Budget | None = None) -> None:
        self.text = text
        self.budget = budget or Budget()
        self.notes: list[str] = []
        self.parts: list[Part] = []
        self.fields, self.body = self._block(0, leading=level == 0)
        self._level = level
        # The open boundaries, the innermost last, and whether each belongs to an enclosed mail.
        self._open: list[str] = []
        self._inside: dict[str, bool] = {}
        self._split()

    def _split(self) -> None:
        current = self._begin(self.fields, self.body, inside=self._level > 0)
        if not self._open:
            return
        for line in DASHES.finditer(self.text, max(0, self.body - 1)):
            name = line[1].rstrip()
            closing = name not in self._inside and name.endswith("--")
            name = name[:-2] if closing else name
            if not self.budget.spend(LINE_WORK):
                return
            if name not in self._inside or line.start() + 1 < current.start:
                continue
            current.end = line.start()
            inside = self._close(name, closing=closing)
            if len(self.parts) >= MAX_PARTS:
                self.notes.append(f"more than {MAX_PARTS} parts: the rest is not read")
                return
            # What follows the last boundary is an epilogue, but some servers put the original there.
            fields, start = (Fields([]), line.end()) if closing else self._block(line.end() + 1)
            current = self._begin(fields, start, inside=inside)
        if len(self.parts) == 1:
            # The declared boundary never appears: what should have been the preamble is the whole content.
            current.mime = "text/plain"
        # Hardly any mail has something after its last boundary.
        self.parts = [part for part in self.parts if part.fields or part.raw.strip()]

    def _block(self, start: int, *, leading: bool = False) -> tuple[Fields, int]:
        """Read a header block, and spend its cost."""
        fields, end = block(self.text, start, leading=leading)
        self.budget.spend(end - start + FIELD_WORK * len(fields.pairs))
        return fields, end

    def _close(self, name: str, *, closing: bool) -> bool:
        """Close the multiparts inside this boundary's, and at a closing one that too; return whether it is enclosed."""
        while self._open[-1] != name:
            del self._inside[self._open.pop()]
        if not closing:
            return self._inside[name]
        return self._inside.pop(self._open.pop())

    def _begin(self, fields: Fields, start: int, *, inside: bool) -> Part:
        """Begin a part: remember a multipart's boundary, enter an enclosed mail."""
        part = Part(self.text, fields, start, self.budget, inside=inside)
        for _ in range(MAX_DEPTH):
            if part.mime not in ENCLOSED or part.encoding in ENCODED:
                break
            fields, start = self._block(part.start)
            part = Part(self.text, fields, start, self.budget, inside=True)
        self.parts.append(part)
        boundary = ""
        if part.mime.startswith("multipart/"):
            boundary = parameters(part.fields["content-type"]).get("boundary", "").rstrip()
        if boundary and boundary not in self._inside:
            if len(self._open) < MAX_DEPTH:
                self._open.append(boundary)
                self._inside[boundary] = part.inside
            else:
                self._deep()
        elif part.mime in ENCLOSED:
            self._enclosed(part)
        return part

    def _enclosed(self, part: Part) -> None:
        """Parse an encoded enclosed mail too (RFC 2046, section 5.2.1 forbids the encoding, but servers do it)."""
        if part.encoding in ENCODED and self._level < MAX_ENCODED_DEPTH:
            end = self.text.find("\n--", part.start)
            part.end = end if end > 0 else part.end
            within = Mail(part.text, self._level + 1, self.budget)
            self.parts += within.parts
            self.notes += within.notes
        else:
            self._deep()

    def _deep(self) -> None:
        note = f"nested deeper than {MAX_DEPTH}: the rest is read as text"
        if note not in self.notes:
            self.notes.append(note)
