"""Mail that was set aside, for people to look at; the bucket's lifecycle ends it after a month."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mxtrax.aws import s3
from mxtrax.model import SECOND, Millis

PREFIX: Final = "unmatched/"
WHY: Final = "why"
"""What of an object's metadata says why it is here."""

HEAD_BYTES: Final = 16_384
PARALLEL: Final = 16

_NAME: Final = re.compile(r"(\d{10})-.+", re.DOTALL)
_END_OF_TIME: Final = 9_999_999_999
"""Seconds from which those of a mail are taken, so that S3, which lists by key, lists the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was set aside: its id here, when it came in, why it is here, and its first bytes."""

    id: str
    at: Millis
    why: str
    head: bytes


@dataclass(frozen=True, slots=True)
class Aside:
    """The mails of one bucket that were set aside."""

    bucket: str

    def latest(self, skip: int, limit: int) -> tuple[list[Letter], bool]:
        """List mails, the latest first, and tell whether there are more. What lies before them costs a call a thousand."""
        end = skip + limit
        found = list(islice(s3.stored_mails(self.bucket, PREFIX, end + 1), skip, end + 1))
        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(self._letter, found[:limit])), len(found) > limit

    def read(self, number: str) -> bytes | None:
        """Read a mail; None where it is gone."""
        return s3.read_mail(self.bucket, PREFIX + number)

    def has(self, number: str) -> bool:
        """Tell whether a mail is here."""
        return s3.stored_at(self.bucket, PREFIX + number) is not None

    def delete(self, numbers: Iterable[str]) -> None:
        """Delete mails for good; those that are gone are gone already."""
        for number in numbers:
            s3.delete_mail(self.bucket, PREFIX + number)

    def _letter(self, stored: s3.Stored) -> Letter:
        number = stored.key.removeprefix(PREFIX)
        head, said = s3.read_head(self.bucket, stored.key, HEAD_BYTES)
        return Letter(id=number, at=_came_in(number) or stored.at, why=said.get(WHY, ""), head=head)


def key_of(number: str, at: Millis) -> str:
    """Give the key for a mail that came in then."""
    return f"{PREFIX}{_END_OF_TIME - at // SECOND:010}-{number}"


def _came_in(number: str) -> Millis | None:
    """Give when a mail came in; None for an object that somebody has put here by hand."""
    named = _NAME.fullmatch(number)
    return (_END_OF_TIME - int(named[1])) * SECOND if named else None
