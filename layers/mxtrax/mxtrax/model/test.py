"""One test mail: its verdict, why, and what was learnt on its way."""

from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


class Verdict(StrEnum):
    """The verdict of a test. OVERDUE may still turn late; ONTIME, LATE, FAILED and UNSENT are final."""

    PENDING = "pending"
    ONTIME = "ontime"
    LATE = "late"
    OVERDUE = "overdue"
    FAILED = "failed"
    UNSENT = "unsent"

    @property
    def final(self) -> bool:
        """True if nothing that still happens can change it."""
        return self not in (Verdict.PENDING, Verdict.OVERDUE)

    @property
    def missed(self) -> bool:
        """True if the mail has not come back in time to count: the wiki's "did not return"."""
        return self in (Verdict.OVERDUE, Verdict.FAILED)


class Cause(StrEnum):
    """Why a test is not on time, in one word; the last five are those of the monitor's own incidents."""

    REFUSED = "refused"
    DEFERRED = "deferred"
    ACCEPTED_THEN_LOST = "accepted_then_lost"
    RETURNED_AS_BOUNCE = "returned_as_bounce"
    FORWARD_BLOCKED = "forward_blocked"
    SLOW_OUTBOUND = "slow_outbound"
    SLOW_INSIDE = "slow_inside"
    SLOW_RETURN = "slow_return"
    NO_WORD = "no_word"
    SUPPRESSED = "suppressed"
    SEND_FAILED = "send_failed"
    THROTTLED = "throttled"
    QUOTA_EXCEEDED = "quota_exceeded"
    MONITOR_FAULT = "monitor_fault"
    STORM = "storm"
    CHANNEL_FAILED = "channel_failed"
    JOB_SILENT = "job_silent"
    PEER_UNWELL = "peer_unwell"


class Reason(StrEnum):
    """What a server gave as its reason, finer than a Cause. `mail/causes.py` holds the words each is known by."""

    FORWARDING_BLOCKED = "forwarding_blocked"
    SUPPRESSED = "suppressed"
    LOOP = "loop"
    GREYLISTED = "greylisted"
    RATE_LIMITED = "rate_limited"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_DISABLED = "mailbox_disabled"
    NOT_AUTHENTICATED = "not_authenticated"
    BLOCKLISTED = "blocklisted"
    SPAM = "spam"
    TOO_LARGE = "too_large"
    TLS = "tls"
    NO_RELAYING = "no_relaying"
    UNKNOWN_USER = "unknown_user"
    DNS = "dns"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"
    POLICY = "policy"
    SERVER_ERROR = "server_error"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What kind of mail came back (RFC 3834, 3464, 5965)."""

    MESSAGE = "message"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    FEEDBACK = "feedback"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpReply:
    """What a server said about a test, and when.

    `reason` is finer than the cause. `by_mail`: not SES says so, but a report that came into our inbox.
    """

    at: Millis
    text: str = ""
    status: str = ""
    server: str = ""
    cause: Cause | None = None
    reason: Reason | None = None
    by_mail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTest:
    """One test mail and all that was learnt on its way.

    It is judged by the limits it was sent under. `early_mark`: seconds after which it is suspicious, 0 for never. `seen`
    holds SES's ids of the mails that came back for it: one counts, the others are copies. `left` is when the last server
    before our inbox says that it handed the mail on. `counted` is the verdict that Stat and DomainHealth know already,
    `quiet` that it fell into maintenance;
    `unjudged` that its domain was paused or gone when it was first counted, so that it is in Stat alone. `via` is the
    first server of theirs that the returned mail names. `rev` grows with every piece of evidence: a job that folds
    can tell that nothing was added since it looked.
    """

    testid: str
    maildomain: str
    sendtime: Millis
    maxreturntime: int
    max_sec_until_fail: int
    returns_bounce: bool = False
    receivetime: Millis | None = None
    returned_as: Kind | None = None
    seen: frozenset[str] = frozenset()
    incl_in_stat: bool = False
    counted: Verdict = Verdict.PENDING
    ses_message_id: str = ""
    accepted: Millis | None = None
    delivered: SmtpReply | None = None
    deferred: SmtpReply | None = None
    refused: SmtpReply | None = None
    unsent: SmtpReply | None = None
    left: Millis | None = None
    via: str = ""
    quiet: bool = False
    unjudged: bool = False
    due: Millis | None = None
    early_mark: int = 0
    rev: int = 0

    @property
    def copies(self) -> int:
        """How often it came back beyond the first time."""
        return max(0, len(self.seen) - 1)
