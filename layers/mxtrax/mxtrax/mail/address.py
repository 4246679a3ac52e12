"""Find and clean mail addresses (RFC 5321, section 4.1.2; RFC 6531)."""

import re
from typing import Final

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\x80-\U0010ffff-]"
ADDRESS: Final = re.compile(
    rf"(?:\"[^\"\n@<>]{{1,64}}\"|(?<![^\s<>()\[\]:;,\"'=|/`*]){ATOM}{{1,100}})"
    r"@(?:[A-Za-z0-9\x80-\U0010ffff](?:[A-Za-z0-9_\x80-\U0010ffff-]{0,62}\.?){1,20}|\[[0-9A-Fa-f.:IPv]{3,60}\])"
)
OURSELVES: Final = re.compile(
    r"(?i)(?:mailer[-_. ]?daemon|postmaster|mail-?daemon|mail\.?administrator|abuse|no-?reply|do-?not-?reply|hostmaster|double-bounce)@"
)


def find(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, address) of every address in a text."""
    return [(m.start(), m.end(), m[0].rstrip(".").strip("'`")) for m in ADDRESS.finditer(text)] if "@" in text else []


def first(text: str) -> str:
    """Return the first address in a text, empty where there is none."""
    found = ADDRESS.search(text) if "@" in text else None
    return found[0].rstrip(".").strip("'`") if found else ""


def same(one: str, other: str) -> bool:
    """Say whether two addresses are one mailbox as far as case goes."""
    return one.casefold() == other.casefold()
