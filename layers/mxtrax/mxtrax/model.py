"""The words of MXTRAX as frozen dataclasses. Times are UTC milliseconds since 1970 (`Millis`), durations say their unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

type Millis = int
"""A moment: UTC, milliseconds since 1970-01-01."""

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


class Verdict(StrEnum):
    """How a test stands. OVERDUE may still turn late; ONTIME, LATE, FAILED and UNSENT are final."""

    PENDING = "pending"
    ONTIME = "ontime"
    LATE = "late"
    OVERDUE = "overdue"
    FAILED = "failed"
    UNSENT = "unsent"

    @property
    def final(self) -> bool:
        """True where nothing that still happens can change it."""
        return self not in (Verdict.PENDING, Verdict.OVERDUE)

    @property
    def missed(self) -> bool:
        """True where the mail has not come back in time to count: the wiki's "did not return"."""
        return self in (Verdict.OVERDUE, Verdict.FAILED)


class Cause(StrEnum):
    """Why a test is not on time, in one word; the last two are those of the monitor's own incidents."""

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
    OWN_FAULT = "own_fault"
    STORM = "storm"


class State(StrEnum):
    """What is known of a domain as a whole. A domain in maintenance keeps the state it had."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"


class Kind(StrEnum):
    """What kind of mail came back (RFC 3834, 3464, 5965)."""

    MESSAGE = "message"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    FEEDBACK = "feedback"
    OTHER = "other"


# --- what people set -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a domain may do before it is failing. Exceeding means greater than. Percentages are 0 to 100."""

    maxfailnumber: int = 0
    maxfailpercentage: float = 0.0
    maxlatenumber: int = 0
    maxlatepercentage: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The one record of settings. maxreturntime and max_sec_until_fail are seconds, *_minutes minutes, keep_days days."""

    sendinguser: str = ""
    alertuser: tuple[str, ...] = ()
    maxreturntime: int = 300
    max_sec_until_fail: int = 86_400
    limits: Limits = field(default_factory=Limits)
    interval_minutes: int = 15
    retest_minutes: int = 1
    window_hours: int = 24
    open_after: int = 1
    recover_after: int = 3
    remind_minutes: int = 60
    keep_days: int = 90
    timezone: str = "UTC"
    own_fault_percent: int = 50
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whose domains they are. `codename` is the key; its alertusers are told of its own domains alone.

    `link` is what its public page is found by, "" where it has none.
    """

    codename: str
    friendlyname: str
    alertuser: tuple[str, ...] = ()
    link: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """One monitored mailbox, testuser@domainname. None in an override means: as Config says.

    `version` grows with every change, so that nobody changes what they have not seen. A `control` is known to work: while
    it fails, the fault is taken for ours.
    """

    id: int
    testuser: str
    domainname: str
    customer: str = ""
    maintmode: bool = False
    control: bool = False
    returns_bounce: bool = False
    interval_minutes: int | None = None
    maxreturntime: int | None = None
    max_sec_until_fail: int | None = None
    maxfailnumber: int | None = None
    maxfailpercentage: float | None = None
    maxlatenumber: int | None = None
    maxlatepercentage: float | None = None
    tags: frozenset[str] = frozenset()
    version: int = 0

    @property
    def address(self) -> str:
        """Where its tests are sent."""
        return f"{self.testuser}@{self.domainname}"

    @property
    def key(self) -> str:
        """What every other record calls it by."""
        return self.address.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody changed. `before` and `after` are what the record said, None where there was none; `id` is any text."""

    at: Millis
    id: str
    who: str
    what: str
    target: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class Scope(StrEnum):
    """Whom a maintenance window is for."""

    ALL = "all"
    CUSTOMER = "customer"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time of maintenance, in which testing goes on, nothing is told, and the figures are kept apart.

    `start` and `end` are what a clock on the wall of `zone` shows (2026-11-22T22:00); `weekly` repeats them every seven
    days. `target` is a customer's codename or a domain's key.
    """

    id: str
    scope: Scope
    start: str
    end: str
    zone: str = "UTC"
    target: str = ""
    weekly: bool = False
    note: str = ""
    version: int = 0


CUSTOMER_GROUP: Final = "customer:"
"""What the name of a customer's own group begins with; whoever is in it sees that customer alone."""

ROLES: Final = ("viewer", "operator", "admin")
"""What people may be, each more than the one before: the groups of the user pool."""


