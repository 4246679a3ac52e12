"""Find the mail that a return is about: its header block may be in many places."""

import re
from functools import cached_property
from typing import Final

from .bounds import FIELD_WORK, LINE_WORK, MAX_NOTICE
from .budget import Budget
from .fields import FIELD, MAX_STRAYS, OPEN, Fields, block
from .parts import ENCLOSED, HEADERS_ONLY, Mail, Part

START: Final = re.compile(
    r"\n(?P<quote>[>|*# \t]{0,12}+)(?=[A-Za-z][\w-]{1,40}[ \t]*:)"
    r"(?i:Received|Return-Path|Message-ID|From|To|Cc|Subject|Date|Sender|Reply-To"
    r"|MIME-Version|DKIM-Signature|DomainKey-Signature|Delivered-To|Authentication-Results|Content-Type|X-[\w-]{2,40})"
    r"[ \t]*:"
)
# The line that says that the original follows, in case its header does not.
FOLLOWS: Final = re.compile(
    r"(?i)\n[ \t|]*+[-=_*+#]{2,}+[^\n]{0,40}\b(?:copy of (?:the|your) (?:original )?(?:message|mail)"
    r"|(?:original|unsent|returned|undelivered) (?:message|mail)|(?:message|mail) (?:text |body |headers? )?follows)[^\n]*"
)
WEIGHT: Final = {
    "received": 2, "message-id": 2, "subject": 2, "dkim-signature": 2, "from": 1, "to": 1, "date": 1, "mime-version": 1,
    "return-path": 1, "reply-to": 1, "content-type": 1, "x-mxtrax-test-id": 2,
}  # fmt: skip
ENOUGH: Final = 3
MAX_RUNS: Final = 8
QUOTED_BLOCK: Final = 16_384
EMPTY: Final = Fields([])


class Found:
    """The original's header block and the server's own words, each found on first use.

    By the standard, the original is a part of its own (RFC 6522, section 3). If it is not, look for a run of header
    fields within the text, however it is quoted or encoded.
    """

    def __init__(self, mail: Mail, budget: Budget) -> None:
        self._mail = mail
        self._budget = budget

    @cached_property
    def fields(self) -> Fields:
        """The original's fields."""
        attached = EMPTY
        for part in self._mail.parts:
            # The enclosed mail may be a report itself, forwarded by a gateway: then the original is within that.
            if _encloses(part) and (not _tells(attached) or "multipart/report" in attached["content-type"]):
                attached = _attached(part, attached, self._budget)
        return attached or self._words[0]

    @property
    def notice(self) -> str:
        """The text before the original."""
        return self._words[1]

    @property
    def after(self) -> str:
        """The text after the original, a second choice."""
        return self._words[2]

    @cached_property
    def _words(self) -> tuple[Fields, str, str]:
        notice: list[str] = []
        behind: list[str] = []
        size = 0
        inline = EMPTY
        for part in self._mail.parts:
            if _encloses(part) or not _wording(part) or size > MAX_NOTICE:
                continue
            fields, before, after = inside(part.text, self._budget)
            if fields is not EMPTY and not _tells(inline):
                inline = fields
            if part.mime != "text/html" or not any(word.strip() for word in notice):
                notice.append(before[:MAX_NOTICE])
            behind.append(after)
            size += len(before)
        return inline, "\n".join(notice)[:MAX_NOTICE], "\n".join(behind)[:MAX_NOTICE]


def _encloses(part: Part) -> bool:
    return part.inside or part.mime in HEADERS_ONLY or part.mime in ENCLOSED


def _wording(part: Part) -> bool:
    return part.mime.startswith(("text/", "message/")) and part.mime not in (
        "message/delivery-status",
        "message/feedback-report",
    )


def _tells(fields: Fields) -> bool:
    return "subject" in fields or "message-id" in fields


def _attached(part: Part, before: Fields, budget: Budget) -> Fields:
    """Read the header block of an attached mail. A headers-only part may have them quoted, encoded or after some junk."""
    if part.inside and (_tells(part.fields) or "received" in part.fields):
        return part.fields
    text = part.text.lstrip()
    fields, _ = block(text)
    if not _tells(fields):
        fields = inside(text, budget)[0]
    return fields if _tells(fields) or len(fields.pairs) > len(before.pairs) else before


def inside(text: str, budget: Budget) -> tuple[Fields, str, str]:
    """Find a header block within a text; return it, the text before it and the text after it.

    There may be several: the server's summary of the original, then the original itself. The fullest one is taken;
    others are cut out of the text before it, because an address in them is not something the server says.
    """
    runs = _runs(text, budget)
    if not runs:
        line = FOLLOWS.search(text)
        return (EMPTY, text[: line.start()], text[line.end() :]) if line else (EMPTY, text, "")
    best = max(reversed(runs), key=lambda run: run[0])
    kept: list[str] = []
    at = 0
    for _, start, end, _ in runs[: runs.index(best)]:
        kept.append(text[at:start])
        at = end
    kept.append(text[at : best[1]])
    return best[3], "\n\n".join(kept), text[best[2] :]


def _runs(text: str, budget: Budget) -> list[tuple[int, int, int, Fields]]:
    """List the runs of header fields in a text that are complete enough to be a mail's: weight, start, end, fields."""
    runs: list[tuple[int, int, int, Fields]] = []
    done = 0
    # The pattern begins with a line end, so that the search skips from line to line; so must the text.
    lines = "\n" + text
    while (start := START.search(lines, done)) and budget.spend(LINE_WORK):
        at = start.start()
        fields, end = _quoted(text, at, start["quote"]) if start["quote"] else block(text, at)
        done = max(end, start.end() - 1)
        budget.spend(done - at + FIELD_WORK * len(fields.pairs))
        weight = sum(weight for name, weight in WEIGHT.items() if name in fields)
        if weight >= ENOUGH and ("subject" in fields or "message-id" in fields or "received" in fields):
            runs.append((weight, at, done, fields))
            if len(runs) >= MAX_RUNS:
                break
    return runs


def _quoted(text: str, at: int, quote: str) -> tuple[Fields, int]:
    """Read a block whose lines are quoted or indented; return it and where it ends in the text."""
    lead = quote.rstrip()
    plain: list[str] = []
    ends: list[int] = []
    start = at
    strays = 0
    # A block ends at an empty line or among lines that are not fields: nothing after that is read for it again.
    while start < len(text) and start - at < QUOTED_BLOCK and strays <= MAX_STRAYS:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text.startswith(quote, start):
            line = text[start + len(quote) : end]
        elif lead and text.startswith(lead, start):
            line = text[start + len(lead) : end]
        else:
            break
        start = end + 1
        ends.append(start)
        if not line:
            plain.append(line)
            break
        of_block = FIELD.match(line) or (not strays and line[0] in " \t") or (plain and _continues(plain[-1], line))
        strays = 0 if of_block else strays + 1
        plain.append(line)
    unquoted = "\n".join(plain)
    fields, length = block(unquoted)
    count = unquoted.count("\n", 0, length)
    return fields, ends[count - 1] if count else at


def _continues(before: str, line: str) -> bool:
    """Say whether a line is a parameter that belongs to the open field before it."""
    return before.rstrip().endswith(";") and OPEN.match(line) is not None
