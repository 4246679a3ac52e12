"""Rows into dataclasses and back. A field has the same name on both sides; only types that DynamoDB lacks are converted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, fields
from typing import Any, Final

from pynamodb.models import Model

from mxtrax.model import (
    AlarmWhen,
    AlertMail,
    Cause,
    Config,
    Customer,
    DomainHealth,
    HourOfDay,
    Incident,
    Kind,
    Limits,
    MailDomain,
    MailTest,
    Reason,
    Scope,
    SmtpReply,
    Stat,
    State,
    Verdict,
    Window,
)
from mxtrax.rules.schedule import shard_of
from mxtrax.rules.status import Listing
from mxtrax.store import packing
from mxtrax.store.scanning import Item, plain
from mxtrax.store.tables import (
    FLEET,
    OPEN,
    CustomerRow,
    HealthRow,
    IncidentRow,
    MailDomainRow,
    MailTestRow,
    RollupRow,
    SmtpReplyMap,
    StatRow,
    WindowRow,
)


def customer(row: CustomerRow) -> Customer:
    """Read a customer."""
    return Customer(**_values(row, Customer, alertuser=tuple))


def customer_row(it: Customer) -> CustomerRow:
    """Write a customer."""
    return CustomerRow(
        **_present(it, alertuser=lambda addresses: list(addresses) or None, ending=lambda ends: ends or None)
    )


def maildomain(row: MailDomainRow) -> MailDomain:
    """Read a domain."""
    return MailDomain(**_values(row, MailDomain, tags=frozenset))


def maildomain_of(item: Item) -> MailDomain:
    """Read a domain from a DynamoDB item, as fast as possible: this runs for each domain, each minute."""
    return MailDomain(**{name: it for name, it in plain(item).items() if name in _OF_MAILDOMAIN})


_OF_MAILDOMAIN: Final = frozenset(each.name for each in fields(MailDomain))


def maildomain_row(it: MailDomain, listing: Listing) -> MailDomainRow:
    """Write a domain with its place in the lists."""
    return MailDomainRow(
        key=it.key,
        fleet=FLEET,
        status=listing.status,
        urgency=listing.urgency,
        provider=listing.provider or None,
        early_mark=listing.early_mark or None,
        **_present(it, tags=_set),
    )


def listing_of(item: Item) -> Listing:
    """Read a domain's place in the lists from an item."""
    known = plain({name: item[name] for name in ("urgency", "provider", "early_mark") if name in item})
    return Listing(known["urgency"], known.get("provider", ""), known.get("early_mark", 0))


def listing(row: MailDomainRow) -> Listing:
    """Read a domain's place in the lists."""
    return Listing(int(row.urgency), row.provider or "", int(row.early_mark or 0))


def mailtest(row: MailTestRow) -> MailTest:
    """Read a test."""
    values = _values(row, MailTest, counted=Verdict, returned_as=Kind, seen=frozenset)
    for name in ("delivered", "deferred", "refused", "unsent"):
        if said := getattr(row, name) or getattr(row, f"{name}_by_mail", None):  # SES's own word takes precedence.
            values[name] = answer(said)
    return MailTest(**values)


def answer(said: SmtpReplyMap) -> SmtpReply:
    """Read what a server said."""
    return SmtpReply(**_values(said, SmtpReply, cause=Cause, reason=Reason))


def answer_map(it: SmtpReply) -> SmtpReplyMap:
    """Write what a server said."""
    return SmtpReplyMap(**_present(it, by_mail=lambda it: it or None))


def stat(row: StatRow) -> Stat:
    """Read a day."""
    return Stat(**_values(row, Stat, histogram=lambda h: {int(k): v for k, v in h.items()}, hours=_hours))


def stat_row(it: Stat) -> StatRow:
    """Write a day. Counters at 0 are left out: a day is written with each test, and should stay below 1 KB."""
    values = _present(it, histogram=lambda h: {str(k): v for k, v in h.items()}, hours=hours_text)
    counted = {name: value for name, value in values.items() if value or not name.endswith("_num")}
    return StatRow(day_shard=day_shard(it.d, shard_of(it.maildomain)), **counted)


def day_shard(d: str, shard: int) -> str:
    """Name the partition of a shard's domains that have figures for a day."""
    return f"{d}#{shard}"


def hours_text(hours: Mapping[int, HourOfDay]) -> str:
    """Write a day's hours as `4;4;;3,0,1`: one after the other from midnight, each without its trailing zeros."""
    return ";".join(_counters(hours.get(hour, HourOfDay())) for hour in range(max(hours, default=-1) + 1))


