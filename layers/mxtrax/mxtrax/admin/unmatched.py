"""Mail in the inbox that no test answers to, for people to look at."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from itertools import islice
from typing import Final

from mxtrax import mail
from mxtrax.aws import s3
from mxtrax.jobs.receive import UNMATCHED
from mxtrax.model import Millis, Return
from mxtrax.rules.untrusted_text import harmless, line
from mxtrax.runtime.environment import Settings

MOST: Final = 1_000
"""Mails that are listed at most: one call of S3's. The bucket forgets them after a month."""

HEAD_BYTES: Final = 16_384
TEXT_BYTES: Final = 100_000
LONGEST: Final = 300
PARALLEL: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as a list shows it."""

    id: str
    at: Millis
    sender: str = ""
    subject: str = ""


def latest(settings: Settings, skip: int, limit: int) -> tuple[list[Letter], bool]:
    """List mails, the latest first, and tell whether there are more."""
    found = islice(s3.stored_mails(settings.bucket, UNMATCHED), MOST)
    stored = sorted(found, key=lambda each: (each.at, each.key), reverse=True)
    with ThreadPoolExecutor(PARALLEL) as pool:
        letters = list(pool.map(lambda each: _letter(settings, each), stored[skip : skip + limit]))
    return letters, len(stored) > skip + limit


def show(settings: Settings, number: str) -> tuple[Return, str, int] | None:
    """Give what was read out of a mail, its source as text that controls nothing, and its size; None where it is gone."""
    raw = s3.read_mail(settings.bucket, UNMATCHED + number)
    if raw is None:
        return None
    return mail.read(raw), harmless(raw[:TEXT_BYTES].decode("utf-8", "replace")), len(raw)


def delete(settings: Settings, numbers: Iterable[str]) -> None:
    """Delete mails for good; those that are gone are gone already."""
    for number in numbers:
        s3.delete_mail(settings.bucket, UNMATCHED + number)


def _letter(settings: Settings, stored: s3.Stored) -> Letter:
    head = BytesHeaderParser().parsebytes(s3.read_head(settings.bucket, stored.key, HEAD_BYTES))
    sender, subject = (_decoded(str(head.get(name, ""))) for name in ("From", "Subject"))
    return Letter(id=stored.key.removeprefix(UNMATCHED), at=stored.at, sender=sender, subject=subject)


def _decoded(text: str) -> str:
    with suppress(ValueError, LookupError):  # An encoding that nobody knows is shown as it came.
        text = str(make_header(decode_header(text)))
    return line(text, LONGEST)
