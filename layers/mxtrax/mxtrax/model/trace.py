"""The route of a mail that came back, as it is kept."""

from collections.abc import Mapping
from dataclasses import field

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One Received field (RFC 5321, section 4.4), oldest first.

    `gap` is milliseconds since the hop before, never negative; `skew` how far this clock ran behind that one's.
    """

    from_: str = ""
    by: str = ""
    protocol: str = ""
    tls: bool = False
    time: Millis | None = None
    gap: Millis | None = None
    skew: Millis = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTrace:
    """What is kept of a returned mail for people to look at: its route, and what was done to it. No rule reads it.

    `dkim_body` is `intact` or `changed`, by the body hash of our own signature; "" where that was not compared.
    `headers` is the header block, kept where the test was not on time.
    """

    hops: tuple[Hop, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    dkim_body: str = ""
    subject_before: str = ""
    subject_after: str = ""
    footer: str = ""
    headers: str = ""
