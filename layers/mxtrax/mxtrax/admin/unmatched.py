"""Mail that was set aside for people to look at: it belongs to no test, or could not be read."""

import re
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Missing
from mxtrax.frozen import dataclass
from mxtrax.inbox import Letter
from mxtrax.inbox.aside import open_aside
from mxtrax.model import Millis, Return
from mxtrax.rules.should_be import shown
from mxtrax.rules.untrusted_text import harmless, line
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit

MOST: Final = 1_000
"""Mails that are listed at most: the latest."""

TEXT_BYTES: Final = 100_000
LONGEST: Final = 300

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
"""What a mail can be called here. Anything else leads out of the folder, or to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A mail as a list shows it; `why` is what it was set aside for."""

    id: str
    at: Millis
    sender: str = ""
    subject: str = ""
    why: str = ""


def latest(settings: Settings, skip: int, limit: int) -> tuple[list[Listed], bool]:
    """List mails, the latest first, and say whether there are more."""
    wanted = max(0, min(limit, MOST - skip))
    letters, more = open_aside(settings).latest(skip, wanted) if wanted else ([], False)
    return [_listed(each) for each in letters], more and skip + wanted < MOST


def show(settings: Settings, number: str) -> tuple[Return, str, int]:
    """Give what was read out of a mail, its source as text that controls nothing, and its size."""
    from mxtrax import mail  # noqa: PLC0415 -- the reader takes a tenth of the API's start, and this is seldom asked for

    raw = source(settings, number)
    return mail.read(raw), harmless(raw[:TEXT_BYTES].decode("utf-8", "replace")), len(raw)


def source(settings: Settings, number: str) -> bytes:
    """Give a mail as it came in."""
    raw = open_aside(settings).read(number) if _ID.fullmatch(number) else None
    if raw is None:
        raise _missing(number)
    return raw


def check_there(settings: Settings, number: str) -> None:
    """Refuse an id that no such mail can have."""
    if not _ID.fullmatch(number) or not open_aside(settings).has(number):
        raise _missing(number)


def delete(actor: Actor, now: Millis, settings: Settings, number: str) -> None:
    """Delete a mail permanently."""
    check_there(settings, number)
    audit.note(entry(actor, now, "unmatched.remove", f"unmatched {number}", before={"id": number}))
    open_aside(settings).delete([number])


def _missing(number: str) -> Missing:
    return Missing("mail", f"There is no unmatched mail {shown(number)}.")


def _listed(letter: Letter) -> Listed:
    from mxtrax.mail.fields import block, decoded  # noqa: PLC0415 -- as above
    from mxtrax.mail.parts import lines_of  # noqa: PLC0415

    fields, _ = block(lines_of(letter.head))
    sender, subject = (line(decoded(fields[name]), LONGEST) for name in ("from", "subject"))
    return Listed(id=letter.id, at=letter.at, sender=sender, subject=subject, why=letter.why)
