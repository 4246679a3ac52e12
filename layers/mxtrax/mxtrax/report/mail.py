"""What an alert mail says, before anybody is named who gets it."""

from dataclasses import dataclass

type Attachment = tuple[str, str, bytes]
"""File name, content type, content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Subject, the same in text and in HTML, and what is attached."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
