"""The operator's logo: a PNG of a bounded size, of which only the chunks that draw it are kept.

A PNG holds no script, but it may hold chunks of any text, and other files can be appended to it. So it is rewritten.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from mxtrax.errors import Refused

MAX_BYTES: Final = 32 * 1024
MAX_WIDTH: Final = 800
MAX_HEIGHT: Final = 400
"""Pixels: what a browser unpacks is bounded by them."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = ">II5B"
_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The chunks that draw a picture (PNG, third edition, section 11); texts, times, profiles and animations are dropped."""

_WRONG: Final = f"logo: this should be a PNG of at most {MAX_WIDTH} x {MAX_HEIGHT} pixels and {MAX_BYTES // 1024} KB."


def check_logo(data: bytes) -> bytes:
    """Check a logo, and give as much of it as draws it; none is empty."""
    if not data:
        return b""
    chunks = list(_chunks(data)) if len(data) <= MAX_BYTES and data.startswith(_SIGNATURE) else []
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1] != b"IEND" or b"IDAT" not in names or not _fits(chunks[0][1]):
        raise Refused("logo", _WRONG)
    return _SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks if name in _KEPT)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read the chunks of a PNG up to its end (section 5.3). Raises Refused if it is truncated or continues after it."""
    at = len(_SIGNATURE)
    while at < len(data):
        if len(data) < at + 12:
            raise Refused("logo", _WRONG)
        length, name = struct.unpack_from(">I4s", data, at)
        body, sum_ = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if sum_ != struct.pack(">I", zlib.crc32(name + body)) or (name == b"IEND" and at + 12 + length != len(data)):
            raise Refused("logo", _WRONG)
        yield name, body
        at += 12 + length


def _fits(header: bytes) -> bool:
    """Say whether a picture is within its bounds, by its IHDR (section 11.2.1)."""
    if len(header) != struct.calcsize(_HEADER):
        return False
    width, height, *_ = struct.unpack(_HEADER, header)
    return bool(0 < width <= MAX_WIDTH and 0 < height <= MAX_HEIGHT)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
