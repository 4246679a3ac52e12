"""How long a test's ids are secret, and how they are kept out of what people read.

Anybody who knows the id of a test that is still out can write a mail that counts as its return, or as its bounce.
"""

import re
from typing import Final

from mxtrax.model import SECOND, MailTest, Millis, Verdict
from mxtrax.rules.verdict import classify

INSTEAD: Final = "\N{HORIZONTAL ELLIPSIS}"

ANY: Final = re.compile(
    r"(?i)[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-z-]{20,100}(?=@[a-z0-9.-]{0,40}amazonses)"
)
"""Anything that may be a test's id, or SES's own id of its mail."""


def is_out(test: MailTest, now: Millis) -> bool:
    """Say whether a mail that names this test could still change its result.

    A test that counts as unsent may have gone out after all, and its return would show that.
    """
    if test.receivetime is not None:
        return False
    verdict = classify(test, now)
    if verdict is Verdict.UNSENT:
        return now - test.sendtime <= max(test.maxreturntime, test.max_sec_until_fail) * SECOND
    return not verdict.final


def without(text: str, *ids: str) -> str:
    """Remove ids from a server's words: many servers quote the Message-ID that they accepted, or an address."""
    for one in filter(None, ids):
        text = re.sub(re.escape(one), INSTEAD, text, flags=re.IGNORECASE)
    return text


def without_any(text: str) -> str:
    """Remove anything that may be an id of ours from a stranger's words, without checking whether it is one."""
    return ANY.sub(INSTEAD, text)
