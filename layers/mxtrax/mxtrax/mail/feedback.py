"""Read abuse reports (ARF, RFC 5965)."""

import re
from typing import Final

from mxtrax.model import Recipient

from . import address
from .bounds import MAX_RECIPIENTS
from .fields import Fields, decoded

FIELD: Final = re.compile(
    r"(?im)^(feedback-type|original-rcpt-to|removal-recipient|reporting-mta|source-ip|user-agent)[ \t]*:[ \t]*(.*)$"
)

# Fields of services with a complaint format of their own, in their mail or in the one they enclose.
OUTER: Final = frozenset(("feedback-type", "x-spamcop-sourceip", "x-arf", "x-xarf", "x-apple-unsubscribe"))
INNER: Final = frozenset(("x-hmxmroriginalrecipient", "x-jmrp-original-recipient"))


def complaint(own: Fields, inner: list[Fields]) -> bool:
    """Say whether a mail is a complaint in another format than ARF: Microsoft's (JMRP), SpamCop's, X-ARF, Apple Mail's."""
    return not OUTER.isdisjoint(own) or any(not INNER.isdisjoint(fields) for fields in inner)


def complained(inner: list[Fields]) -> list[Recipient]:
    """Return the recipient of the mail complained about, as noted by the feedback loop."""
    found = [address.first(decoded(fields[name])) for fields in inner for name in INNER if name in fields]
    return [Recipient(address=one) for one in dict.fromkeys(found) if one]


def rcpt(text: str) -> tuple[list[Recipient], str]:
    """Return the recipient of the mail complained about, and who reports."""
    found: dict[str, Recipient] = {}
    server = ""
    for name, value in FIELD.findall(text):
        kind = name.lower()
        if kind in ("original-rcpt-to", "removal-recipient") and len(found) < MAX_RECIPIENTS:
            one = address.first(value)
            if one:
                found.setdefault(one.casefold(), Recipient(address=one))
        elif kind == "reporting-mta":
            server = server or value.partition(";")[2].strip() or value.strip()
    return list(found.values()), server
