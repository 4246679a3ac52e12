"""What people may set in the settings, a domain and a customer: the fields of requests, each with its note."""

from dataclasses import fields
from typing import Final

from mxtrax.api.fields import Choice, Field, Flag, Fraction, Or, Several, Shape, Text, Whole
from mxtrax.model import AlarmWhen, AlertMail, Config, Limits
from mxtrax.rules import branding, limits, logo
from mxtrax.rules.domainnames import MAX_HOST
from mxtrax.rules.limits import MAX_SHARE, SHARES
from mxtrax.rules.validation import (
    MAX_ADDRESS,
    MAX_ALERTUSERS,
    MAX_CODENAME,
    MAX_NAME,
    MAX_NOTE,
    MAX_TAG,
    MAX_TAGS,
    MAX_USER,
    OF_CONFIG,
    WHOLE,
)

ALERTUSER: Final = Several(of=Text(shortest=1, longest=MAX_ADDRESS), most=MAX_ALERTUSERS, note="The alert recipients.")


def _whole(name: str, note: str) -> Whole:
    """Give the field of a setting that is a whole number, with the limits that apply to it everywhere."""
    low, high = WHOLE[name]
    return Whole(low=low, high=high, note=note)


OWN: Final[dict[str, Field]] = {
    name: (Fraction if name in SHARES else Whole)(low=it.low, high=it.high, note=it.note)
    for name, it in limits.OWN.items()
}
"""What a domain may set for itself."""

LIMITS: Final = {name: OWN[name] for name in OWN if name in {each.name for each in (*fields(Config), *fields(Limits))}}
"""Those that may be set for all domains, too."""

MAY_BE_NONE: Final = frozenset(each.name for each in fields(Limits))
"""The optional limits: null means none in the settings, and in a domain the value of the settings."""

CONFIG: Final = Shape(
    {
        "sendinguser": Text(longest=MAX_ADDRESS, note="The inbox address that tests are sent from and come back to."),
        "alertuser": ALERTUSER,
        **{name: Or(field) if name in MAY_BE_NONE else field for name, field in LIMITS.items()},
        "alarm_when": Choice(
            of=tuple(AlarmWhen),
            note="evidence: the signs of a failure outweigh chance; limits: any limit is exceeded.",
        ),
        "retest_minutes": _whole("retest_minutes", "Minutes from test to test after a miss."),
        "window_hours": _whole("window_hours", "Hours of tests that a domain is judged on; 0 = all."),
        "open_after": _whole(
            "open_after", "With limits: bad tests in a row, or twice as many scattered, before a domain is failing."
        ),
        "recover_after": _whole("recover_after", "With limits: on-time tests in a row until it has recovered."),
        "remind_minutes": Or(
            _whole(
                "remind_minutes",
                "Minutes to the first reminder, then twice as long each time; 0 = every run, null = never.",
            )
        ),
        "escalate_minutes": Or(
            _whole("escalate_minutes", "Minutes without acknowledgement until escalateuser is notified; null = never.")
        ),
        "escalateuser": Several(
            of=Text(shortest=1, longest=MAX_ADDRESS),
            most=MAX_ALERTUSERS,
            note="Additional recipients of unacknowledged alerts.",
        ),
        "alert_mail": Choice(
            of=tuple(AlertMail), note="news: alert mails contain only the news; full: also the report."
        ),
        "keep_days": _whole("keep_days", "Days that single tests are kept."),
        "timezone": Text(shortest=1, longest=64, note="Time zone of alerts and reports, such as Europe/Berlin."),
        "self_check_percent": _whole(
            "self_check_percent", "Per cent of domains that fail at once before the monitor itself is suspected."
        ),
        "target_percent": Fraction(
            low=0, high=MAX_SHARE, note="Target: per cent of a month in which mail can be received."
        ),
        "mboxpath": Text(longest=1_000, note="Where the inbox is; read-only, but you may send it back unchanged."),
    },
    needed=(
        "sendinguser",
        "alertuser",
        *LIMITS,
        *(each for each in OF_CONFIG if each not in LIMITS),
        "remind_minutes",
        "timezone",
        "target_percent",
    ),
)

DOMAIN_PARTS: Final[dict[str, Field]] = {
    "customer": Or(Text(shortest=1, longest=MAX_CODENAME, note="The customer's codename.")),
    "tags": Several(of=Text(shortest=1, longest=MAX_TAG), most=MAX_TAGS, note="Another name for it."),
    "maintmode": Flag(note="No tests, no judging, no alerts."),
    "control": Flag(note="A reference mailbox known to work: while it fails, the monitor itself is suspected."),
    "returns_bounce": Flag(note="Its mailbox bounces tests on purpose."),
    **{name: Or(field) for name, field in OWN.items()},
}
NEW_DOMAIN: Final = Shape(
    {
        "testuser": Text(shortest=1, longest=MAX_USER, note="The part before the @."),
        "domainname": Text(shortest=1, longest=MAX_HOST, note="The part after it."),
        **DOMAIN_PARTS,
    },
    needed=("testuser", "domainname"),
)
DOMAIN: Final = Shape(DOMAIN_PARTS)

_TO_ALL: Final = Text(longest=MAX_NOTE, note="What all public pages say to all customers; empty: nothing.")
BRANDING: Final = Shape(
    {
        "name": Text(longest=branding.MAX_NAME, note="The operator's name on public pages."),
        "contact": Text(
            longest=branding.MAX_CONTACT, note="How to reach the operator: an address, a web page, or any text."
        ),
        "logo": Text(longest=2 * logo.MAX_BYTES, note="A PNG in base64; empty: none."),
        "note": _TO_ALL,
    }
)
NOTE_TO_ALL: Final = Shape({"note": _TO_ALL}, needed=("note",))

_CUSTOMER: Final[dict[str, Field]] = {
    "friendlyname": Text(shortest=1, longest=MAX_NAME, note="Their full name."),
    "alertuser": ALERTUSER,
    "public_note": Text(longest=MAX_NOTE, note="A note on its public page."),
}
NEW_CUSTOMER: Final = Shape(
    {"codename": Text(shortest=1, longest=MAX_CODENAME, note="A short code; it cannot be changed."), **_CUSTOMER},
    needed=("codename", "friendlyname"),
)
CUSTOMER: Final = Shape(_CUSTOMER)
