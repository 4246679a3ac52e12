"""Find and clean mail addresses (RFC 5321, section 4.1.2; RFC 6531)."""

import re
from typing import Final

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]"
# A non-ASCII local part is read only in brackets or after a type: elsewhere the words around it would run into it.
LOCAL: Final = rf"\"[^\"\n@<>]{{1,64}}\"|(?<=[<;])[\w.+-]{{1,64}}+|(?<![A-Za-z0-9!#$%&+/?^_{{}}~.-]){ATOM}{{1,100}}+"
LABEL: Final = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})|(?:(?![\x00-\x7f])\w){1,63})"
ADDRESS: Final = re.compile(rf"(?:{LOCAL})@(?:{LABEL}(?:\.{LABEL}){{0,20}}|\[[0-9A-Fa-f.:IPv]{{3,60}}\])")
# A line that is one address and nothing else: its local part may be any letters and signs, but not run-on words.
ALONE: Final = re.compile(
    rf"[ \t>*\"'<(\[-]{{0,20}}"
    rf"(?P<address>[^\s<>()\[\],;:\"@]{{1,64}}@{LABEL}(?:\.{LABEL}){{0,20}})[ \t>\"')\].:;,]{{0,10}}\Z"
)
MIXED: Final = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u052f][\w.-]{0,64}[A-Za-z0-9]@")
# Names that no public server has (RFC 6762, appendix G): such a host is known only inside its own domain.
INTERNAL: Final = re.compile(
    r"(?i)@(?:[^.@]*+|[^@]*\.(?:local|localdomain|localhost|internal|intranet|private|corp|home|lan))\Z"
)
ROUTE: Final = re.compile(r"@[^\s:@]{1,255}(?:,@[^\s:@]{1,255}){0,10}:")
"""A source route (RFC 5321, appendix F.2): the mailbox follows it."""
XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
UNICODE: Final = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
WHOLE: Final = re.compile(r"(?:\"[^\"\n]{1,64}\"|[^\s@<>\"(),;:]{1,64})@[^\s@<>\"(),;:]{1,255}\Z")
# An address in front of another one in brackets is a display name (RFC 5322, section 3.4).
NAMES: Final = re.compile(r"[\"']?[ \t]{1,3}<(?!mailto:)[^<>\s]{1,100}@[^<>\s]{1,100}>")
TYPE: Final = re.compile(r"(?i)^(?:[\w.;=-]*\b)?smtp=")
OURSELVES: Final = re.compile(
    r"(?i)(?:mailer[-_. ]?daemon|postmaster|mail-?daemon|mail\.?administrator|abuse|no-?reply|do-?not-?reply|hostmaster"
    r"|double-bounce)@"
)


def _bare(found: str) -> str:
    """Strip what surrounds an address: quotes, a sentence's full stop, the type that Exchange and X.400 put first."""
    return (TYPE.sub("", found) if "=" in found else found).rstrip(".").strip("'`")


def of_field(value: str) -> str:
    """Return the address in a report's field (RFC 3464, section 2.3), however odd: the field holds nothing else.

    A source route is dropped; the encodings of RFC 3461 (section 4) and RFC 6533 (section 3) are decoded.
    """
    text = value.strip(" <>\t")
    if ":" in text:
        text = ROUTE.sub("", text, count=1)
    if "\\" in text:
        text = UNICODE.sub(_character, text)
    if not WHOLE.match(text):
        return first(text)
    local, _, domain = text.rpartition("@")
    codes = {int(one, 16) for one in XTEXT.findall(local)}
    # A mailbox may be called a+20; but only an encoder writes a plus sign, an equals sign or a non-ASCII octet in hex.
    if codes and all(code in (0x2B, 0x3D) or code > 0x7F for code in codes):
        local = XTEXT.sub(lambda found: chr(int(found[1], 16)), local)
        if not local.isascii():
            local = local.encode("latin-1", "replace").decode("utf-8", "replace")
    return f"{local}@{domain}"


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def public(one: str) -> bool:
    """Say whether an address may be reachable from outside its own network."""
    return INTERNAL.search(one) is None


def find(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, address) of every address in a text."""
    if "@" not in text:
        return []
    found = [(m.start(), m.end(), _bare(m[0])) for m in ADDRESS.finditer(text)]
    alone = ALONE.match(text) if not found and not text.isascii() else None
    if alone and not MIXED.search(alone["address"]):
        return [(alone.start("address"), alone.end("address"), alone["address"])]
    return found


def first(text: str) -> str:
    """Return the first address in a text, empty if there is none."""
    found = ADDRESS.search(text) if "@" in text else None
    return _bare(found[0]) if found else next((one for _, _, one in find(text)), "")


def same(one: str, other: str) -> bool:
    """Say whether two addresses are the same mailbox, ignoring case."""
    return one.casefold() == other.casefold()


def same_domain(one: str, other: str) -> bool:
    """Say whether two addresses are of one domain as far as case goes."""
    return same(one.rpartition("@")[2], other.rpartition("@")[2])


def mailboxes(value: str) -> list[str]:
    """Return the addresses in a To or Cc, without those that are only display names (RFC 5322, section 3.4)."""
    found = find(value)
    return [one for _, end, one in found if not NAMES.match(value[end : end + 300])]
