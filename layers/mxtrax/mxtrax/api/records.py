"""What the records of /api/v3/ look like: for each its schema and how it is shown. Durations are in seconds."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.shapes import (
    DATE,
    FIGURES,
    MOMENT,
    NUMBER,
    STATE,
    TEXT,
    WHOLE,
    YES_OR_NO,
    maybe,
    moment,
    record,
    seconds,
    several,
)
from mxtrax.cause import WORDS, cause_of, legs, sentence
from mxtrax.model import (
    Answer,
    Cause,
    Change,
    Config,
    Counts,
    Customer,
    Incident,
    MailDomain,
    MailTest,
    Millis,
    Recent,
    Standing,
    Stat,
    Verdict,
    Window,
)
from mxtrax.ranks import PLACES, place
from mxtrax.report.words import zone_of
from mxtrax.tally import percentile
from mxtrax.verdict import classify, delivery_time
from mxtrax.windows import is_quiet

VERDICT: Final[Schema] = {"type": "string", "enum": [str(verdict) for verdict in Verdict]}
CAUSE: Final[Schema] = {"type": "string", "enum": [str(cause) for cause in Cause]}
PLACE: Final[Schema] = {"type": "string", "enum": list(PLACES)}
OBJECT: Final[Schema] = {"type": "object"}

LIMITS: Final = ("maxfailnumber", "maxfailpercentage", "maxlatenumber", "maxlatepercentage")
OVERRIDES: Final = ("interval_minutes", "maxreturntime", "max_sec_until_fail", *LIMITS)

CONFIG: Final = record(
    sendinguser=TEXT,
    alertuser=several(TEXT),
    maxreturntime=WHOLE,
    max_sec_until_fail=WHOLE,
    maxfailnumber=WHOLE,
    maxfailpercentage=NUMBER,
    maxlatenumber=WHOLE,
    maxlatepercentage=NUMBER,
    interval_minutes=WHOLE,
    retest_minutes=WHOLE,
    window_hours=WHOLE,
    open_after=WHOLE,
    recover_after=WHOLE,
    remind_minutes=WHOLE,
    keep_days=WHOLE,
    timezone=TEXT,
    own_fault_percent=WHOLE,
    mboxpath=TEXT,
    version=WHOLE,
)

CUSTOMER: Final = record(codename=TEXT, friendlyname=TEXT, alertuser=several(TEXT), version=WHOLE)

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

_ANSWER: Final = maybe(record(at=MOMENT, text=TEXT, status=TEXT, server=TEXT, cause=maybe(CAUSE)))
_TEST: Final[dict[str, Schema]] = {
    "testid": TEXT,
    "maildomain": TEXT,
    "sendtime": MOMENT,
    "receivetime": maybe(MOMENT),
    "verdict": VERDICT,
    "took": maybe(NUMBER),
    "cause": maybe(CAUSE),
    "returned_as": maybe(TEXT),
    "incl_in_stat": YES_OR_NO,
    "quiet": YES_OR_NO,
}
TEST: Final = record(**_TEST)
WHOLE_TEST: Final = record(
    **_TEST,
    sentence=TEXT,
    maxreturntime=WHOLE,
    max_sec_until_fail=WHOLE,
    copies=WHOLE,
    ses_message_id=TEXT,
    via=TEXT,
    accepted=maybe(MOMENT),
    left=maybe(MOMENT),
    legs=several(record(leg=CAUSE, took=NUMBER)),
    delivered=_ANSWER,
    deferred=_ANSWER,
    refused=_ANSWER,
    unsent=_ANSWER,
)

INCIDENT: Final = record(
    id=TEXT,
    maildomain=TEXT,
    customer=maybe(TEXT),
    operator=maybe(TEXT),
    opened=MOMENT,
    closed=maybe(MOMENT),
    dropped=maybe(MOMENT),
    cause=maybe(CAUSE),
    why=maybe(TEXT),
    evidence=TEXT,
    exceeded=several(TEXT),
    testid=maybe(TEXT),
    announced=maybe(MOMENT),
    reminded=maybe(MOMENT),
    told=several(TEXT),
    acknowledged=maybe(MOMENT),
    acknowledged_by=maybe(TEXT),
    note=TEXT,
)

CHANGE: Final = record(at=MOMENT, who=TEXT, what=TEXT, target=TEXT, before=maybe(OBJECT), after=maybe(OBJECT))

WINDOW: Final = record(
    id=TEXT, scope=TEXT, target=TEXT, start=TEXT, end=TEXT, zone=TEXT, weekly=YES_OR_NO, note=TEXT, now=YES_OR_NO
)

_FIGURES: Final[dict[str, Schema]] = {
    **FIGURES,
    "average_delivery_time": maybe(NUMBER),
    "quiet_ontime_num": WHOLE,
    "quiet_late_num": WHOLE,
    "quiet_fail_num": WHOLE,
    "quiet_total_num": WHOLE,
}
FIGURES_OF_DAYS: Final = record(**_FIGURES)
DAY: Final = record(d=DATE, **_FIGURES)


def config(it: Config, mboxpath: str) -> dict[str, Any]:
    """Show the settings: the four limits beside the others, as the wiki has them."""
    shown = {each.name: getattr(it, each.name) for each in fields(it) if each.name not in {"limits", "alertuser"}}
    limits = {name: getattr(it.limits, name) for name in LIMITS}
    return {**shown, **limits, "alertuser": list(it.alertuser), "mboxpath": mboxpath}


def customer(it: Customer) -> dict[str, Any]:
    """Show a customer."""
    return {
        "codename": it.codename,
        "friendlyname": it.friendlyname,
        "alertuser": list(it.alertuser),
        "version": it.version,
    }


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


def test(it: MailTest, now: Millis) -> dict[str, Any]:
    """Show a test in a list."""
    verdict = classify(it, now)
    return {
        "testid": it.testid,
        "maildomain": it.maildomain,
        "sendtime": moment(it.sendtime),
        "receivetime": moment(it.receivetime or 0),
        "verdict": str(verdict),
        "took": seconds(delivery_time(it)),
        "cause": cause_of(it, verdict),
        "returned_as": it.returned_as,
        "incl_in_stat": it.incl_in_stat,
        "quiet": it.quiet,
    }


def whole_test(it: MailTest, now: Millis, timezone: str) -> dict[str, Any]:
    """Show all that was learnt of a test."""
    return {
        **test(it, now),
        "sentence": sentence(it, classify(it, now), zone_of(timezone)),
        "maxreturntime": it.maxreturntime,
        "max_sec_until_fail": it.max_sec_until_fail,
        "copies": it.copies,
        "ses_message_id": it.ses_message_id,
        "via": it.via,
        "accepted": moment(it.accepted or 0),
        "left": moment(it.left or 0),
        "legs": [{"leg": leg, "took": seconds(took)} for leg, took in legs(it).items()],
        **{name: _answer(getattr(it, name)) for name in ("delivered", "deferred", "refused", "unsent")},
    }


def _answer(it: Answer | None) -> dict[str, Any] | None:
    if it is None:
        return None
    return {"at": moment(it.at), "text": it.text, "status": it.status, "server": it.server, "cause": it.cause}


def incident(it: Incident) -> dict[str, Any]:
    """Show an incident."""
    return {
        "id": it.id,
        "maildomain": it.maildomain,
        "customer": it.customer or None,
        "operator": it.operator or None,
        "opened": moment(it.opened),
        "closed": moment(it.closed or 0),
        "dropped": moment(it.dropped or 0),
        "cause": it.cause,
        "why": WORDS[it.cause] if it.cause else None,
        "evidence": it.evidence,
        "exceeded": list(it.exceeded),
        "testid": it.testid or None,
        "announced": moment(it.announced or 0),
        "reminded": moment(it.reminded or 0),
        "told": sorted(it.told),
        "acknowledged": moment(it.acknowledged or 0),
        "acknowledged_by": it.acknowledged_by or None,
        "note": it.note,
    }


def change(it: Change) -> dict[str, Any]:
    """Show what somebody changed."""
    return {
        "at": moment(it.at),
        "who": it.who,
        "what": it.what,
        "target": it.target,
        "before": it.before,
        "after": it.after,
    }


def figures(it: Stat) -> dict[str, Any]:
    """Show the figures of a day, or of several together. What fell into maintenance is in the quiet ones alone."""
    returned = it.ontime_num + it.late_num
    return {
        "average_delivery_time": seconds(it.total_delivery_time // returned) if returned else None,
        "fail_num": it.fail_num,
        "late_num": it.late_num,
        "max_delivery_time": seconds(it.max_delivery_time),
        "min_delivery_time": seconds(it.min_delivery_time),
        "ontime_num": it.ontime_num,
        "total_delivery_time": seconds(it.total_delivery_time),
        "total_num": it.total_num,
        "unsent_num": it.unsent_num,
        "quiet_ontime_num": it.quiet_ontime_num,
        "quiet_late_num": it.quiet_late_num,
        "quiet_fail_num": it.quiet_fail_num,
        "quiet_total_num": it.quiet_total_num,
        "p50_delivery_time": seconds(percentile(it.histogram, 50)),
        "p95_delivery_time": seconds(percentile(it.histogram, 95)),
        "p99_delivery_time": seconds(percentile(it.histogram, 99)),
    }


def days(them: Iterable[Stat]) -> list[dict[str, Any]]:
    """Show days."""
    return [{"d": it.d, **figures(it)} for it in them]


def window(it: Window, now: Millis) -> dict[str, Any]:
    """Show a maintenance window, and whether it is on now."""
    return {
        "id": it.id,
        "scope": str(it.scope),
        "target": it.target,
        "start": it.start,
        "end": it.end,
        "zone": it.zone,
        "weekly": it.weekly,
        "note": it.note,
        "now": is_quiet(it, now),
    }
