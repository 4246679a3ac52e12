"""Find the mail that a return is about: its header block hides in many places."""

import re
from dataclasses import dataclass
from typing import Final

from .bounds import MAX_NOTICE
from .fields import Fields, block
from .parts import ENCLOSED, HEADERS_ONLY, Mail, Part

START: Final = re.compile(
    r"(?im)^(?P<quote>[>|*# \t]{0,12})(?:Received|Return-Path|Message-ID|From|To|Cc|Subject|Date|Sender|Reply-To|MIME-Version"
    r"|DKIM-Signature|DomainKey-Signature|Delivered-To|Authentication-Results|Content-Type|X-[\w-]{2,40})[ \t]*:"
)
WEIGHT: Final = {
    "received": 2, "message-id": 2, "subject": 2, "dkim-signature": 2, "from": 1, "to": 1, "date": 1, "mime-version": 1,
    "return-path": 1, "reply-to": 1, "content-type": 1, "x-mxtrax-test-id": 2,
}  # fmt: skip
ENOUGH: Final = 4
QUOTED_BLOCK: Final = 16_384
EMPTY: Final = Fields(())


@dataclass(frozen=True, slots=True)
class Found:
    """Say what was found: the original's fields, and the wording in front of (and, second choice, behind) them."""

    fields: Fields
    notice: str
    after: str = ""


def look(mail: Mail) -> Found:
    """Find the original's header block and the server's own words.

    By the standard the original is a part of its own (RFC 3462; RFC 6522, section 3). Where it is not, a run of header fields
    within the text is it, however it is quoted or encoded.
    """
    notice: list[str] = []
    behind: list[str] = []
    size = 0
    attached = EMPTY
    inline = EMPTY
    for part in mail.parts:
        if part.inside or part.mime in HEADERS_ONLY or part.mime in ENCLOSED:
            attached = attached if _tells(attached) else _attached(part, attached)
            continue
        if not _wording(part) or size > MAX_NOTICE:
            continue
        text = part.text
        fields, before, after = inside(text)
        if fields is not EMPTY and not _tells(inline):
            inline = fields
        if part.mime != "text/html" or not any(word.strip() for word in notice):
            notice.append(before[:MAX_NOTICE])
        behind.append(after)
        size += len(before)
    return Found(attached if len(attached) else inline, "\n".join(notice)[:MAX_NOTICE], "\n".join(behind)[:MAX_NOTICE])


def _wording(part: Part) -> bool:
    return part.mime.startswith(("text/", "message/")) and part.mime not in (
        "message/delivery-status",
        "message/feedback-report",
    )


def _tells(fields: Fields) -> bool:
    return "subject" in fields or "message-id" in fields


def _attached(part: Part, before: Fields) -> Fields:
    """Read the block of an attached mail. A part of headers only may hold them quoted, encoded or after some junk."""
    if part.inside and (_tells(part.fields) or "received" in part.fields):
        return part.fields
    text = part.text.lstrip()
    fields, _ = block(text)
    if not _tells(fields):
        fields = inside(text)[0]
    return fields if len(fields) > len(before) else before


def inside(text: str) -> tuple[Fields, str, str]:
    """Find a header block within a text; return it, the text before it and the text after it.

    A run of fields without Received or Message-ID may be a summary in the middle of the server's words: only the run is cut out.
    """
    done = 0
    for start in START.finditer(text):
        if start.start() < done:
            continue
        quote = start["quote"]
        if quote:
            width = len(quote)
            lines = text[start.start() : start.start() + QUOTED_BLOCK].split("\n")
            lead = quote.rstrip()
            unquoted = "\n".join(
                x[width:] if x.startswith(quote) else x[len(lead) :] if lead and x.startswith(lead) else x
                for x in lines
            )
            fields, length = block(unquoted)
            end = start.start() + length + width * len(fields)
        else:
            fields, end = block(text, start.start())
        done = max(end, start.end())
        names = fields.first
        if sum(weight for name, weight in WEIGHT.items() if name in names) < ENOUGH or not _any(names):
            continue
        if "received" in names or "message-id" in names:
            return fields, text[: start.start()], text[done:]
        return fields, text[: start.start()] + "\n\n" + text[done:], ""
    return EMPTY, text, ""


def _any(names: dict[str, str]) -> bool:
    return "subject" in names or "message-id" in names or "received" in names
