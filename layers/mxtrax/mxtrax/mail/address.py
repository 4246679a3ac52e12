"""Find and clean mail addresses (RFC 5321, section 4.1.2; RFC 6531)."""

import re
from typing import Final

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]"
# Beyond ASCII a local part is taken in brackets or behind a type only: elsewhere the words around it would run into it.
LOCAL: Final = rf"\"[^\"\n@<>]{{1,64}}\"|(?<=[<;])[\w.+-]{{1,64}}+|(?<![A-Za-z0-9!#$%&+/?^_{{}}~.-]){ATOM}{{1,100}}+"
LABEL: Final = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})|(?:(?![\x00-\x7f])\w){1,63})"
ADDRESS: Final = re.compile(rf"(?:{LOCAL})@(?:{LABEL}(?:\.{LABEL}){{0,20}}|\[[0-9A-Fa-f.:IPv]{{3,60}}\])")
TYPE: Final = re.compile(r"(?i)^(?:[\w.;=-]*\b)?smtp=")
OURSELVES: Final = re.compile(
    r"(?i)(?:mailer[-_. ]?daemon|postmaster|mail-?daemon|mail\.?administrator|abuse|no-?reply|do-?not-?reply|hostmaster"
    r"|double-bounce)@"
)


def _bare(found: str) -> str:
    """Drop what clings to an address: a quote, the full stop of a sentence, the type Exchange and X.400 put in front."""
    return TYPE.sub("", found).rstrip(".").strip("'`")


def find(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, address) of every address in a text."""
    return [(m.start(), m.end(), _bare(m[0])) for m in ADDRESS.finditer(text)] if "@" in text else []


def first(text: str) -> str:
    """Return the first address in a text, empty where there is none."""
    found = ADDRESS.search(text) if "@" in text else None
    return _bare(found[0]) if found else ""


def same(one: str, other: str) -> bool:
    """Say whether two addresses are one mailbox as far as case goes."""
    return one.casefold() == other.casefold()
