"""Read abuse reports (ARF, RFC 5965)."""

import re
from typing import Final

from mxtrax.model import Recipient

from . import address
from .bounds import MAX_RECIPIENTS

FIELD: Final = re.compile(
    r"(?im)^(feedback-type|original-rcpt-to|removal-recipient|reporting-mta|source-ip|user-agent)[ \t]*:[ \t]*(.*)$"
)


def rcpt(text: str) -> tuple[list[Recipient], str]:
    """Return whom the mail complained about went to, and who reports."""
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
