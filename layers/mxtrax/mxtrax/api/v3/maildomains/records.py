"""Domains: what people have set for them, and their status."""

from collections import Counter
from typing import Any

from mxtrax import model
from mxtrax.api.schema import Duration, Time, as_json, of
from mxtrax.api.v3.explained import explained
from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Config, Customer, DomainHealth, Incident, Kind, MailDomain, Millis, Reason, Verdict
from mxtrax.rules.explanation import Certainty, Fault, in_words
from mxtrax.rules.health import needed, terms_for
from mxtrax.rules.limits import Effective, effective
from mxtrax.rules.statistics import percentile, total
from mxtrax.rules.status import Status, status_of


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What people have set for a domain. Null in the last seven: as in the settings."""

    id: int
    address: str
    testuser: str
    domainname: str
    customer: str | None
    tags: frozenset[str]
    maintmode: bool
    control: bool
    returns_bounce: bool
    interval_minutes: int | None
    maxreturntime: int | None
    max_sec_until_fail: int | None
    maxfailnumber: int | None
    maxfailpercentage: float | None
    maxlatenumber: int | None
    maxlatepercentage: float | None


@dataclass(frozen=True, kw_only=True)
class Domain(Settings):
    """A domain and its status."""

    version: int
    status: Status
    since: Time | None
    provider: str | None
    incident: str | None


@dataclass(frozen=True)
class Recent:
    """A test of the heat strip."""

    at: Time
    verdict: Verdict
    took: Duration | None
    cause: Cause | None
    reason: Reason | None
    why: str | None
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class DomainRow(Domain):
    """A domain in the overview: with its last tests, and why it is not well.

    `quiet_until`: when the maintenance windows end that are on now; `held`: alerts wait, as the fault may be ours.
    """

    friendlyname: str | None
    quiet_until: Time | None
    held: bool
    cause: Cause | None
    reason: Reason | None
    why: str | None
    last: Recent | None
    p95: Duration | None
    recent: tuple[Recent, ...]


@dataclass(frozen=True, kw_only=True)
class WindowCounts:
    """What a domain is judged on."""

    ontime: int
    late: int
    missed: int
    total: int
    average: Duration | None


@dataclass(frozen=True, kw_only=True)
class WholeDomain(DomainRow):
    """Everything that is known about a domain now."""

    effective: Effective
    exceeded: tuple[str, ...]
    evidence: str
    meaning: str | None
    next_steps: tuple[str, ...]
    fault: Fault | None
    certainty: Certainty | None
    streak: int
    needed: int | None
    retest: bool
    returned_as: Kind | None
    window_hours: int
    window_counts: WindowCounts
    next_test: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is around a domain: its settings, its customer, its open incident, its tests to come and gone.

    `returned_as` is what its newest test came back as; `quiet_until` and `held` are the flags beside its status.
    """

    config: Config
    whose: Customer | None
    incident: Incident | None
    returned_as: Kind | None
    next_test: Millis | None
    quiet_until: Millis | None
    held: bool


def settings_of(it: MailDomain) -> dict[str, Any]:
    """Show what people have set for a domain."""
    return as_json(of(Settings, it))


def domain(it: MailDomain, known: DomainHealth) -> Domain:
    """Show a domain and its status."""
    return of(Domain, it, known, status=status_of(known, maintmode=it.maintmode))


def row(
    it: MailDomain, known: DomainHealth, whose: Customer | None, *, quiet_until: Millis | None, held: bool
) -> DomainRow:
    """Show a domain in the overview."""
    flags = {"quiet_until": quiet_until, "held": held}
    return of(DomainRow, it, known, status=status_of(known, maintmode=it.maintmode), **flags, **_seen(known, whose))


def whole_domain(it: MailDomain, known: DomainHealth, around: Around) -> WholeDomain:
    """Show everything about a domain."""
    return of(
        WholeDomain,
        it,
        known,
        around,
        around.config,
        status=status_of(known, maintmode=it.maintmode),
        incident=known.incident,
        retest=bool(known.retest),
        effective=effective(it, around.config),
        evidence=around.incident.evidence if around.incident else "",
        **_explained(around.incident),
        needed=needed(known, terms_for(it, around.config)),
        window_counts=_window_counts(total(known.window_counts)),
        **_seen(known, around.whose),
    )


def _explained(it: Incident | None) -> dict[str, Any]:
    return explained(it.cause, it.reason, it.provider) if it else explained(None)


def _seen(known: DomainHealth, whose: Customer | None) -> dict[str, Any]:
    bad = next((test for test in reversed(known.recent) if test.cause), None)
    cause, reason = (bad.cause, bad.reason) if bad and known.streak < len(known.recent) else (None, None)
    recent = tuple(_recent(it) for it in known.recent)
    return {
        "friendlyname": whose.friendlyname if whose else None,
        "cause": cause,
        "reason": reason,
        "why": in_words(cause, reason),
        "last": recent[-1] if recent else None,
        "p95": percentile(Counter(it.took for it in recent if it.took is not None), 95),
        "recent": recent,
    }


def _recent(it: model.Recent) -> Recent:
    why = in_words(it.cause, it.reason)
    return Recent(it.sendtime, it.verdict, it.took, it.cause, it.reason, why, it.quiet)


def _window_counts(it: model.WindowCounts) -> WindowCounts:
    returned = it.ontime + it.late
    return of(WindowCounts, it, average=it.took // returned if returned else None)