def _counters(hour: HourOfDay) -> str:
    return re.sub("(^|,)0(,0)*$", "", ",".join(map(str, astuple(hour))))


def _hours(text: str) -> dict[int, HourOfDay]:
    each = enumerate(text.split(";"))
    return {hour: HourOfDay(*map(int, counters.split(","))) for hour, counters in each if counters}


def rollup(row: RollupRow) -> Stat:
    """Read a day of many domains."""
    histogram = {int(bucket): number for bucket, number in row.figures["histogram"].items()}
    hours = _hours(row.figures.get("hours", ""))
    return Stat(**{**row.figures, "maildomain": row.group, "d": row.d, "histogram": histogram, "hours": hours})


def rollup_row(it: Stat) -> RollupRow:
    """Write a day of many domains."""
    figures = asdict(it) | {"hours": hours_text(it.hours)}
    return RollupRow(figures.pop("maildomain"), figures.pop("d"), figures=figures)


def health(row: HealthRow) -> DomainHealth:
    """Read a domain's health."""
    return DomainHealth(
        **_values(
            row,
            DomainHealth,
            state=State,
            window_counts=packing.unpacked_counts,
            recent=packing.unpacked_tests,
            exceeded=tuple,
        )
    )


def health_row(it: DomainHealth) -> HealthRow:
    """Write a domain's health."""
    return HealthRow(
        **_present(
            it,
            window_counts=lambda hours: packing.packed_counts(hours) if hours else None,
            recent=lambda tests: packing.packed_tests(tests) if tests else None,
            **dict.fromkeys(("retest", "slower", "early_mark", "trouble_from", "fell_from"), _nonzero),
            exceeded=list,
        )
    )


def incident(row: IncidentRow) -> Incident:
    """Read an incident."""
    causes, reasons = dict.fromkeys(("cause", "told_cause"), Cause), dict.fromkeys(("reason", "told_reason"), Reason)
    return Incident(**_values(row, Incident, **causes, **reasons, exceeded=tuple, notified_channels=frozenset))


def incident_row(it: Incident) -> IncidentRow:
    """Write an incident; it is in the index of pending ones while a notice is to come."""
    return IncidentRow(
        pending=OPEN if it.due is not None else None, **_present(it, exceeded=list, notified_channels=_set, told=_dict)
    )


def window(row: WindowRow) -> Window:
    """Read a maintenance window."""
    return Window(**_values(row, Window, scope=Scope))


def window_row(it: Window) -> WindowRow:
    """Write a maintenance window."""
    return WindowRow(**_present(it, scope=str))


def config(settings: dict[str, Any], version: int) -> Config:
    """Read the settings."""
    known = {f.name for f in fields(Config)} - {"limits", "version"}
    values = {name: value for name, value in settings.items() if name in known}
    values |= {name: tuple(values.get(name, ())) for name in ("alertuser", "escalateuser")}
    values["alarm_when"] = AlarmWhen(values.get("alarm_when", AlarmWhen.EVIDENCE))
    values["alert_mail"] = AlertMail(values.get("alert_mail", AlertMail.NEWS))
    return Config(limits=Limits(**settings.get("limits", {})), version=version, **values)


def config_settings(it: Config) -> dict[str, Any]:
    """Write the settings."""
    settings = asdict(it)
    del settings["version"]
    return settings


def _set(words: frozenset[str]) -> set[str] | None:
    """Give a set for DynamoDB, which has no empty sets."""
    return set(words) or None


def _dict(pairs: Mapping[str, int]) -> dict[str, int] | None:
    return dict(pairs) or None


def _values(row: Model | SmtpReplyMap, shape: type, **rewrite: Callable[[Any], Any]) -> dict[str, Any]:
    """Take a dataclass's fields from a row; a missing one gets the dataclass's default."""
    values: dict[str, Any] = {}
    for each in fields(shape):
        value = getattr(row, each.name)
        if value is not None and not isinstance(value, SmtpReplyMap):
            values[each.name] = rewrite[each.name](value) if each.name in rewrite else value
    return values


def _nonzero(number: int) -> int | None:
    return number or None


def _present(it: Any, **rewrite: Callable[[Any], Any]) -> dict[str, Any]:  # noqa: ANN401 -- any of the dataclasses
    """Give a dataclass's fields for a row; empty text and None are left out."""
    values: dict[str, Any] = {}
    for each in fields(it):
        value = getattr(it, each.name)
        value = rewrite[each.name](value) if each.name in rewrite else value
        if value is not None and value != "":
            values[each.name] = value
    return values
