"""Validation: what a person, a CSV row or a request may set. Each refusal names the field and says what would be right."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final

from mxtrax.errors import Refused
from mxtrax.model import Config, Customer, Limits, MailDomain, Scope, Window
from mxtrax.rules import limits, should_be
from mxtrax.rules.domainnames import check_domainname
from mxtrax.rules.limits import MAX_SHARE

MAX_NAME: Final = 200
MAX_SENDER: Final = 27
"""Octets that a plus sign and a test id leave of the 64 before the @ (RFC 5321, section 4.5.3.1.1)."""

MAX_USER: Final = 64
"""Octets before the @ (RFC 5321, section 4.5.3.1.1)."""

MAX_ADDRESS: Final = 254
MAX_CODENAME: Final = 64
MAX_ALERTUSERS: Final = 20
MAX_TAGS: Final = 20
MAX_TAG: Final = 40
MAX_NOTE: Final = 2_000
WHOLE: Final[Mapping[str, tuple[int, int]]] = {
    **{name: (limits.OWN[name].low, limits.OWN[name].high) for name in limits.WHOLE},
    "retest_minutes": (1, 1_440),
    "window_hours": (0, 720),
    "open_after": (1, 50),
    "recover_after": (0, 50),
    "remind_minutes": (0, 10_080),
    "escalate_minutes": (1, 10_080),
    "keep_days": (31, 3_650),
    "self_check_percent": (1, 100),
}
"""The whole numbers that may be set, and their ranges. Percentages are 0 to 100."""

OF_CONFIG: Final = (
    "interval_minutes",
    "retest_minutes",
    "window_hours",
    "open_after",
    "recover_after",
    "keep_days",
    "self_check_percent",
)

OR_NONE: Final = ("remind_minutes", "escalate_minutes")
"""The whole numbers in the settings that may be none."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""A dot-atom (RFC 5321, section 4.1.2). Quoted local parts are legal and no test mailbox has one."""
_CODENAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TAG: Final = re.compile(r"\w[\w.:/-]*")


def check_address(field: str, text: str) -> str:
    """Check a mail address and give it in its plain form: domain in lower case and as A-labels (RFC 5890)."""
    user, at, host = text.strip().rpartition("@")
    if not at:
        raise Refused(
            field, f"{field}: {should_be.shown(text)} is not a mail address; use something like 'ops@example.net'."
        )
    return f"{check_testuser(user, field)}@{check_domainname(host, field)}"


def check_testuser(text: str, field: str = "testuser") -> str:
    """Check the part of an address before the @ (at most 64 octets, RFC 5321, section 4.5.3.1.1)."""
    user = text.strip()
    if not _LOCAL.fullmatch(user) or len(user) > MAX_USER:
        raise Refused(
            field, f"{field}: {text!r} is not valid before the @ of a mail address; use something like 'mxtrax'."
        )
    return user


def check_codename(text: str, field: str = "codename") -> str:
    """Check a customer's short code."""
    codename = text.strip()
    if not _CODENAME.fullmatch(codename):
        raise Refused(
            field, f"{field}: {codename!r} should be 1 to {MAX_CODENAME} letters, digits, dots, dashes or underscores."
        )
    return codename


def check_customer(customer: Customer) -> Customer:
    """Check a customer: its code, a name without control characters, its alert recipients, and its page's note."""
    name = customer.friendlyname.strip()
    codename = check_codename(customer.codename)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refused("friendlyname", f"friendlyname: {name!r} should be 1 to {MAX_NAME} printable characters.")
    return replace(
        customer,
        codename=codename,
        friendlyname=name,
        alertuser=check_alertusers(customer.alertuser),
        public_note=check_note(customer.public_note, "public_note"),
    )


def check_alertusers(addresses: Iterable[str], field: str = "alertuser") -> tuple[str, ...]:
    """Check the recipients of alerts, and give each address once."""
    checked = tuple(dict.fromkeys(check_address(field, address) for address in addresses))
    if len(checked) > MAX_ALERTUSERS:
        raise Refused(field, f"{field}: {len(checked)} are too many; at most {MAX_ALERTUSERS} are allowed.")
    return checked


def check_tags(tags: Iterable[str]) -> frozenset[str]:
    """Check the other name that people have for a domain."""
    checked = frozenset(tag.strip() for tag in tags)
    for tag in checked:
        if not _TAG.fullmatch(tag) or len(tag) > MAX_TAG:
            raise Refused("tags", f"tags: {tag!r} should be a word of at most {MAX_TAG} characters, such as 'eu-west'.")
    if len(checked) > MAX_TAGS:
        raise Refused("tags", f"tags: {len(checked)} are too many; at most {MAX_TAGS} are allowed.")
    return checked


