"""Domain names in the one form in which they are kept: lower case, international ones as A-labels (IDNA 2008).

Letters are mapped as browsers map them (UTS 46, non-transitional), so that ß and ς stay what they are: straße.example
and strasse.example belong to two owners. The standard library speaks IDNA 2003, which makes one of both.
"""

import re
import unicodedata
from typing import Final

from mxtrax.errors import Refused

MAX_HOST: Final = 253

_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_ENCODED: Final = "xn--"
_WORDLY: Final = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
"""What a name is made of (RFC 5892, section 2.1); capital letters were mapped before."""

_RIGHT: Final = frozenset({"R", "AL"})
_FROM_RIGHT: Final = _RIGHT | {"AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
"""Directions of what may stand in a label that is read from the right (RFC 5893, section 2)."""

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
        raise Refused(field, f"{field}: {text!r} is not a domain name; something like 'customer.example' is.")
    if labels[-1].isdecimal():
        raise Refused(
            field, f"{field}: {text!r} ends in a number, as no domain name does; give a name, not an address."
        )
    for label in labels:
        if label.startswith(_ENCODED):
            _check_scripts(_decoded(label, field), field)
    return name


def plain(text: str) -> str:
    """Give a name in its plain form; "" where it has letters that no name has. Whether it is a name is not checked."""
    if text.isascii():
        return text.lower()
    if any(unicodedata.category(letter) == "Cf" for letter in text):
        return ""  # what cannot be seen would silently be dropped
    one_by_one = "".join(letter.lower() for letter in text)  # a capital sigma is no final one
    mapped = unicodedata.normalize("NFKC", one_by_one).replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    labels = [label if label.isascii() else _encoded(label) for label in mapped.split(".")]
    return ".".join(labels) if all(labels) else ""


def _encoded(label: str) -> str:
    """Give a label as an A-label; "" where it cannot be one."""
    return f"{_ENCODED}{label.encode('punycode').decode()}" if _may_stand(label) else ""


def _decoded(label: str, field: str) -> str:
    """Give what an A-label stands for. There is one A-label for each name, and no other."""
    try:
        shown = label.removeprefix(_ENCODED).encode().decode("punycode")
    except UnicodeError:
        shown = ""
    if shown.isascii() or plain(shown) != label:
        raise Refused(field, f"{field}: {label!r} is no international name; something like 'customer.example' is.")
    return shown


def _may_stand(label: str) -> bool:
    """Tell whether an international name may have this label (RFC 5891, section 4.2.3)."""
    if label.startswith("-") or label.endswith("-") or unicodedata.category(label[0]).startswith("M"):
        return False
    words = label.replace("-", "").replace("l\N{MIDDLE DOT}l", "ll")  # the dot is Catalan (RFC 5892, appendix A.3)
    if not all(unicodedata.category(letter) in _WORDLY for letter in words):
        return False
    directions = [unicodedata.bidirectional(letter) for letter in label]
    if not _RIGHT.union({"AN"}).intersection(directions):
        return True
    return directions[0] in _RIGHT and _FROM_RIGHT.issuperset(directions)


def _check_scripts(shown: str, field: str) -> None:
    """Refuse a label of mixed scripts (UTS 39, section 5.2): one Cyrillic letter among Latin ones passes for another."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in shown if letter.isalpha()}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        mixed = " and ".join(sorted(script.capitalize() for script in scripts))
        raise Refused(field, f"{field}: {shown!r} mixes {mixed} letters; a name should be of one script.")
