"""What people set, and who changed it."""

from dataclasses import fields
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.schema import MOMENT, NUMBER, OBJECT, TEXT, WHOLE, YES_OR_NO, maybe, moment, record, several
from mxtrax.model import Change, Config, Customer, Millis, Window
from mxtrax.rules.windows import is_quiet, occurrences

LIMITS: Final = ("maxfailnumber", "maxfailpercentage", "maxlatenumber", "maxlatepercentage")

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
    self_check_percent=WHOLE,
    mboxpath=TEXT,
    version=WHOLE,
)

CUSTOMER: Final = record(codename=TEXT, friendlyname=TEXT, alertuser=several(TEXT), link=maybe(TEXT), version=WHOLE)

CHANGE: Final = record(at=MOMENT, who=TEXT, what=TEXT, target=TEXT, before=maybe(OBJECT), after=maybe(OBJECT))

_WINDOW: Final[dict[str, Schema]] = {
    "id": TEXT,
    "scope": TEXT,
    "target": TEXT,
    "start": TEXT,
    "end": TEXT,
    "zone": TEXT,
    "weekly": YES_OR_NO,
    "note": TEXT,
    "now": YES_OR_NO,
    "version": WHOLE,
}
WINDOW: Final = record(**_WINDOW)
WINDOW_OF_CALENDAR: Final = record(**_WINDOW, occurrences=maybe(several(record(start=MOMENT, end=MOMENT))))


def config(it: Config, mboxpath: str) -> dict[str, Any]:
    """Show the settings: the four limits beside the others, as the wiki has them."""
    shown = {each.name: getattr(it, each.name) for each in fields(it) if each.name not in {"limits", "alertuser"}}
    limits = {name: getattr(it.limits, name) for name in LIMITS}
    return {**shown, **limits, "alertuser": list(it.alertuser), "mboxpath": mboxpath}


def customer(it: Customer, *, link: bool = False) -> dict[str, Any]:
    """Show a customer, with the path of its public page only where that is asked for."""
    return {
        "codename": it.codename,
        "friendlyname": it.friendlyname,
        "alertuser": list(it.alertuser),
        "link": f"/status/{it.link}" if link and it.link else None,
        "version": it.version,
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
        "version": it.version,
    }


def window_of_calendar(it: Window, now: Millis, between: tuple[Millis, Millis] | None) -> dict[str, Any]:
    """Show a maintenance window with when it is between two moments, where those are given."""
    found = None
    if between:
        found = [{"start": moment(start), "end": moment(end)} for start, end in occurrences(it, *between)]
    return {**window(it, now), "occurrences": found}
