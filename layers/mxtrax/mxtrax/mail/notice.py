"""Read what a server says in its own words: whom it could not reach, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from typing import Final, NamedTuple

from mxtrax.model import Recipient

from . import address, status
from .bounds import ADDRESS_WORK, LINE_WORK, MAX_DIAGNOSTIC, MAX_LINE, MAX_RECIPIENTS
from .budget import Budget

# The weight of a mention: the address opens a line; a word names it as what failed; the sentence leads to it, or a code
# is in its line or below it; any label precedes it; it is next to words of failure; or it is mentioned in passing.
OPENS: Final = 6
STANDS: Final = 5
LED_TO: Final = 4
LABELLED: Final = 3
BESIDE: Final = 2
PASSING: Final = 1
HEADED: Final = 3
"""Lines below a heading such as "the following recipients:" whose addresses are the recipients."""

BEFORE_ALONE: Final = re.compile(
    r"(?i)[\s<>\"'`*.\[(\-|=#&:\u2022\u00b7\d]{0,20}(?:(?:smtp|rfc822|imceasmtp)[:;=]\s?)?$"
)
AFTER_ALONE: Final = re.compile(
    r"[>\"'`)\]]{0,4}(?:\s*$|\s*[:;,<]|\s*\.\.\.|\s*\(|\s+-|\s*<mailto:|\s+on\s|\s+(?:\d{3}[\s-]|[45]\.\d))"
)
LABEL: Final = re.compile(
    r"(?i)(?:rcpt(?:[ _]to)?|(?<!-)recipients?|(?:recipient )?address|error-for|addressee?|original-rcpt-to"
    r"|destinataires?|empfänger|destinatari(?:os?)?|получател\w{1,12}+|宛先|收件人|收件者|수신자"
    r"|\b(?P<to>to|for|an|für|pour|à|para|per|naar|till|til|для)"
    r"|unknown user|user unknown|no such user|unknown address|mailbox is full|mailbox)"
    r"(?:\([a-z]{1,3}\))?\s*+(?:[:=\uff1a]\s*+)?[<\"'(\[]{0,3}(?:smtp:|rfc822;\s?)?$"
)
LABEL_WORDS: Final = (
    "rcpt", "recipient", "recipients", "address", "addresse", "addressee", "destinataire", "destinataires", "destinatari",
    "destinatario", "destinatarios", "to", "for", "an", "pour", "para", "per", "naar", "till", "til", "unknown", "user",
    "full", "mailbox", "smtp", "rfc822", ")",
)  # fmt: skip
"""What a label ends in, which is checked first, unless it has non-ASCII letters."""
COLON: Final = re.compile(r"[:=\uff1a]")
# A label is a word and a colon in any language.
ANY_LABEL: Final = re.compile(
    r"(?:^|[ \t])[^\W\d][\w'.-]{1,30}(?:\([a-z]{1,3}\))?[ \t]?[:\uff1a][ \t]{0,4}[<\"'(\[]{0,3}$"
)
# If a pipe or a list failed, the address that led there is the one that we wrote to.
GENERATED: Final = re.compile(r"(?i)(?:generated|expanded|redirected|aliased) (?:from|by)\s*+(?:[:<(]\s*+)?$")
HEADING: Final = re.compile(
    r"(?i)(?:recipients?|address(?:es|ees?)?|users?|mailbox(?:es)?|persons?|destinat\w{1,12}+|empfänger\w{0,12}+|to)(?:\(e?s\))?\b"
    r"[^\n]{0,40}:\s*$"
)
# What precedes an address that is not what failed. Each ends in plain words, which are checked first.
NOT_THESE: Final = (
    r"mail[ _]?from", r"\bfrom", r"\bsender", r"(?:mail[ _]?from|\bfrom|\bsender) address", r"sent by", r"envelope-from",
    r"return-path", r"\bcc", r"message-?id", r"\bf", r"\bid", r"\bby", r"\bvia", r"\bat", r"\buse", r"\btry", r"contact",
    *(f"{verb}{by}to" for verb in ("reply", "write", "respond", "turn", "speak") for by in "- "), r"postmaster",
    r"help", r"assistance", r"support", r"e-?mail us", r"dear",
    r"hello", r"hi",
)  # fmt: skip
NOT_THIS: Final = re.compile(rf"(?i)(?:{'|'.join(NOT_THESE)})\b\s*+(?:(?:is|was)\s*+)?(?:[:=]\s*+)?[<\"'(\[]{{0,3}}$")
LAST_WORDS: Final = ("is", "was", *(re.findall("[a-z]+(?:[ -]to)?$", one.replace(r"\b", " "))[0] for one in NOT_THESE))
# Between two addresses of a list that has one label.
LISTED: Final = re.compile(r"[>\"')\]]{0,3}\s*[,;]\s*[<\"'(\[]{0,3}\Z")
SIGNATURE: Final = "-- "
"""Opens a signature (RFC 3676, section 4.3): addresses in it did not fail."""
CODE: Final = re.compile(r"(?:^|[^\d.])[45](?:\d\d[\s-]|\.\d\.\d)")
SAYS_ERROR: Final = re.compile(
    r"(?i)\b[45]\d\d[\s-]|\b[45]\.\d\.\d|unknown|not? (?:found|exist|such|known|longer)|(?:does|could)(?: not|n't)"
    r"|can(?:not|'t)"
    r"|fail|reject|refus|undeliver|full|quota|exceed|invalid|disabled|unavailable|unable|denied|inactive|error|loop|bounce"
    r"|unbekannt|inconnu|desconocid|sconosciut|存在"
)


@dataclass(slots=True)
class Mention:
    """What is said about one address."""

    address: str
    weight: int
    lines: list[int] = field(default_factory=list)


class Context(NamedTuple):
    """What is known before the text is read.

    `known` is the recipient that the caller names, `originals` those of the original, `ours` this mail's own addresses;
    `senders` are the addresses our letters are sent from, which are never what failed.
    """

    known: str = ""
    originals: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()


class Place(NamedTuple):
    """Where an address is: its line, the address, the same in lower case, and the weight of the place."""

    line: int
    address: str
    key: str
    weight: int


class Spoken(NamedTuple):
    """A notice by lines, and the places of its addresses: read once, for many recipients."""

    text: str
    lines: list[str]
    places: list[Place]
    by_key: dict[str, list[Place]]


def spoken(text: str, budget: Budget) -> Spoken:
    """Read a notice without any prior knowledge."""
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    budget.spend(len(text) + LINE_WORK * len(lines))
    places = _places(lines, budget) if "@" in text else []
    by_key: dict[str, list[Place]] = {}
    for place in places:
        by_key.setdefault(place.key, []).append(place)
    return Spoken(text, lines, places, by_key)


def _places(lines: list[str], budget: Budget) -> list[Place]:
    """List the places of the addresses in a notice, each weighed by its surroundings."""
    found: list[Place] = []
    above = -1
    headed = below = 0
    most = OPENS
    for number, line in enumerate(lines):
        if "@" in line:
            lead = lines[above][-60:].strip() if above >= 0 else ""
            for name, weight in _in_line(lines, number, lead, STANDS if headed else BESIDE if below else PASSING):
                if not budget.spend(ADDRESS_WORK):
                    return found
                found.append(Place(number, name, name.casefold(), min(weight, most)))
            above = number
            continue
        if line == SIGNATURE:
            most = PASSING
        bare = line.rstrip()
        if not bare:
            continue
        above = number
        if bare[-1] in ":\uff1a":
            headed, below = HEADED if HEADING.search(line[-100:]) else 0, HEADED
        elif below:
            headed, below = max(0, headed - 1), below - 1
    return found


def _in_line(lines: list[str], number: int, lead: str, least: int) -> Iterator[tuple[str, int]]:
    """Yield the addresses of a line with their weights; one mentioned in passing gets the line's weight, or `least`."""
    line = lines[number]
    weight, last, passing = PASSING, 0, 0
    for start, end, name in address.find(line):
        if not (last and LISTED.match(line, last, start)):
            weight = _weight(line, start, end, lead)
        if weight == PASSING:
            weight = passing = passing or _beside(line, lines[number + 1] if number + 1 < len(lines) else "") or least
        yield name, weight
        last = end