# --- what happens ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said of a test, and when it said so."""

    at: Millis
    text: str = ""
    status: str = ""
    server: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTest:
    """One test mail and all that was learnt on its way.

    It is judged by the limits it was sent under. `seen` holds SES's ids of the mails that came back for it: one counts,
    the others are copies. `left` is when the last server before our inbox says that it handed the mail on. `counted` is
    the verdict that Stat and Standing know already, `quiet` that it fell into maintenance; `unjudged` that its domain was
    paused or gone when it was first counted, so that it is in Stat and never in Standing. `via` is the first server of
    theirs that the returned mail names. `rev` grows with every piece of evidence, so that whoever folds can tell that
    nothing was added since it looked.
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
    delivered: Answer | None = None
    deferred: Answer | None = None
    refused: Answer | None = None
    unsent: Answer | None = None
    left: Millis | None = None
    via: str = ""
    quiet: bool = False
    unjudged: bool = False
    due: Millis | None = None
    rev: int = 0

    @property
    def copies(self) -> int:
        """How often it came back beyond the first time."""
        return max(0, len(self.seen) - 1)


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """The tests of an hour of a day. `quiet` are those that fell into maintenance, whatever became of them."""

    ontime: int = 0
    late: int = 0
    missed: int = 0
    unsent: int = 0
    quiet: int = 0

    @property
    def total(self) -> int:
        """All tests that are no longer pending, went out, and did not fall into maintenance."""
        return self.ontime + self.late + self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """One day of one MailDomain, by send date in UTC. Delivery times are milliseconds here, seconds wherever people read.

    `histogram` counts on-time and late tests by latency bucket, `hours` all tests by the hour of the day in UTC (see
    tally.py). The tests that fell into maintenance are counted in the quiet fields and nowhere else.
    """

    maildomain: str
    d: str
    min_delivery_time: Millis | None = None
    max_delivery_time: Millis | None = None
    ontime_num: int = 0
    late_num: int = 0
    fail_num: int = 0
    total_num: int = 0
    total_delivery_time: Millis = 0
    unsent_num: int = 0
    quiet_ontime_num: int = 0
    quiet_late_num: int = 0
    quiet_fail_num: int = 0
    quiet_total_num: int = 0
    histogram: Mapping[int, int] = field(default_factory=dict)
    hours: Mapping[int, HourOfDay] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """An hour of a slate. `took` is the delivery time of its on-time and late tests added up."""

    ontime: int = 0
    late: int = 0
    missed: int = 0
    took: Millis = 0

    @property
    def total(self) -> int:
        """All tests that are no longer pending."""
        return self.ontime + self.late + self.missed


@dataclass(frozen=True, slots=True)
class Recent:
    """A test as the heat strip shows it. `took` is None where nothing came back."""

    sendtime: Millis
    verdict: Verdict
    took: Millis | None = None
    cause: Cause | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known now of one MailDomain.

    `slate` counts by the hour (sendtime // HOUR) the tests sent after `clean_from`; `recent` is ordered by sendtime.
    `operator` is who runs its mail server (see operators.py). `slower` doubles its interval this many times, `relapses`
    counts how often it fell back shortly after a recovery. `incident` is open, `last_incident` the one that closed last.
    """

    maildomain: str
    state: State = State.NEW
    since: Millis = 0
    clean_from: Millis = 0
    slate: Mapping[int, Counts] = field(default_factory=dict)
    recent: tuple[Recent, ...] = ()
    streak: int = 0
    retest: bool = False
    exceeded: tuple[str, ...] = ()
    slower: int = 0
    relapses: int = 0
    operator: str = ""
    incident: str = ""
    last_incident: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A domain's stretch of failing. `due` is when there is something to tell; None once all is told.

    Cause and evidence are those of its newest bad test, which is `testid`, sent at `sent`. `told` names the channels that
    have taken its latest news, while others have not. `dropped` is when it ended untold, because the fault was ours.
    `acknowledged` is when somebody said that they are at it; `note` is what people make of it.
    """

    id: str
    maildomain: str
    opened: Millis
    customer: str = ""
    cause: Cause | None = None
    evidence: str = ""
    exceeded: tuple[str, ...] = ()
    testid: str = ""
    sent: Millis = 0
    operator: str = ""
    announced: Millis | None = None
    reminded: Millis | None = None
    closed: Millis | None = None
    dropped: Millis | None = None
    told: frozenset[str] = frozenset()
    acknowledged: Millis | None = None
    acknowledged_by: str = ""
    note: str = ""
    due: Millis | None = None


MONITOR: Final = "monitor"
"""What stands in the place of a domain in the incidents of the monitor itself."""


# --- what comes back -------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One recipient a report speaks of (RFC 3464, section 2.3)."""

    address: str
    action: str | None = None
    status: str | None = None
    diagnostic: str | None = None


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
class Signature:
    """One DKIM signature on what came back (RFC 6376). `body_intact` is None where its body hash could not be compared."""

    domain: str
    selector: str = ""
    body_intact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What was done to our mail on the way.

    `verdicts` are the way back's: spf, dkim, dmarc, spam, virus -> pass, fail, ... `subject_before`, `subject_after` and
    `footer` are what a gateway put around the test id and below the letter.
    """

    verdicts: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    subject_before: str = ""
    subject_after: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What is kept of a mail that came back, for people to look at: its way, and what was done to it. No rule reads it.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What was read out of one mail that came back. `tokens` are candidate test ids, most trusted first, unchecked.

    `hops` is the chain of the mail that came, `original_hops` that of the mail it is about. `notes` name what was out of
    bounds or could not be told.
    """

    kind: Kind
    tokens: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    reporting_mta: str = ""
    cause: Cause | None = None
    reason: Reason = Reason.UNKNOWN
    ses_message_id: str = ""
    subject: str = ""
    hops: tuple[Hop, ...] = ()
    original_hops: tuple[Hop, ...] = ()
    integrity: Integrity = field(default_factory=Integrity)
    notes: tuple[str, ...] = ()

    @property
    def slowest(self) -> Hop | None:
        """The hop that took longest of both chains, None where no two hops tell their time."""
        timed = [hop for hop in (*self.original_hops, *self.hops) if hop.gap]
        return max(timed, key=lambda hop: hop.gap or 0, default=None)
