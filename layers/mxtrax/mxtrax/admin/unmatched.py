"""Mail that was set aside, for people to look at: no test answers to it, or it could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mxtrax import mail
from mxtrax.inbox.aside import Letter, open_aside
from mxtrax.mail.fields import block, decoded
from mxtrax.mail.parts import lines_of
from mxtrax.model import Millis, Return
from mxtrax.rules.untrusted_text import harmless, line
from mxtrax.runtime.environment import Settings

MOST: Final = 1_000
"""Mails that are listed at most: the latest."""

TEXT_BYTES: Final = 100_000
LONGEST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A mail as a list shows it; `why` is what it was set aside for."""

    id: str
    at: Millis
    sender: str = ""
    subject: str = ""
    why: str = ""


def latest(settings: Settings, skip: int, limit: int) -> tuple[list[Listed], bool]:
    """List mails, the latest first, and tell whether there are more."""
    wanted = max(0, min(limit, MOST - skip))
    letters, more = open_aside(settings).latest(skip, wanted) if wanted else ([], False)
    return [_listed(each) for each in letters], more and skip + wanted < MOST


def show(settings: Settings, number: str) -> tuple[Return, str, int] | None:
    """Give what was read out of a mail, its source as text that controls nothing, and its size; None where it is gone."""
    raw = source(settings, number)
    if raw is None:
        return None
    return mail.read(raw), harmless(raw[:TEXT_BYTES].decode("utf-8", "replace")), len(raw)


def source(settings: Settings, number: str) -> bytes | None:
    """Give a mail as it came in; None where it is gone."""
    return open_aside(settings).read(number)


def is_there(settings: Settings, number: str) -> bool:
    """Tell whether there is such a mail."""
    return open_aside(settings).has(number)


def delete(settings: Settings, numbers: Iterable[str]) -> None:
    """Delete mails for good; those that are gone are gone already."""
    open_aside(settings).delete(numbers)


def _listed(letter: Letter) -> Listed:
    fields, _ = block(lines_of(letter.head))
    sender, subject = (line(decoded(fields.get(name)), LONGEST) for name in ("from", "subject"))
    return Listed(id=letter.id, at=letter.at, sender=sender, subject=subject, why=letter.why)