def _beside(line: str, below: str) -> int:
    """Weigh a line: by a code in it, or below it in a line without an address, or by words of failure; 0 for neither."""
    if CODE.search(line) or ("@" not in below and CODE.search(below)):
        return LED_TO
    return BESIDE if SAYS_ERROR.search(line) else 0


def mentions(words: Spoken, context: Context) -> list[Mention]:
    """List the addresses of a notice with the weight of their strongest mention, in order of appearance."""
    found: dict[str, Mention] = {}
    for place in words.places:
        _count(found, place, _known(place, context))
    if context.known.casefold() in found:
        return [found[context.known.casefold()]]
    return list(found.values())


def _known(place: Place, context: Context) -> int:
    """Weigh a mention by whose address it is: those of servers and senders are seldom what failed."""
    if address.OURSELVES.match(place.address):
        return place.weight - 3
    if place.key in context.originals:
        return min(max(place.weight + 1, STANDS), OPENS) if place.weight else 0
    return 0 if place.key in context.senders else place.weight - 1 if place.key in context.ours else place.weight


def _count(found: dict[str, Mention], place: Place, weight: int) -> None:
    """Note a mention; only the lines of the weightiest are kept."""
    if weight <= 0:
        return
    mention = found.setdefault(place.key, Mention(place.address, weight))
    if weight > mention.weight:
        mention.weight, mention.lines = weight, [place.line]
    elif weight == mention.weight:
        mention.lines.append(place.line)


