"""Read header blocks (RFC 5322, section 2.2), tolerating how servers write them."""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_qp
from itertools import islice
from typing import Final

from .bounds import MAX_FIELD, MAX_FIELDS, MAX_LINE

FIELD: Final = re.compile(r"([A-Za-z][!-9;-~]{0,75})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*){0,5000})(?:\n|\Z)")
NAME: Final = r"[A-Za-z][!-9;-~]{0,75}[ \t]*:"
BEGINS: Final = re.compile(NAME)
# The end of a run of fields: a line that is neither a field nor a continuation.
ENDS: Final = re.compile(rf"\n(?![ \t]|{NAME})")
# Most blocks consist of fields from their first line to an empty one; a count of the lines shows it. This is how far
# that is checked.
NO_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
USUAL: Final = 16_384
LINES: Final = re.compile(r"(?m)^([A-Za-z][!-9;-~]{0,75}+)[ \t]*+:[ \t]*+([^\n]*+)\n")
PREAMBLE: Final = re.compile(r"(?:[ \t]*\n)*(?:>?From [^\n]*\n)?")
MAX_STRAYS: Final = 6
STRAYS: Final = re.compile(rf"(?:(?!--|{NAME})[^\n]+\n){{1,{MAX_STRAYS}}}(?={NAME})")
OPEN: Final = re.compile(r"[ \t]*[\w-]+=[^\n]*(?:\n|\Z)")
ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\n]{0,2000})\?=(?:[ \t\n]+(?==\?))?")
PARAMETER: Final = re.compile(r';\s*([\w.-]{1,40})(?:\*0?\*?)?\s*=\s*(?:"([^"]{0,500})"?|([^;\s]{0,500}))')
# Codecs that decode text in linear time and into whole characters: not punycode, not UTF-7.
CHARSET: Final = re.compile(
    r"(?i)(?:utf-?_?(?:8|16|32)|us-|ascii|iso|latin|windows|cp\d|koi8|big5|gb|euc|hz|shift|sjis|ks_c|tis|mac)[\w.:-]*\Z"
)


class Fields(dict[str, str]):
    """A header block: the first value of each field, unfolded, by its name in lower case; '' for a missing field.

    `pairs` are all fields, in order.
    """

    __slots__ = ("cut", "pairs")

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(reversed(pairs))
        self.pairs = pairs
        self.cut = False

    def __missing__(self, name: str) -> str:
        """Treat a missing field as empty."""
        return ""

    def all(self, name: str) -> list[str]:
        """Return all values of a field, the topmost first."""
        if name not in self:
            return []
        if len(self) == len(self.pairs):
            return [self[name]]
        return [value for known, value in self.pairs if known == name]


def block(text: str, start: int = 0, *, leading: bool = False) -> tuple[Fields, int]:
    """Read the header block at `start`; return it and where the body begins.

    A line that is not a field is skipped if a field follows it, and joined to the field before it if that is open: some
    gateways fold without white space. `leading` allows such lines in front of the first field.
    """
    return _whole(text, start) or _in_pieces(text, start, leading=leading)


def _whole(text: str, start: int) -> tuple[Fields, int] | None:
    """Read a header block that consists of fields only and ends at an empty line; None for any other."""
    end = text.find("\n\n", start, start + USUAL) + 1
    unfolded = text[start:end].replace("\n ", " ").replace("\n\t", "\t")
    found = LINES.findall(unfolded)
    if not 0 < len(found) <= MAX_FIELDS or len(found) != unfolded.count("\n"):
        return None
    return Fields([(name.lower(), value) for name, value in found]), end + 1


def _in_pieces(text: str, start: int, *, leading: bool) -> tuple[Fields, int]:
    """Read any header block: runs of fields, and what is between them."""
    stop = len(text)
    pairs: list[tuple[str, str]] = []
    cut = False
    opening = PREAMBLE.match(text, start, stop)
    at = opening.end() if opening else start
    while at < stop and len(pairs) < MAX_FIELDS:
        if BEGINS.match(text, at, stop):
            over = ENDS.search(text, at, stop)
            end = over.end() if over else stop
            found = FIELD.findall(text, at, end)
            if len(found) > MAX_FIELDS - len(pairs):
                found = found[: MAX_FIELDS - len(pairs)]
                end = next(islice(FIELD.finditer(text, at), len(found) - 1, None)).end()
            if end - at > MAX_FIELD:
                cut = cut or any(len(value) > MAX_FIELD for _, value in found)
                found = [(name, value[:MAX_FIELD]) for name, value in found]
            pairs += [(name.lower(), value.replace("\n", "")) for name, value in found]
            at = end
            continue
        if text[at] == "\n":
            at += 1
            break
        stray = _stray(text, at, stop, pairs)
        if stray is None or not (pairs or leading):
            break
        at = stray.end()
    fields = Fields(pairs)
    fields.cut = cut
    return fields, at


def _stray(text: str, at: int, stop: int, pairs: list[tuple[str, str]]) -> re.Match[str] | None:
    """Find lines among the fields that are not fields; a parameter is joined to the field it belongs to."""
    if pairs and pairs[-1][1].rstrip().endswith(";"):
        parameter = OPEN.match(text, at, stop)
        if parameter:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + " " + parameter[0][:MAX_LINE].strip())
            return parameter
    return STRAYS.match(text, at, stop)


def charset_text(raw: bytes, charset: str) -> str:
    """Decode by the named charset; if that fails, as UTF-8; if that fails too, as Latin-1."""
    for name in (charset, "utf-8"):
        if name and CHARSET.match(name):
            try:
                return raw.decode(name)
            except (LookupError, ValueError):
                continue
    return raw.decode("latin-1")


def base64_octets(text: str) -> bytes:
    """Decode base64 (RFC 2045, section 6.8); if it is truncated, as much as is complete."""
    letters = octets(text.partition("=")[0] if "=\n" not in text else text).translate(None, NO_BASE64)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return a2b_base64(letters + b"=" * (-len(letters) % 4))
    except (BinasciiError, ValueError):
        return b""


def octets(text: str) -> bytes:
    """Return the octets of a text in this room (all are read as Latin-1)."""
    return text.encode("latin-1", "replace")


def _word(found: re.Match[str]) -> str:
    charset, how, coded = found.groups()
    raw = base64_octets(coded) if how in "bB" else a2b_qp(octets(coded), header=True)
    return charset_text(raw, charset.partition("*")[0])


def decoded(value: str) -> str:
    """Decode the encoded words of a value (RFC 2047); raw eight-bit text is read as UTF-8 if it is valid (RFC 6532)."""
    if "=?" in value:
        value = ENCODED_WORD.sub(_word, value)
    elif not value.isascii():
        try:
            return value.encode("latin-1").decode("utf-8")
        except ValueError:
            return value
    return value


def parameters(value: str) -> dict[str, str]:
    """Read the parameters of a structured value (RFC 2045, section 5.1)."""
    if ";" not in value:
        return {}
    return {name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(value[:4_000])}
