"""Changing records: under the version that was seen, and never without a word of who did it."""

import secrets
from collections.abc import Mapping
from typing import Any, Final, Protocol

from mxtrax.api.fields import Field, Flag, Fraction, Or, Several, Shape, Text, Whole
from mxtrax.api.problems import Changed
from mxtrax.api.routing import Request
from mxtrax.api.schema import as_json
from mxtrax.model import Change, Config
from mxtrax.rules.domainnames import MAX_HOST
from mxtrax.rules.validation import (
    MAX_ADDRESS,
    MAX_ALERTUSERS,
    MAX_CODENAME,
    MAX_NAME,
    MAX_TAG,
    MAX_TAGS,
    MAX_USER,
    OF_CONFIG,
    WHOLE,
)
from mxtrax.store.config import load_config

VERSION: Final = Whole(low=0, high=10**9, note="The version that was seen; instead of If-Match.")
ALERTUSER: Final = Several(of=Text(shortest=1, longest=MAX_ADDRESS), most=MAX_ALERTUSERS, note="Whom alerts go to.")


def whole(name: str, note: str) -> Whole:
    """Give the field of a setting that is a whole number, with the limits that hold for it everywhere."""
    low, high = WHOLE[name]
    return Whole(low=low, high=high, note=note)


LIMITS: Final[dict[str, Field]] = {
    "maxreturntime": whole("maxreturntime", "Seconds within which a test is on time."),
    "max_sec_until_fail": whole("max_sec_until_fail", "Seconds after which a late test has failed."),
    "maxfailnumber": whole("maxfailnumber", "Tests that may not come back."),
    "maxfailpercentage": Fraction(low=0, high=100, note="Per cent of tests that may not come back."),
    "maxlatenumber": whole("maxlatenumber", "Tests that may be late."),
    "maxlatepercentage": Fraction(low=0, high=100, note="Per cent of tests that may be late."),
    "interval_minutes": whole("interval_minutes", "Minutes from test to test."),
}

CONFIG: Final = Shape(
    {
        "sendinguser": Text(longest=MAX_ADDRESS, note="The inbox address that tests are sent from and come back to."),
        "alertuser": ALERTUSER,
        **LIMITS,
        "retest_minutes": whole("retest_minutes", "Minutes from test to test after a miss."),
        "window_hours": whole("window_hours", "Hours that a domain is judged on; 0 = all."),
        "open_after": whole(
            "open_after", "Bad tests in a row, or twice as many scattered, before a domain is failing."
        ),
        "recover_after": whole("recover_after", "On-time tests in a row after which a domain has recovered."),
        "remind_minutes": whole("remind_minutes", "Minutes between reminders; 0 = every run."),
        "keep_days": whole("keep_days", "Days for which single tests are kept."),
        "timezone": Text(shortest=1, longest=64, note="For wording only, such as Europe/Berlin."),
        "self_check_percent": whole(
            "self_check_percent", "Per cent of domains failing at once that make it our fault."
        ),
        "mboxpath": Text(longest=1_000, note="Where the inbox is; can be given back as it was read, and not changed."),
        "version": VERSION,
    },
    needed=("sendinguser", "alertuser", *LIMITS, *(each for each in OF_CONFIG if each not in LIMITS), "timezone"),
)

DOMAIN_PARTS: Final[dict[str, Field]] = {
    "customer": Or(Text(shortest=1, longest=MAX_CODENAME, note="The codename of whose domain it is.")),
    "tags": Several(of=Text(shortest=1, longest=MAX_TAG), most=MAX_TAGS, note="What people call it besides."),
    "maintmode": Flag(note="No tests, no judging, no alerts."),
    "control": Flag(note="Known to work: while it fails, the fault is taken for ours."),
    "returns_bounce": Flag(note="Its mailbox bounces tests on purpose."),
    **{name: Or(field) for name, field in LIMITS.items()},
}
NEW_DOMAIN: Final = Shape(
    {
        "testuser": Text(shortest=1, longest=MAX_USER, note="What stands before the @."),
        "domainname": Text(shortest=1, longest=MAX_HOST, note="What stands after it."),
        **DOMAIN_PARTS,
    },
    needed=("testuser", "domainname"),
)
DOMAIN: Final = Shape({**DOMAIN_PARTS, "version": VERSION})

_CUSTOMER: Final[dict[str, Field]] = {
    "friendlyname": Text(shortest=1, longest=MAX_NAME, note="Their full name."),
    "alertuser": ALERTUSER,
}
NEW_CUSTOMER: Final = Shape(
    {"codename": Text(shortest=1, longest=MAX_CODENAME, note="A short code; it stays for good."), **_CUSTOMER},
    needed=("codename", "friendlyname"),
)
CUSTOMER: Final = Shape({**_CUSTOMER, "version": VERSION})


def audit_entry(request: Request, what: str, target: str, before: object | None, after: object | None) -> Change:
    """Word a change for the audit; `before` and `after` are records, or names with values."""
    return Change(
        at=request.now,
        id=secrets.token_hex(4),
        who=request.caller.name,
        what=what,
        target=target,
        before=_plain(before),
        after=_plain(after),
    )


def _plain(record: object | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return dict(record) if isinstance(record, Mapping) else as_json(record)


class Versioned(Protocol):
    """A record whose version grows with every change."""

    @property
    def version(self) -> int:
        """The version that it is at."""


def check_version(request: Request, current: Versioned) -> None:
    """Raise Changed where another version than the current one was seen. A request that names none takes what is there."""
    seen = request.body.get("version", request.version)
    if seen is not None and seen != current.version:
        raise changed(request, current)


def changed(request: Request, current: object) -> Changed:
    """Say that the record has changed meanwhile, and show both."""
    version = getattr(current, "version", None)
    now = f" and is at version {version} now; look at both, then send it again with that."
    sentence = f"This was changed meanwhile{'; look at both, then send it again.' if version is None else now}"
    return Changed(sentence, request.body, current)


def config(request: Request) -> Config:
    """Read the settings."""
    return load_config(request.settings.initial)
