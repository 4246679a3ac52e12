"""The token of a link that acts: which incident it is for, and until when; signed, so that nobody else can make one.

It opens a page about one incident, which may be acknowledged there, and its domain made quiet for some hours. Anybody
who has the mail has the token, so it ends with the incident, or after a week.
"""

import base64
import binascii
import hmac
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import DAY, HOUR, SECOND, Incident, Millis

KEY_BYTES: Final = 32

LASTS: Final = 7 * DAY
"""How long a token is valid at most; each reminder has a new one."""

AFTERWARDS: Final = DAY
"""How long it stays valid once its incident has ended."""

LONGEST_QUIET: Final = 12 * HOUR
"""How long a domain can be made quiet with one."""

MORNING: Final = 8
"""The hour at which a night's quiet ends."""

MOST_OTHERS: Final = 24
"""Further incidents that a token acknowledges: those that a mail shows as one provider's."""

LONGEST: Final = 1_500
"""Characters of a token; a longer one is not ours."""

_VERSION: Final = b"\x01"
_MAC: Final = 16
_HEAD: Final = 11
"""Bytes before the texts: version, end, and when the incident opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActToken:
    """What a token says. `opened` is when its incident opened, `zone` its reader's time zone, `way` how it was sent.

    `others` are incidents of the same story, which are acknowledged together with it.
    """

    incident: str
    opened: Millis
    expires: Millis
    zone: str = "UTC"
    way: str = ""
    others: tuple[str, ...] = ()

    def is_for(self, incident: Incident | None, now: Millis) -> bool:
        """Say whether it is still valid for an incident, which may have ended, or be another one with the same id."""
        if incident is None or incident.opened != self.opened:
            return False
        return incident.closed is None or now < incident.closed + AFTERWARDS


def sign(key: bytes, it: ActToken) -> str:
    """Write a token, in letters that a URL can have."""
    head = _VERSION + (it.expires // SECOND).to_bytes(4, "big") + it.opened.to_bytes(6, "big")
    said = head + "\n".join((it.incident, it.zone, it.way, *it.others)).encode()
    return base64.urlsafe_b64encode(said + _mac(key, said)).decode().rstrip("=")


def read(key: bytes, token: str, now: Millis) -> ActToken | None:
    """Read a token; None if this key did not sign it, or its time is over. Any string may be asked about."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    said, mac = raw[:-_MAC], raw[-_MAC:]
    if not hmac.compare_digest(mac, _mac(key, said)) or said[:1] != _VERSION:
        return None
    incident, zone, way, *others = said[_HEAD:].decode().split("\n")
    expires = int.from_bytes(said[1:5], "big") * SECOND
    opened = int.from_bytes(said[5:_HEAD], "big")
    it = ActToken(incident=incident, opened=opened, expires=expires, zone=zone, way=way, others=tuple(others))
    return it if now < expires else None


def morning(now: Millis, zone: tzinfo) -> Millis:
    """Give the next morning by a reader's clock: when people who sleep now are at work again."""
    here = datetime.fromtimestamp(now / SECOND, zone)
    at = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if at <= here:
        at += timedelta(days=1)
    return round(at.timestamp()) * SECOND


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, b"mxtrax act\n" + said, sha256).digest()[:_MAC]
