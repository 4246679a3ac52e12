"""Read what a server says in its own words: whom it could not reach, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from mxtrax.model import Recipient

from . import address, status
from .bounds import MAX_DIAGNOSTIC, MAX_LINE, MAX_RECIPIENTS

# The weight of a mention: an address that stands for the failed recipient, one beside an answer, one in passing.
STANDS: Final = 3
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
    r"(?i)(?:rcpt(?:[ _]to)?|recipients?|recipient address|failed recipient|error-for|addressee?|delivered to|undeliverable to"
    r"|deliver(?:ing|y)?(?: (?:your|the|a|this))?(?: (?:mail|message|e-?mail))?(?: (?:to|for))|destinataires?|empf\u00e4nger|destinatarios?"
    r"|\bto|\u5b9b\u5148|original-rcpt-to|unknown user|user unknown|no such user|unknown address|mailbox is full|mailbox)\s*[:=]?\s*[<\"'(\[]{0,3}(?:smtp:|rfc822;\s?)?$"
)
HEADING: Final = re.compile(
    r"(?i)(?:recipients?|address(?:es|ees?)?|users?|mailbox(?:es)?|persons?|destinat\w+|empf\u00e4nger\w*|to)(?:\(e?s\))?\b[^\n]{0,40}:\s*$"
)
NOT_THIS: Final = re.compile(
    r"(?i)(?:mail[ _]?from|\bfrom|\bsender|envelope-from|reply-to|return-path|contact|postmaster|help|assistance|support|e-?mail us|"
    r"cc|message-?id|\bF|\bid|\bby|dear|hello|hi)\b\s*(?:at|is|was)?\s*[:=]?\s*[<\"'(\[]{0,3}$"
)
SAYS_ERROR: Final = re.compile(
    r"(?i)\b[45]\d\d[\s-]|\b[45]\.\d\.\d|unknown|not? (?:found|exist|such)|does(?: not|n't)|fail|reject|refus|undeliver|full|quota|exceed|invalid"
    r"|disabled|unavailable|could(?: not|n't)|unable|can(?:not|'t)|denied|inactive|error|\u5b58\u5728|unbekannt|inconnu|desconocid"
)
GENTLE: Final = re.compile(r"\b[2-5]\d\d[ -]")


@dataclass(slots=True)
class Mention:
    """Gather what is said of one address."""

    address: str
    weight: int
    lines: list[int] = field(default_factory=list)


def mentions(
    lines: list[str], known: str = "", originals: Iterable[str] = (), ours: Iterable[str] = ()
) -> list[Mention]:
    """List the addresses of a notice with the weight of their strongest mention, in order of appearance.

    `known` is the recipient the caller names, `originals` whom the original went to, `ours` who is told by this mail.
    """
    found: dict[str, Mention] = {}
    told = {one.casefold() for one in ours}
    sent = {one.casefold() for one in originals}
    headed = 0
    for number, line in enumerate(lines):
        if "@" not in line:
            if line and line.rstrip().endswith(":") and HEADING.search(line[-100:]):
                headed = HEADED
            elif line.strip():
                headed = max(0, headed - 1)
            continue
        for start, end, name in address.find(line):
            key = name.casefold()
            weight = _weight(line, start, end)
            if headed and weight:
                weight = STANDS
            if address.OURSELVES.match(name):
                weight -= 2
            elif key in told and key not in sent:
                weight -= 1
            elif weight and key in sent:
                weight = min(weight + 1, STANDS)
            if weight <= 0:
                continue
            mention = found.setdefault(key, Mention(name, weight))
            if weight > mention.weight:
                mention.weight, mention.lines = weight, [number]
            elif weight == mention.weight:
                mention.lines.append(number)
    if known and known.casefold() in found:
        return [found[known.casefold()]]
    return list(found.values())


def _weight(line: str, start: int, end: int) -> int:
    """Weigh one mention by what stands before and behind it in its line."""
    before, after = line[max(0, start - 60) : start], line[end : end + 40]
    if NOT_THIS.search(before) or before.endswith(("mailto:", "/", "@")) or after.startswith(("@", "/")):
        return 0
    if BEFORE_ALONE.match(before if start <= 60 else "x" + before) and AFTER_ALONE.match(after):
        return STANDS
    if LABEL.search(before):
        return STANDS
    return BESIDE if SAYS_ERROR.search(line) else PASSING


def strongest(found: list[Mention]) -> list[Mention]:
    """Keep the mentions of the greatest weight; in passing is too little where there are many."""
    top = max((one.weight for one in found), default=0)
    best = [one for one in found if one.weight == top]
    return best if top >= BESIDE else []


def said(lines: list[str], mention: Mention, others: set[int]) -> str:
    """Return what is said of an address: its line and those below, up to a blank line or the next address."""
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


def recipients(text: str, known: str = "", originals: Iterable[str] = (), ours: Iterable[str] = ()) -> list[Recipient]:
    """Read the recipients a notice speaks of, each with the status and the words that stand nearest."""
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    chosen = strongest(mentions(lines, known, originals, ours))[:MAX_RECIPIENTS]
    starts = {number for one in chosen for number in one.lines}
    overall = status.codes(text) if len(chosen) == 1 else []
    return [_told(lines, one, starts, overall) for one in chosen]


def _told(lines: list[str], one: Mention, starts: set[int], overall: list[str]) -> Recipient:
    words = said(lines, one, starts)
    code = status.best(status.codes(words))
    if code is None or status.generic(code) or code[0] == "2":
        code = status.best(overall) or code
    return Recipient(address=one.address, status=code, diagnostic=words or None)


def about(text: str, one: str) -> Recipient | None:
    """Return what a notice says of one address; None where it does not name it."""
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    found = [mention for mention in mentions(lines, one) if address.same(mention.address, one)]
    return _told(lines, found[0], set(found[0].lines), []) if found else None
