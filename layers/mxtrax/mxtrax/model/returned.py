"""What is read from one mail that came back."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from mxtrax.frozen import dataclass
from mxtrax.model.test import Cause, Kind, Reason
from mxtrax.model.trace import Hop


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One recipient in a report (RFC 3464, section 2.3)."""

    address: str
    action: str | None = None
    status: str | None = None
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One DKIM signature on what came back (RFC 6376). `body_intact` is None if its body hash could not be compared."""

    domain: str
    selector: str = ""
    body_intact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What was done to our mail on the way.

    `verdicts` are the way back's: spf, dkim, dmarc, spam, virus -> pass, fail, ... `subject_before`, `subject_after`
    and `footer` are what a gateway added around the test id and below the letter.
    """

    verdicts: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    subject_before: str = ""
    subject_after: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What was read from one mail that came back. `tokens` are candidate test ids, most trusted first, unchecked.

    `hops` is the chain of the mail that came, `original_hops` that of the mail it is about. `notes` name what exceeded
    a bound or could not be read.
    """

    kind: Kind
    tokens: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    reporting_mta: str = ""
    cause: Cause | None = None
    reason: Reason = Reason.UNKNOWN
    ses_message_id: str = ""
    subject: str = ""
    hops: Sequence[Hop] = ()
    original_hops: Sequence[Hop] = ()
    integrity: Integrity = field(default_factory=Integrity)
    notes: tuple[str, ...] = ()

    @property
    def slowest(self) -> Hop | None:
        """The hop that took longest of both chains, None if no two hops tell their time."""
        timed = [hop for hop in (*self.original_hops, *self.hops) if hop.gap]
        return max(timed, key=lambda hop: hop.gap or 0, default=None)
