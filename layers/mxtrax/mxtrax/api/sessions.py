"""Tokens of sessions that were ended: API Gateway takes them until they expire, and this API does not."""

from collections.abc import Mapping
from typing import Any, Final

from mxtrax.api.rights import NobodyKnown
from mxtrax.model import SECOND, Millis
from mxtrax.runtime import memory
from mxtrax.store import sessions

LASTS: Final = 10 * SECOND
"""For how long a worker goes by what it has read."""

_read: Final[dict[str, tuple[Millis, Mapping[str, Millis]]]] = {}
memory.forgets(_read.clear)


def check(claims: Mapping[str, Any], now: Millis) -> None:
    """Raise NobodyKnown where a person's token is from before their sessions were ended (`iat`, RFC 7519 4.1.6)."""
    name, issued = str(claims.get("cognito:username") or claims.get("username") or ""), str(claims.get("iat", ""))
    if not name or not issued.isdecimal():
        return
    ended = _ended(now).get(name.lower())
    if ended is not None and int(issued) * SECOND <= ended:
        raise NobodyKnown("Your access has changed since you signed in. Sign in again.")


def _ended(now: Millis) -> Mapping[str, Millis]:
    at, known = _read.get("all", (0, {}))
    if not 0 <= now - at < LASTS:
        known = sessions.ended()
        _read["all"] = now, known
    return known
