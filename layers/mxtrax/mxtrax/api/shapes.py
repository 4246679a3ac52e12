"""What records look like in JSON: the wiki's fields first, under the wiki's names, additions after them."""

from datetime import UTC, date, datetime
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.model import SECOND, Cause, DomainHealth, Kind, MailDomain, Millis, Stat, State, Verdict
from mxtrax.rules.statistics import all_done, percentile
from mxtrax.rules.status import STATUSES, status_of

MAILDOMAINS: Final = "/api/v2/maildomain/"
STATS: Final = "/api/v1/stat/"

EPOCH: Final = date(1970, 1, 1)
DAYS: Final = 100_000
"""A stat's id is its domain's id times this, and the days since 1970."""


def record(**properties: Schema) -> Schema:
    """Give the schema of an object that has just these properties, all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def maybe(schema: Schema) -> Schema:
    """Give the schema of what may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def several(schema: Schema) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": schema}


TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
YES_OR_NO: Final[Schema] = {"type": "boolean"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
DATE: Final[Schema] = {"type": "string", "format": "date"}
VERDICT: Final[Schema] = {"type": "string", "enum": [str(verdict) for verdict in Verdict]}
CAUSE: Final[Schema] = {"type": "string", "enum": [str(cause) for cause in Cause]}
KIND: Final[Schema] = {"type": "string", "enum": [str(kind) for kind in Kind]}
STATUS: Final[Schema] = {"type": "string", "enum": list(STATUSES)}
OBJECT: Final[Schema] = {"type": "object"}

PROBLEM: Final[Schema] = {
    "type": "object",
    "properties": {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "field": TEXT},
    "required": ["type", "title", "status", "detail"],
}

_AGE: Final = maybe(NUMBER)
AGES: Final = record(plan=_AGE, aggregate=_AGE, alert=_AGE)
_SINCE: Final = maybe(record(since=MOMENT))
HEALTH: Final = record(status=WHOLE, detail=TEXT, ages=AGES, monitor_fault=_SINCE, storm=_SINCE, untold=maybe(NUMBER))

WIKI_DOMAIN: Final = record(
    domainname=TEXT,
    failing=YES_OR_NO,
    id=WHOLE,
    maintmode=YES_OR_NO,
    resource_uri=TEXT,
    testuser=TEXT,
    customer=maybe(TEXT),
    status=STATUS,
    since=maybe(MOMENT),
)

FIGURES: Final[dict[str, Schema]] = {
    "fail_num": WHOLE,
    "late_num": WHOLE,
    "max_delivery_time": maybe(NUMBER),
    "min_delivery_time": maybe(NUMBER),
    "ontime_num": WHOLE,
    "total_delivery_time": NUMBER,
    "total_num": WHOLE,
    "unsent_num": WHOLE,
    "p50_delivery_time": maybe(NUMBER),
    "p95_delivery_time": maybe(NUMBER),
    "p99_delivery_time": maybe(NUMBER),
}

WIKI_FIGURES: Final = tuple(FIGURES)[:7]

WIKI_STAT: Final = record(all_done=YES_OR_NO, d=DATE, domain=WIKI_DOMAIN, id=WHOLE, resource_uri=TEXT, **FIGURES)


def wiki_list(of: Schema) -> Schema:
    """Give the schema of a list as the wiki has it."""
    meta = record(limit=WHOLE, next=maybe(TEXT), offset=WHOLE, previous=maybe(TEXT), total_count=WHOLE)
    return record(meta=meta, objects=several(of))


def maildomain(domain: MailDomain, health: DomainHealth) -> dict[str, Any]:
    """Show a domain."""
    return {
        "domainname": domain.domainname,
        "failing": health.state is State.FAILING,
        "id": domain.id,
        "maintmode": domain.maintmode,
        "resource_uri": f"{MAILDOMAINS}{domain.id}/",
        "testuser": domain.testuser,
        "customer": domain.customer or None,
        "status": status_of(health, maintmode=domain.maintmode).word,
        "since": moment(health.since),
    }


def stat(day: Stat, domain: MailDomain, health: DomainHealth, today: date) -> dict[str, Any]:
    """Show a day of a domain; times in seconds. The wiki's fields come first, in its order, which is the alphabet's."""
    number, shown = stat_id(domain.id, day.d), figures(day)
    wiki = {
        "all_done": all_done(day, today),
        "d": day.d,
        "domain": maildomain(domain, health),
        "id": number,
        "resource_uri": f"{STATS}{number}/",
        **{name: shown[name] for name in WIKI_FIGURES},
    }
    return dict(sorted(wiki.items())) | shown


def figures(day: Stat) -> dict[str, Any]:
    """Show the figures that all days have."""
    return {
        "fail_num": day.fail_num,
        "late_num": day.late_num,
        "max_delivery_time": seconds(day.max_delivery_time),
        "min_delivery_time": seconds(day.min_delivery_time),
        "ontime_num": day.ontime_num,
        "total_delivery_time": seconds(day.total_delivery_time),
        "total_num": day.total_num,
        "unsent_num": day.unsent_num,
        "p50_delivery_time": seconds(percentile(day.histogram, 50)),
        "p95_delivery_time": seconds(percentile(day.histogram, 95)),
        "p99_delivery_time": seconds(percentile(day.histogram, 99)),
    }


def stat_id(domain: int, d: str) -> int:
    """Give the number of a day of a domain."""
    return domain * DAYS + (date.fromisoformat(d) - EPOCH).days


def of_stat_id(number: int) -> tuple[int, str]:
    """Give the domain's id and the day that a stat's id stands for."""
    domain, days = divmod(number, DAYS)
    return domain, date.fromordinal(EPOCH.toordinal() + days).isoformat()


def seconds(duration: Millis | None) -> float | None:
    """Show a duration."""
    return None if duration is None else duration / SECOND


def moment(at: Millis) -> str | None:
    """Show a moment (RFC 3339), with its milliseconds where there are any; one that never was is null."""
    if not at:
        return None
    whole, millis = divmod(at, SECOND)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{millis:03}Z" if millis else f"{text}Z"