def check_note(text: str, field: str = "note") -> str:
    """Check a note: lines of text, without other control characters."""
    note = text.replace("\r\n", "\n").strip()
    if len(note) > MAX_NOTE or not all(line.isprintable() for line in note.split("\n")):
        raise Refused(field, f"{field}: this should be at most {MAX_NOTE} printable characters.")
    return note


def check_window(window: Window) -> Window:
    """Check a maintenance window: its zone is known, and it ends after it starts and before it starts again."""
    check_zone(window.zone, "zone")
    start, end = _wall("start", window.start), _wall("end", window.end)
    if not start < end:
        raise Refused("end", f"end: {window.end} should be after the start, {window.start}.")
    if window.weekly and end - start > timedelta(days=7):
        raise Refused(
            "end", f"end: {window.end} is more than a week after the start; a weekly window cannot be longer."
        )
    if (window.scope is Scope.ALL) != (not window.target):
        raise Refused(
            "target", "target: this should be a customer's codename or a domain's address, and empty for all."
        )
    return replace(
        window,
        start=start.isoformat(timespec="minutes"),
        end=end.isoformat(timespec="minutes"),
        target=window.target.lower() if window.scope is Scope.DOMAIN else window.target,
        note=check_note(window.note),
    )


def _wall(field: str, text: str) -> datetime:
    """Read a local time."""
    try:
        shown = datetime.fromisoformat(text)
    except ValueError:
        shown = None
    if shown is None or shown.tzinfo or not 2000 <= shown.year < 2200:
        raise Refused(field, f"{field}: {text!r} should be a time without an offset, such as 2026-11-22T22:00.")
    return shown


def check_zone(name: str, field: str = "timezone") -> str:
    """Check the name of a time zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 -- most changes name no zone

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refused(
            field, f"{field}: {name!r} is not a known time zone; use one such as 'Europe/Berlin' or 'UTC'."
        ) from unknown
    return name


def check_config(config: Config) -> Config:
    """Check the settings, separately and against each other, and give them with addresses in plain form."""
    for name in ("maxreturntime", "max_sec_until_fail", *OF_CONFIG):
        _whole(name, getattr(config, name))
    for name in OR_NONE:
        if (minutes := getattr(config, name)) is not None:
            _whole(name, minutes)
    if config.maxreturntime > config.max_sec_until_fail:
        raise Refused(
            "maxreturntime",
            f"maxreturntime: {config.maxreturntime} s is above max_sec_until_fail ({config.max_sec_until_fail} s); "
            "a test has to be late before it can fail.",
        )
    _check_limits(config.limits)
    _share("target_percent", config.target_percent)
    check_zone(config.timezone)
    return replace(
        config,
        sendinguser=_check_sender(config.sendinguser) if config.sendinguser else "",
        alertuser=check_alertusers(config.alertuser),
        escalateuser=check_alertusers(config.escalateuser, "escalateuser"),
    )


def _check_sender(text: str) -> str:
    """Check the inbox address. A reply address has a plus, a test id and the sender's own part before its @."""
    address = check_address("sendinguser", text)
    user = address.partition("@")[0]
    if "+" in user or len(user) > MAX_SENDER:
        raise Refused(
            "sendinguser",
            f"sendinguser: {user!r} should be at most {MAX_SENDER} characters without a plus sign; the test id is added.",
        )
    return address


def check_domain(domain: MailDomain, config: Config) -> MailDomain:
    """Check a domain and its overrides against the settings, and give it with its address in plain form."""
    for name in limits.WHOLE:
        if (value := getattr(domain, name)) is not None:
            _whole(name, value)
    for name in limits.SHARES:
        if (value := getattr(domain, name)) is not None:
            _share(name, value)
    holds = limits.effective(domain, config)
    if holds.maxreturntime > holds.max_sec_until_fail:
        raise Refused(
            "maxreturntime",
            f"maxreturntime: {holds.maxreturntime} s is above the max_sec_until_fail of {domain.address}.",
        )
    if domain.customer:
        check_codename(domain.customer, "customer")
    return replace(
        domain,
        testuser=check_testuser(domain.testuser),
        domainname=check_domainname(domain.domainname),
        tags=check_tags(domain.tags),
    )


def _check_limits(its: Limits) -> None:
    """Check the limits; each may be none."""
    for name, value in asdict(its).items():
        if value is not None:
            (_whole if name in limits.WHOLE else _share)(name, value)


def _whole(field: str, value: int) -> None:
    low, high = WHOLE[field]
    if type(value) is not int or not low <= value <= high:
        raise Refused(field, should_be.whole(field, value, low, high))


def _share(field: str, value: float) -> None:
    if type(value) not in (int, float) or not 0 <= value <= MAX_SHARE:
        raise Refused(field, should_be.number(field, value, 0, MAX_SHARE))
