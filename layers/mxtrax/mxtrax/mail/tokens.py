"""Find candidate test ids, the most trusted place first. Whether one is ours is decided elsewhere."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from .bounds import MAX_TOKENS
from .fields import Fields, decoded

HEX: Final = "[0-9A-Fa-f]"
UUID: Final = rf"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"
# The middle of a UUID first: it begins with a character that is rare in mail, which makes the search fast.
MIDDLE: Final = re.compile(rf"-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}(?!{HEX})")
LENGTH: Final = 36
WHOLE: Final = re.compile(rf"{UUID}\Z")
FRONT: Final = re.compile(rf"(?<![0-9A-Fa-f-]){HEX}{{8}}")
# The same for one without hyphens: its version, a 4, and what follows that.
BARE: Final = re.compile(rf"4{HEX}{{3}}[89abAB]{HEX}{{15}}(?![0-9A-Za-z])")
BARE_FRONT: Final = re.compile(rf"(?<![0-9A-Za-z]){HEX}{{12}}")
MAYBE: Final = re.compile(rf"\+|{HEX}{{32}}")
PLUS: Final = re.compile(rf"\+({HEX}{{8}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{12}})(?=@|=40|%40)")
BREAK: Final = r"(?:=?[ \t]*\n[ \t>|]*|[ \t]{1,3})?"
BROKEN: Final = re.compile(
    rf"-(?=[0-9A-Fa-f=\s])(?:{BREAK}{HEX}){{4}}(?:{BREAK}-(?:{BREAK}{HEX}){{4}}){{2}}{BREAK}-(?:{BREAK}{HEX}){{12}}(?!{HEX})"
)
BROKEN_FRONT: Final = re.compile(rf"(?<![0-9A-Fa-f-])(?:{HEX}{BREAK}){{8}}$")
BREAKS: Final = re.compile(r"[\s>|=]+")
FRONT_ROOM: Final = 60
LABEL_ROOM: Final = 300
LABEL: Final = re.compile(r"(?i)[>|\s]{0,12}(?:subject|x-mxtrax-test-id)[ \t]*:")
SES_ID: Final = re.compile(
    r"(?i)(?<![0-9a-z-])([0-9a-z-]{20,100}+)@(?:email|[a-z]{2}(?:-[a-z]+){1,3}-\d)\.amazonses\.com"
)
# Invisible characters that some mailers put into long words, and what they turn a hyphen into.
INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
ODD: Final = re.compile(f"[{INVISIBLE}{HYPHENS}]")
TEST_ID_FIELD: Final = "x-mxtrax-test-id"
ADDRESSED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "x-forwarded-to")
THREAD: Final = (
    "in-reply-to", "references", "thread-topic", "original-message-id", "x-original-message-id",
    "x-ms-exchange-parent-message-id",
)  # fmt: skip


def hyphenated(text: str) -> str:
    """Return a UUID in its canonical form: lower case, with hyphens (RFC 9562, section 4)."""
    if len(text) == 36:
        return text.lower()
    digits = "".join(text.lower().replace("-", "").split())
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def seen(text: str) -> str:
    """Return a text as people see it: without invisible characters, and with plain hyphens only."""
    return text if text.isascii() else ODD.sub(lambda found: "-" if found[0] in HYPHENS else "", text)


def places(text: str, start: int = 0) -> list[tuple[int, str]]:
    """Return the UUIDs in a text, each with its place."""
    found: list[tuple[int, str]] = []
    if len(text) < LENGTH:
        return found
    middle = MIDDLE.search(text, start)
    while middle:
        at = middle.start() - 8
        if at >= start and FRONT.match(text, at):
            found.append((at, hyphenated(text[at : middle.end()])))
        middle = MIDDLE.search(text, middle.end())
    return found


def plussed(text: str) -> list[str]:
    """Return the UUIDs in the plus-addresses of a text."""
    return [hyphenated(one) for one in PLUS.findall(text)] if "+" in text else []


def anywhere(text: str) -> list[str]:
    """Return the UUIDs of a text, the hyphenated before those in plus-addresses."""
    return [one for _, one in places(text)] + plussed(text)


def labelled(text: str, found: list[tuple[int, str]]) -> list[str]:
    """Return the UUIDs that a line of any text labels as a subject or as our test id: the original, if MIME is broken."""
    return [one for at, one in found if LABEL.match(text, line_start(text, at))]


def line_start(text: str, at: int) -> int:
    """Return where the line of this place begins, or the part of it that is read."""
    room = max(at - LABEL_ROOM, 0)
    return max(text.rfind("\n", room, at) + 1, room)


def wrapped(text: str) -> list[str]:
    """Return the UUIDs in a text that were wrapped, at any column, and those without hyphens."""
    found: list[str] = []
    middle = BROKEN.search(text)
    while middle:
        front = BROKEN_FRONT.search(text[max(0, middle.start() - FRONT_ROOM) : middle.start()])
        if front:
            found.append(hyphenated(BREAKS.sub("", front[0] + middle[0])))
        middle = BROKEN.search(text, middle.end())
    return [*found, *(hyphenated(one) for one in _bare(text))]


def _bare(text: str) -> Iterator[str]:
    """Yield the UUIDs in a text that have no hyphens."""
    at = 0
    while found := BARE.search(text, at):
        start = found.start() - 12
        whole = start >= 0 and BARE_FRONT.match(text, start)
        at = found.end() if whole else found.start() + 1
        if whole:
            yield text[start : found.end()]


def _value(value: str) -> list[str]:
    if len(value) < 32 and "=?" not in value:
        return []
    if WHOLE.match(value):
        return [value.lower()]
    text = seen(decoded(value))
    if not MAYBE.search(text) and text.count("-") < 4:
        return []
    return (anywhere(text) or wrapped(text)) if len(text) >= 32 else []


def of_fields(fields: Fields) -> Iterator[str]:
    """Yield the candidates of one header block: test id field, plus-address of Reply-To, Subject, thread, Message-ID."""
    for value in fields.all(TEST_ID_FIELD):
        yield from _value(value)
    for value in fields.all("reply-to"):
        yield from map(hyphenated, PLUS.findall(value))
    for value in fields.all("subject"):
        yield from _value(value)
    for name in THREAD:
        if name in fields:
            yield from _value(fields[name])


def addressed(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the candidates of plus-addresses that a mail was sent to."""
    for one in addresses:
        yield from map(hyphenated, PLUS.findall(one))


