"""Read Received chains (RFC 5321, section 4.4): who passed the mail to whom, and when."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final, overload

from mxtrax.model import Hop, Millis

from .bounds import MAX_HOPS
from .dates import moment

COMMENT: Final = re.compile(r"\([^()]*\)")
CLAUSES: Final = re.compile(
    r"(?i)(?:\s*from\s+([^\s;()]{1,255}))?(?:.*?\sby\s+([^\s;()]{1,255}))?(?:.*?\swith\s+([a-z0-9]{1,20}))?", re.DOTALL
)
# ESMTPS and the like (RFC 3848) mean TLS; others name the version or the cipher in a comment.
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


class Chain(Sequence[Hop]):
    """The hops of a chain, the oldest first, each with the time since the previous hop.

    They are read when they are first needed: an unmatched mail, or a second report of a test, never needs them. A clock
    behind the previous hop's is shown as skew, with a gap of zero: mail does not travel back in time.
    """

    def __init__(self, received: Sequence[str]) -> None:
        self.received = received[:MAX_HOPS]

    @cached_property
    def _hops(self) -> tuple[Hop, ...]:
        result: list[Hop] = []
        latest: Millis | None = None
        for value in reversed(self.received):
            from_, by, protocol, tls, time = hop(value)
            gap: Millis | None = None
            skew = 0
            if time is not None:
                if latest is not None:
                    gap, skew = max(0, time - latest), max(0, latest - time)
                latest = time
            result.append(Hop(from_=from_, by=by, protocol=protocol, tls=tls, time=time, gap=gap, skew=skew))
        return tuple(result)

    def __len__(self) -> int:
        """Count the hops."""
        return len(self.received)

    @overload
    def __getitem__(self, at: int) -> Hop: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Hop]: ...
    def __getitem__(self, at: int | slice) -> Hop | Sequence[Hop]:
        """Give one hop, or a slice."""
        return self._hops[at]

    def __eq__(self, other: object) -> bool:
        """Two chains with the same hops are equal, whatever their type."""
        return isinstance(other, Sequence) and self._hops == tuple(other)

    def __hash__(self) -> int:
        """Hash as the tuple of its hops does."""
        return hash(self._hops)

    def __repr__(self) -> str:
        """Show the hops."""
        return repr(self._hops)
