"""Say for how long a test's ids are secret, and keep them out of what people read.

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
"""What may be the id of a test, or SES's own id of its mail."""


def is_out(test: MailTest, now: Millis) -> bool:
    """Tell whether a mail that names this test could still change its result.

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
    """Remove from a stranger's words whatever may be an id of ours, without checking whether it is one."""
    return ANY.sub(INSTEAD, text)
