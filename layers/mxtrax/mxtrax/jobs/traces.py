"""What is kept of a returned mail's route: untrusted text, limited and stripped of control characters.

For a test on time, SES's own record gives the route. The mail itself is read only if people will want to know more: for
a bounce, and for a test that was not on time.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from mxtrax.model import Hop, Integrity, MessageTrace, Return
from mxtrax.rules.untrusted_text import harmless, line

MOST_HOPS: Final = 30
LONGEST_NAME: Final = 120
LONGEST_WORDING: Final = 300
LONGEST_HEAD: Final = 16_000
"""Most characters of a header block that are kept."""

HEAD_BYTES: Final = 65_536
BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n|\r\r")
METHODS: Final = ("spf", "dkim", "dmarc", "arc", "spam", "virus")
LONGEST_VERDICT: Final = 20


def of(found: Return, verdicts: Mapping[str, str] | None = None) -> MessageTrace:
    """Keep what was read from a mail. What our own server found goes first: nobody else can write there."""
    its = found.integrity
    return MessageTrace(
        hops=tuple(_hop(hop) for hop in (*found.original_hops, *found.hops)[:MOST_HOPS]),
        verdicts={**_verdicts(its.verdicts), **_verdicts(verdicts or {})},
        dkim_body=_body(its),
        subject_before=line(its.subject_before, LONGEST_WORDING),
        subject_after=line(its.subject_after, LONGEST_WORDING),
        footer=line(its.footer, LONGEST_WORDING),
    )


def whole(found: Return, raw: bytes, verdicts: Mapping[str, str] | None = None) -> MessageTrace:
    """Keep what was read from a mail, and its header block."""
    head = BLANK_LINE.split(raw[:HEAD_BYTES], maxsplit=1)[0].decode("utf-8", "replace")
    return replace(of(found, verdicts), headers=harmless(head)[:LONGEST_HEAD])


def _hop(it: Hop) -> Hop:
    return replace(it, from_=line(it.from_, LONGEST_NAME), by=line(it.by, LONGEST_NAME))


def _verdicts(given: Mapping[str, str]) -> dict[str, str]:
    words = {method: line(given.get(method, ""), LONGEST_VERDICT).lower() for method in METHODS}
    return {method: word for method, word in words.items() if word}


def _body(its: Integrity) -> str:
    """Say whether the body is as we sent it: the lowest signature is the first that was made, so it is ours."""
    intact = its.signatures[-1].body_intact if its.signatures else None
    return "" if intact is None else "intact" if intact else "changed"