def _weight(line: str, start: int, end: int, above: str) -> int:
    """Weigh one mention by what comes before and after it; if it opens a line, by the line above too."""
    before, after = line[max(0, start - 60) : start], line[end : end + 40]
    if before.endswith(("mailto:", "/", "@")) or after.startswith(("@", "/")) or "/" in line[start:end]:
        return 0
    if GENERATED.search(before):
        return OPENS
    lead = before if before.strip(" \t<\"'") else above + " "
    word = lead.rstrip("<\"'([").rstrip().rstrip(":=\uff1a;").rstrip().lower()
    # Words say that it is not what failed, or it is only a display name.
    if (word.endswith(LAST_WORDS) and NOT_THIS.search(lead)) or address.NAMES.match(after):
        return 0
    if start <= 60 and BEFORE_ALONE.match(before) and AFTER_ALONE.match(after):
        return OPENS
    labelled = word.endswith(LABEL_WORDS) or not word.isascii()
    if labelled and (label := LABEL.search(before)):
        return LED_TO if label["to"] and not COLON.search(label[0]) else STANDS
    return LABELLED if ANY_LABEL.search(before) else PASSING


def beside(words: Spoken) -> list[str]:
    """Return the enhanced codes of the lines that have addresses."""
    return [code for line in {place.line for place in words.places} for code in status.codes(words.lines[line])]


def only(words: Spoken, context: Context) -> list[Recipient]:
    """Return the only address that a notice mentions, even if only in passing."""
    found = mentions(words, context)
    return [_told(words.lines, found[0], set(found[0].lines), status.codes(words.text))] if len(found) == 1 else []


def strongest(found: list[Mention]) -> list[Mention]:
    """Keep the mentions of the greatest weight; in passing is not enough if there are many."""
    top = max((one.weight for one in found), default=0)
    best = [one for one in found if one.weight == top]
    return best if top >= BESIDE else []


def said(lines: list[str], mention: Mention, others: set[int]) -> str:
    """Return what is said about an address: its line and those below, up to a blank line or the next address."""
    told: list[str] = []
    for number in mention.lines[:3]:
        part = [lines[number].strip()]
        at = number + 1
        blank = 0
        while at < len(lines) and at not in others and len(part) < 12:
            line = lines[at].strip()
            if line:
                part.append(line)
            elif len(part) > 1 or blank:
                break
            else:
                blank += 1
            at += 1
        told += [line for line in part if line not in told]
    return " ".join(" ".join(told).split())[:MAX_DIAGNOSTIC]


def about(words: Spoken, one: str) -> Recipient | None:
    """Return what a notice says about one address; None if it does not name it."""
    found: dict[str, Mention] = {}
    for place in words.by_key.get(one.casefold(), ()):
        _count(found, place, _known(place, Context()))
    return next((_told(words.lines, mention, set(mention.lines), []) for mention in found.values()), None)


def recipients(words: Spoken, context: Context) -> list[Recipient]:
    """Read the recipients in a notice, each with the nearest status and words."""
    chosen = strongest(mentions(words, context))[:MAX_RECIPIENTS]
    starts = {number for one in chosen for number in one.lines}
    overall = status.codes(words.text) if len(chosen) == 1 else []
    return [_told(words.lines, one, starts, overall) for one in chosen]


def _told(lines: list[str], one: Mention, starts: set[int], overall: list[str]) -> Recipient:
    words = said(lines, one, starts)
    code = status.best(status.codes(words))
    if code is None or status.generic(code) or code[0] == "2":
        code = status.best(overall) or code
    return Recipient(address=one.address, status=code, diagnostic=words or None)
