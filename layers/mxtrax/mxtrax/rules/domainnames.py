"""Domain names in the one form in which they are kept: lower case, international ones as A-labels (IDNA 2008).

The package idna has the tables. Letters are mapped as browsers map them (UTS 46, non-transitional), so that ß and ς
stay what they are: straße.example and strasse.example belong to two owners. The standard library implements IDNA 2003,
which merges the two. Names of mixed scripts are refused here, which is not part of IDNA.
"""

import re
import unicodedata
from typing import Final

from mxtrax.errors import Refused

MAX_HOST: Final = 253

_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_ENCODED: Final = "xn--"
_TOGETHER: Final = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
"""Scripts that are written together: Japanese, Chinese, Korean."""


def check_domainname(text: str, field: str = "domainname") -> str:
    """Check a domain name (RFC 1035, section 2.3.4) and give it in its plain form."""
    name = plain(text.strip().rstrip("."))
    labels = name.split(".")
    if len(name) > MAX_HOST or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise Refused(field, f"{field}: {text!r} is not a domain name; use one such as 'customer.example'.")
    if labels[-1].isdecimal():
        raise Refused(field, f"{field}: {text!r} ends in a number; give a domain name, not an IP address.")
    for label in labels:
        if label.startswith(_ENCODED):
            _check_scripts(_decoded(label, field), field)
    return name


def plain(text: str) -> str:
    """Give a name in its plain form; "" if it has characters that no name has. It is not checked otherwise."""
    if text.isascii():
        return text.lower()
    if any(unicodedata.category(letter) == "Cf" for letter in text):
        return ""  # invisible characters would be dropped silently
    import idna  # noqa: PLC0415 -- its tables take longer to load than most of a function, and few names need them

    try:
        return idna.encode(text, uts46=True).decode()
    except idna.IDNAError:
        return ""


def _decoded(label: str, field: str) -> str:
    """Give what an A-label stands for. Each name has exactly one A-label."""
    import idna  # noqa: PLC0415 -- as above

    try:
        shown = idna.ulabel(label)
    except idna.IDNAError:
        shown = ""
    if shown.isascii() or plain(shown) != label:
        raise Refused(
            field, f"{field}: {label!r} is not a valid international name; use one such as 'customer.example'."
        )
    return shown


def _check_scripts(shown: str, field: str) -> None:
    """Refuse a label of mixed scripts (UTS 39, section 5.2): a Cyrillic letter can look like a Latin one."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in shown if letter.isalpha()}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        mixed = " and ".join(sorted(script.capitalize() for script in scripts))
        raise Refused(field, f"{field}: {shown!r} mixes {mixed} letters; a name should use one script.")
