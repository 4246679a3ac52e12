"""Validation: what a person, a CSV row or a request may set. Each refusal names the field and says what would be right."""

import re
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mxtrax.errors import Refused
from mxtrax.model import Config, Customer, Limits, MailDomain

MAX_NAME: Final = 200
MAX_SENDER: Final = 27
"""What a plus sign and a test id leave of the 64 octets before the @ (RFC 5321, section 4.5.3.1.1)."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""A dot-atom (RFC 5321, section 4.1.2). Quoted local parts are legal and no test mailbox has one."""
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_CODENAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_address(field: str, text: str) -> str:
    """Check a mail address and give it in its plain form: domain in lower case and as A-labels (RFC 5890)."""
    user, _, host = text.strip().rpartition("@")
    return f"{check_testuser(user, field)}@{check_domainname(host, field)}"


def check_testuser(text: str, field: str = "testuser") -> str:
    """Check the part of an address before the @ (at most 64 octets, RFC 5321, section 4.5.3.1.1)."""
    user = text.strip()
    if not _LOCAL.fullmatch(user) or len(user) > 64:
        raise Refused(
            field, f"{field}: {text!r} cannot stand before the @ of a mail address; something like 'mxtrax' can."
        )
    return user


def check_domainname(text: str, field: str = "domainname") -> str:
    """Check a domain name (RFC 1035, section 2.3.4) and give it in lower case, international names as A-labels."""
    name = text.strip().rstrip(".").lower()
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise Refused(field, f"{field}: {text!r} is not a domain name; something like 'customer.example' is.")
    return name


def check_customer(customer: Customer) -> Customer:
    """Check a customer: a short code, a name without control characters, addresses to alert."""
    codename, name = customer.codename.strip(), customer.friendlyname.strip()
    if not _CODENAME.fullmatch(codename):
        raise Refused(
            "codename", f"codename: {codename!r} should be 1 to 64 letters, digits, dots, dashes or underscores."
        )
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refused("friendlyname", f"friendlyname: {name!r} should be 1 to {MAX_NAME} printable characters.")
    addresses = tuple(check_address("alertuser", address) for address in customer.alertuser)
    return replace(customer, codename=codename, friendlyname=name, alertuser=addresses)


def check_config(config: Config) -> Config:
    """Check the settings, each by itself and against each other, and give them with addresses in plain form."""
    _whole("maxreturntime", config.maxreturntime, 1, 7 * 86_400)
    _whole("max_sec_until_fail", config.max_sec_until_fail, 1, 30 * 86_400)
    if config.maxreturntime > config.max_sec_until_fail:
        raise Refused(
            "maxreturntime",
            f"maxreturntime: {config.maxreturntime} s is above max_sec_until_fail ({config.max_sec_until_fail} s); "
            "a test has to be late before it can be failed.",
        )
    _check_limits(config.limits)
    _whole("interval_minutes", config.interval_minutes, 1, 1_440)
    _whole("retest_minutes", config.retest_minutes, 1, 1_440)
    _whole("window_hours", config.window_hours, 0, 720)
    _whole("open_after", config.open_after, 1, 20)
    _whole("recover_after", config.recover_after, 0, 50)
    _whole("remind_minutes", config.remind_minutes, 0, 10_080)
    _whole("keep_days", config.keep_days, 31, 3_650)
    _whole("own_fault_percent", config.own_fault_percent, 1, 100)
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refused(
            "timezone", f"timezone: {config.timezone!r} is not known; 'Europe/Berlin' or 'UTC' is."
        ) from unknown
    return replace(
        config,
        sendinguser=_check_sender(config.sendinguser) if config.sendinguser else "",
        alertuser=tuple(check_address("alertuser", address) for address in config.alertuser),
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
    """Check a domain and its overrides beside the settings, and give it with its address in plain form."""
    for name, low, high in (
        ("interval_minutes", 1, 1_440),
        ("maxreturntime", 1, 7 * 86_400),
        ("max_sec_until_fail", 1, 30 * 86_400),
        ("maxfailnumber", 0, 1_000_000),
        ("maxlatenumber", 0, 1_000_000),
    ):
        if (value := getattr(domain, name)) is not None:
            _whole(name, value, low, high)
    for name in ("maxfailpercentage", "maxlatepercentage"):
        if (value := getattr(domain, name)) is not None:
            _between(name, value, 0, 100)
    on_time = domain.maxreturntime or config.maxreturntime
    if on_time > (domain.max_sec_until_fail or config.max_sec_until_fail):
        raise Refused(
            "maxreturntime", f"maxreturntime: {on_time} s is above the max_sec_until_fail of {domain.address}."
        )
    return replace(domain, testuser=check_testuser(domain.testuser), domainname=check_domainname(domain.domainname))


def _check_limits(limits: Limits) -> None:
    _whole("maxfailnumber", limits.maxfailnumber, 0, 1_000_000)
    _whole("maxlatenumber", limits.maxlatenumber, 0, 1_000_000)
    _between("maxfailpercentage", limits.maxfailpercentage, 0, 100)
    _between("maxlatepercentage", limits.maxlatepercentage, 0, 100)


def _whole(field: str, value: int, low: int, high: int) -> None:
    if type(value) is not int:
        raise Refused(field, f"{field}: {value!r} should be a whole number from {low} to {high}.")
    _between(field, value, low, high)


def _between(field: str, value: float, low: int, high: int) -> None:
    if not isinstance(value, int | float):
        raise Refused(field, f"{field}: {value!r} should be a number from {low} to {high}.")
    if not low <= value <= high:
        raise Refused(field, f"{field}: {value} is out of range; it should be from {low} to {high}.")
