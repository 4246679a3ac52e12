"""What an alert mail says, before anybody is named who gets it."""

from mxtrax.frozen import dataclass
from mxtrax.model import Millis

type Attachment = tuple[str, str, bytes]
"""File name, content type, content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The conversation that a mail belongs to: the ids of its incidents, the eldest first, when that opened, its topic."""

    roots: tuple[str, ...]
    opened: Millis
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Subject, the same in text and in HTML, and what is attached."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    thread: Thread | None = None
