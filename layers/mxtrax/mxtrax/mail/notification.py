"""Read SES's own notifications (JSON by SNS) that were forwarded by mail."""

import re
from typing import Final

from mxtrax.model import Recipient

from . import status, tokens
from .bounds import MAX_DIAGNOSTIC, MAX_RECIPIENTS

MARK: Final = re.compile(r'"(?:notification|event)Type\\?"')
COMPLAINT: Final = "complainedRecipients"
ACTION: Final = {"bouncedRecipients": "failed", "delayedRecipients": "delayed"}
LIST: Final = re.compile(r'"(bouncedRecipients|delayedRecipients|complainedRecipients)"\s*:\s*\[([^\]]{0,20000})')
PAIR: Final = re.compile(
    r'"(emailAddress|action|status|diagnosticCode)"\s*:\s*"([^"\\]{0,2000}(?:\\.[^"\\]{0,2000}){0,50})"'
)


HEADER: Final = re.compile(
    r'(?i)"name"\s{0,9}:\s{0,9}"(?:subject|x-mxtrax-test-id|reply-to)"\s{0,9},\s{0,9}"value"\s{0,9}:\s{0,9}"([^"]{36,300})"'
    r'|"subject"\s{0,9}:\s{0,9}"([^"]{36,300})"'
)


def ids(text: str) -> list[str]:
    """Return the test ids in a notification's copy of the original's headers."""
    if not text:
        return []
    return [one for found in HEADER.finditer(text) for one in tokens.anywhere(found[1] or found[2])]


def unwrapped(text: str) -> str:
    """Return SES's own JSON: SNS encloses it as a string, with its quotes escaped."""
    return text.replace('\\"', '"').replace("\\\\", "\\") if 'Type\\"' in text else text


def named(text: str) -> list[Recipient]:
    """Return a notification's recipients; the fields of an entry come in any order, with the address first or last."""
    found: list[Recipient] = []
    for which, listed in LIST.findall(text)[:MAX_RECIPIENTS]:
        for entry in listed.split("}")[:MAX_RECIPIENTS]:
            told = dict(PAIR.findall(entry))
            if "emailAddress" in told:
                words = " ".join(told.get("diagnosticCode", "").replace("\\n", " ").partition(";")[2].split())[
                    :MAX_DIAGNOSTIC
                ]
                found.append(
                    Recipient(
                        address=told["emailAddress"],
                        action=told.get("action") or ACTION.get(which),
                        status=status.best(status.codes(told.get("status", ""))) or status.best(status.codes(words)),
                        diagnostic=words or None,
                    )
                )
    return found