def envelope(fields: Fields) -> Iterator[str]:
    """Yield the candidates of the plus-addresses in a mail's own header."""
    for name in ADDRESSED:
        if name in fields:
            yield from addressed(value for value in fields.all(name) if "+" in value)


def ordered(found: Iterable[str], genuine: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """Keep each candidate once, in order of trust: those that our secret minted, then those of our form (version 4).

    They are sorted before the list is cut, so that no number of foreign ids hides a genuine one.
    """
    kept = list(dict.fromkeys(found))
    ours = [one for one in kept if one[14] == "4" and one[19] in "89ab"]
    minted = [one for one in ours if genuine(one)] if genuine else []
    return tuple(dict.fromkeys([*minted, *ours, *kept]))[:MAX_TOKENS]


def ses_id(value: str) -> str:
    """Return the SES id in a field's value, empty if there is none."""
    found = SES_ID.search(value) if "amazonses" in value.lower() else None
    return found[1] if found else ""


def ses_message_id(*blocks: Fields) -> str:
    """Return the id that SES gave our mail, from the return's thread fields or the original's Message-ID."""
    names = ("in-reply-to", "references", "message-id", "original-message-id", "x-ms-exchange-parent-message-id")
    for fields in blocks:
        for name in names:
            if name in fields and (one := ses_id(fields[name])):
                return one
    return ""
