"""Domains: what people have set of them, and where they stand."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.records.settings import LIMITS
from mxtrax.api.schema import (
    CAUSE,
    KIND,
    MOMENT,
    NUMBER,
    STATUS,
    TEXT,
    VERDICT,
    WHOLE,
    YES_OR_NO,
    maybe,
    moment,
    record,
    seconds,
    several,
)
from mxtrax.model import Config, Customer, DomainHealth, Incident, Kind, MailDomain, Millis, Recent, WindowCounts
from mxtrax.rules.cause import WORDS
from mxtrax.rules.health import needed
from mxtrax.rules.limits import effective
from mxtrax.rules.statistics import percentile, total
from mxtrax.rules.status import status_of

OVERRIDES: Final = ("interval_minutes", "maxreturntime", "max_sec_until_fail", *LIMITS)

RECENT: Final = record(at=MOMENT, verdict=VERDICT, took=maybe(NUMBER), cause=maybe(CAUSE), quiet=YES_OR_NO)

_DOMAIN: Final[dict[str, Schema]] = {
    "id": WHOLE,
    "address": TEXT,
    "testuser": TEXT,
    "domainname": TEXT,
    "customer": maybe(TEXT),
    "tags": several(TEXT),
    "maintmode": YES_OR_NO,
    "control": YES_OR_NO,
    "returns_bounce": YES_OR_NO,
    **{name: maybe(NUMBER if name.endswith("percentage") else WHOLE) for name in OVERRIDES},
    "version": WHOLE,
    "status": STATUS,
    "since": maybe(MOMENT),
    "provider": maybe(TEXT),
    "incident": maybe(TEXT),
}

DOMAIN: Final = record(**_DOMAIN)

_SEEN: Final[dict[str, Schema]] = {
    "friendlyname": maybe(TEXT),
    "cause": maybe(CAUSE),
    "why": maybe(TEXT),
    "last": maybe(RECENT),
    "p95": maybe(NUMBER),
    "recent": several(RECENT),
}
ROW: Final = record(**_DOMAIN, **_SEEN)
WHOLE_DOMAIN: Final = record(
    **_DOMAIN,
    **_SEEN,
    effective=record(**{name: NUMBER if name.endswith("percentage") else WHOLE for name in OVERRIDES}),
    exceeded=several(TEXT),
    evidence=TEXT,
    streak=WHOLE,
    needed=maybe(WHOLE),
    retest=YES_OR_NO,
    returned_as=maybe(KIND),
    window_hours=WHOLE,
    window_counts=record(ontime=WHOLE, late=WHOLE, missed=WHOLE, total=WHOLE, average=maybe(NUMBER)),
    next_test=maybe(MOMENT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a domain: its settings, its customer, its open incident, its tests to come and gone.

    `returned_as` is what its newest test came back as.
    """

    config: Config
    whose: Customer | None
    incident: Incident | None
    returned_as: Kind | None
    next_test: Millis | None


def domain(it: MailDomain, known: DomainHealth) -> dict[str, Any]:
    """Show a domain and where it stands."""
    return {
        **settings_of(it),
        "version": it.version,
        "status": status_of(known, maintmode=it.maintmode).word,
        "since": moment(known.since),
        "provider": known.provider or None,
        "incident": known.incident or None,
    }


def settings_of(it: MailDomain) -> dict[str, Any]:
    """Show what people have set of a domain."""
    return {
        "id": it.id,
        "address": it.address,
        "testuser": it.testuser,
        "domainname": it.domainname,
        "customer": it.customer or None,
        "tags": sorted(it.tags),
        "maintmode": it.maintmode,
        "control": it.control,
        "returns_bounce": it.returns_bounce,
        **{name: getattr(it, name) for name in OVERRIDES},
    }


def row(it: MailDomain, known: DomainHealth, whose: Customer | None) -> dict[str, Any]:
    """Show a domain in the overview: with its last tests, and why it is not well."""
    return {**domain(it, known), **_seen(known, whose)}


def _seen(known: DomainHealth, whose: Customer | None) -> dict[str, Any]:
    bad = next((test for test in reversed(known.recent) if test.cause), None)
    cause = bad.cause if bad and known.streak < len(known.recent) else None
    took = Counter(test.took for test in known.recent if test.took is not None)
    shown = [recent(test) for test in known.recent]
    return {
        "friendlyname": whose.friendlyname if whose else None,
        "cause": cause,
        "why": WORDS[cause] if cause else None,
        "last": shown[-1] if shown else None,
        "p95": seconds(percentile(took, 95)),
        "recent": shown,
    }


def whole_domain(it: MailDomain, known: DomainHealth, around: Around) -> dict[str, Any]:
    """Show all that is known of a domain now."""
    return {
        **domain(it, known),
        **_seen(known, around.whose),
        "effective": asdict(effective(it, around.config)),
        "exceeded": list(known.exceeded),
        "evidence": around.incident.evidence if around.incident else "",
        "streak": known.streak,
        "needed": needed(known, around.config.recover_after),
        "retest": known.retest,
        "returned_as": around.returned_as,
        "window_hours": around.config.window_hours,
        "window_counts": _window_counts(total(known.window_counts)),
        "next_test": moment(around.next_test or 0),
    }


def _window_counts(counts: WindowCounts) -> dict[str, Any]:
    returned = counts.ontime + counts.late
    return {
        "ontime": counts.ontime,
        "late": counts.late,
        "missed": counts.missed,
        "total": counts.total,
        "average": seconds(counts.took // returned) if returned else None,
    }


def recent(it: Recent) -> dict[str, Any]:
    """Show a test of the heat strip."""
    return {
        "at": moment(it.sendtime),
        "verdict": str(it.verdict),
        "took": seconds(it.took),
        "cause": it.cause,
        "quiet": it.quiet,
    }
