"""Read Received chains (RFC 5321, section 4.4): who handed on to whom, and when."""

import re
from collections.abc import Sequence
from typing import Final

from mxtrax.model import Hop, Millis

from .bounds import MAX_HOPS
from .dates import moment

COMMENT: Final = re.compile(r"\([^()]*\)")
CLAUSES: Final = re.compile(
    r"(?i)(?:\s*from\s+([^\s;()]{1,255}))?(?:.*?\sby\s+([^\s;()]{1,255}))?(?:.*?\swith\s+([a-z0-9]{1,20}))?", re.DOTALL
)
# ESMTPS and its kin (RFC 3848) say so; others name the version or the cipher in a comment.
SECURE: Final = frozenset(
    ("ESMTPS", "ESMTPSA", "SMTPS", "LMTPS", "LMTPSA", "UTF8SMTPS", "UTF8SMTPSA", "UTF8LMTPS", "HTTPS")
)


def hop(value: str) -> tuple[str, str, str, bool, Millis | None]:
    """Read one Received field: from, by, protocol, TLS, time."""
    value = value[:2_000]
    stamp = value.rfind(";")
    clauses = value[:stamp] if stamp > 0 else value
    bare = clauses
    if "(" in bare:
        bare = COMMENT.sub("", bare)
    if "(" in bare:
        bare = COMMENT.sub("", bare)
    found = CLAUSES.match(" " + bare)
    sender, receiver, protocol = found.groups("") if found else ("", "", "")
    protocol = protocol.upper()
    tls = protocol in SECURE or "TLS" in clauses or "tls" in clauses or "SSLv" in clauses or "cipher" in clauses
    return sender, receiver, protocol, tls, moment(value[stamp:] if stamp > 0 else value)


def chain(received: Sequence[str]) -> tuple[Hop, ...]:
    """Return the hops of a chain, the oldest first, each with the time since the hop before.

    A clock that runs behind the hop before is shown as skew, and the gap is zero: mail does not travel back in time.
    """
    result: list[Hop] = []
    latest: Millis | None = None
    for value in reversed(received[:MAX_HOPS]):
        from_, by, protocol, tls, time = hop(value)
        gap: Millis | None = None
        skew = 0
        if time is not None:
            if latest is not None:
                gap, skew = max(0, time - latest), max(0, latest - time)
            latest = time
        result.append(Hop(from_=from_, by=by, protocol=protocol, tls=tls, time=time, gap=gap, skew=skew))
    return tuple(result)
