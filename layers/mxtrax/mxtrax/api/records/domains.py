"""Domains: what people have set of them, and where they stand."""

from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.records.settings import LIMITS
from mxtrax.api.shapes import (
    CAUSE,
    MOMENT,
    NUMBER,
    PLACE,
    STATE,
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
from mxtrax.cause import WORDS
from mxtrax.model import Counts, Customer, MailDomain, Millis, Recent, Standing
from mxtrax.ranks import place

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
    "state": STATE,
    "place": PLACE,
    "since": maybe(MOMENT),
    "operator": maybe(TEXT),
    "incident": maybe(TEXT),
}

DOMAIN: Final = record(**_DOMAIN)

ROW: Final = record(
    **_DOMAIN,
    friendlyname=maybe(TEXT),
    cause=maybe(CAUSE),
    why=maybe(TEXT),
    last=maybe(RECENT),
    p95=maybe(NUMBER),
    recent=several(RECENT),
)

WHOLE_DOMAIN: Final = record(
    **_DOMAIN,
    exceeded=several(TEXT),
    streak=WHOLE,
    slate=record(ontime=WHOLE, late=WHOLE, missed=WHOLE, total=WHOLE, average=maybe(NUMBER)),
    recent=several(RECENT),
    next_test=maybe(MOMENT),
)


def domain(it: MailDomain, known: Standing) -> dict[str, Any]:
    """Show a domain and where it stands."""
    return {
        **settings_of(it),
        "version": it.version,
        "state": str(known.state),
        "place": place(known, maintmode=it.maintmode).name.lower(),
        "since": moment(known.since),
        "operator": known.operator or None,
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


def row(it: MailDomain, known: Standing, whose: Customer | None) -> dict[str, Any]:
    """Show a domain in the overview: with its last tests, and why it is not well."""
    bad = next((test for test in reversed(known.recent) if test.cause), None)
    cause = bad.cause if bad and known.streak < len(known.recent) else None
    took = sorted(test.took for test in known.recent if test.took is not None)
    shown = [recent(test) for test in known.recent]
    return {
        **domain(it, known),
        "friendlyname": whose.friendlyname if whose else None,
        "cause": cause,
        "why": WORDS[cause] if cause else None,
        "last": shown[-1] if shown else None,
        "p95": seconds(took[max(0, -(-len(took) * 95 // 100) - 1)]) if took else None,
        "recent": shown,
    }


def whole_domain(it: MailDomain, known: Standing, slate: Counts, next_test: Millis | None) -> dict[str, Any]:
    """Show all that is known of a domain now."""
    returned = slate.ontime + slate.late
    return {
        **domain(it, known),
        "exceeded": list(known.exceeded),
        "streak": known.streak,
        "slate": {
            "ontime": slate.ontime,
            "late": slate.late,
            "missed": slate.missed,
            "total": slate.total,
            "average": seconds(slate.took // returned) if returned else None,
        },
        "recent": [recent(test) for test in known.recent],
        "next_test": moment(next_test or 0),
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
