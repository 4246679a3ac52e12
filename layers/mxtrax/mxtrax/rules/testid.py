"""Test ids: UUIDs that prove themselves.

The first half is a keyed hash of (maildomain, slot), so a retry mints the same id and sends no second test. The second
half is a keyed check of the first, so a forged or mangled id is rejected without reading any table. In form it is a
version 4 UUID (RFC 9562, section 5.4): 60 and 62 bits are ours, six are the form's.
"""

import hmac
from hashlib import blake2b
from typing import Final
from uuid import UUID

SECRET_BYTES: Final = 32
_HALF: Final = 8


def mint(secret: bytes, maildomain: str, slot: str) -> str:
    """Mint the test id of a domain's slot; the same arguments give the same id."""
    first = bytearray(_keyed(secret, b"slot", f"{maildomain}\0{slot}".encode()))
    first[6] = first[6] & 0x0F | 0x40
    return str(UUID(bytes=bytes(first) + _check(secret, bytes(first))))


def genuine(secret: bytes, candidate: str) -> bool:
    """Say whether this secret minted the candidate. Any string may be asked about."""
    try:
        raw = UUID(candidate).bytes
    except ValueError:
        return False
    first, second = raw[:_HALF], raw[_HALF:]
    return first[6] & 0xF0 == 0x40 and hmac.compare_digest(second, _check(secret, first))


def _check(secret: bytes, first: bytes) -> bytes:
    second = bytearray(_keyed(secret, b"check", first))
    second[0] = second[0] & 0x3F | 0x80
    return bytes(second)


def _keyed(secret: bytes, purpose: bytes, message: bytes) -> bytes:
    return blake2b(message, digest_size=_HALF, key=secret, person=purpose).digest()
