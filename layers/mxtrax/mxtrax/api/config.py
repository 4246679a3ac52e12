"""The settings."""

from collections.abc import Mapping
from dataclasses import fields, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits, records
from mxtrax.api.fields import Shape
from mxtrax.api.routing import Call, Given, Subject, etag
from mxtrax.api.shapes import TEXT, WHOLE, maybe, record, several
from mxtrax.errors import Refused
from mxtrax.model import Config, DomainHealth, MailDomain, State
from mxtrax.rules.health import judged_anew
from mxtrax.rules.statistics import total
from mxtrax.rules.validation import check_config
from mxtrax.store import audit, domain_health, fleet
from mxtrax.store import settings as stored

MOST: Final = 100
"""Domains that a preview names of each kind; it counts all."""

subject: Final = Subject("Config")

_NAMED: Final = several(record(id=WHOLE, address=TEXT, customer=maybe(TEXT), exceeded=several(TEXT)))
_PREVIEW: Final = record(failing_now=WHOLE, would_fail=WHOLE, begins=_NAMED, ends=_NAMED)


@subject.route("GET /api/v3/config", gives=records.CONFIG)
def show(call: Call) -> Given:
    """Show the settings, with their version as ETag."""
    return _shown(call, edits.config(call))


@subject.route(
    "PUT /api/v3/config",
    body=edits.CONFIG,
    versioned=True,
    gives=records.CONFIG,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def put(call: Call) -> Given:
    """Save the settings, all of them, in place of the version that was seen."""
    if call.version is None and "version" not in call.body:
        raise Refused("version", "version: this has to be given, or If-Match: the version that was seen.")
    before = edits.config(call)
    edits.check_version(call, _record(call, before))
    config = _changed(before, call.body)
    try:
        after = stored.save(config)
    except Refused as quicker:
        raise edits.changed(call, _record(call, edits.config(call))) from quicker
    audit.note(edits.of(call, "config.put", "config", _record(call, before), _record(call, after)))
    return _shown(call, after)


@subject.route(
    "POST /api/v3/config/preview",
    body=Shape(edits.CONFIG.fields, note="The settings to try; what is not given stays."),
    gives=_PREVIEW,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def preview(call: Call) -> dict[str, Any]:
    """Tell which domains would be failing now, had these settings always held. Nothing is changed.

    Single tests keep the verdict they have: each is judged by the limits that it was sent under. A domain that is listed
    under `ends` has still to show its on-time tests in a row, once the settings are saved.
    """
    config = _changed(edits.config(call), call.body)
    known = {it.maildomain: it for it in domain_health.everything() if _could_fail(it)}
    judged = [
        (domain, before, judged_anew(before, domain, config, call.now))
        for domain in fleet.by_keys(known).values()
        if not domain.maintmode and (before := known[domain.key])
    ]
    begins = [(it, after) for it, before, after in judged if not _fails(before) and _fails(after)]
    ends = [(it, before) for it, before, after in judged if _fails(before) and not _fails(after)]
    return {
        "failing_now": sum(_fails(before) for _, before, _ in judged),
        "would_fail": sum(_fails(after) for _, _, after in judged),
        "begins": _named(begins),
        "ends": _named(ends),
    }


def _could_fail(it: DomainHealth) -> bool:
    """Tell whether any settings could make a domain failing: it is, or something has gone wrong of late."""
    window_counts = total(it.window_counts)
    return _fails(it) or window_counts.missed + window_counts.late > 0


def _fails(it: DomainHealth) -> bool:
    return it.state is State.FAILING


def _named(them: list[tuple[MailDomain, DomainHealth]]) -> list[dict[str, Any]]:
    return [
        {"id": it.id, "address": it.address, "customer": it.customer or None, "exceeded": list(health.exceeded)}
        for it, health in sorted(them, key=lambda each: each[0].id)[:MOST]
    ]


def _changed(before: Config, body: Mapping[str, Any]) -> Config:
    """Give the settings with those of a body in place, checked."""
    own = {each.name for each in fields(Config)} - {"limits", "version"}
    values: dict[str, Any] = {name: value for name, value in body.items() if name in own}
    if "alertuser" in values:
        values["alertuser"] = tuple(values["alertuser"])
    limits = replace(before.limits, **{name: body[name] for name in records.LIMITS if name in body})
    return check_config(replace(before, **values, limits=limits))


def _shown(call: Call, config: Config) -> Given:
    return Given(body=_record(call, config), headers=etag(config.version))


def _record(call: Call, config: Config) -> dict[str, Any]:
    return records.config(config, f"s3://{call.settings.bucket}/{call.settings.inbox_prefix}")
