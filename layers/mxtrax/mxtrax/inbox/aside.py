"""Mail that was set aside, for people to look at; the bucket's lifecycle ends it after a month."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from mxtrax.aws import s3
from mxtrax.frozen import dataclass
from mxtrax.inbox import keys
from mxtrax.inbox.arrival import Aside, Letter
from mxtrax.runtime.environment import Settings

HEAD_BYTES: Final = 16_384
PARALLEL: Final = 16


@dataclass(frozen=True, slots=True)
class S3Aside:
    """The mails of one bucket that were set aside."""

    bucket: str

    def latest(self, skip: int, limit: int) -> tuple[list[Letter], bool]:
        """List mails, the latest first, and say whether there are more.

        Skipping older keys costs a call per thousand.
        """
        end = skip + limit
        found = list(islice(s3.stored_mails(self.bucket, keys.ASIDE, end + 1), skip, end + 1))
        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(self._letter, found[:limit])), len(found) > limit

    def read(self, number: str) -> bytes | None:
        """Read a mail; None if it is gone."""
        return s3.read_mail(self.bucket, keys.ASIDE + number)

    def has(self, number: str) -> bool:
        """Say whether a mail is here."""
        return s3.stored(self.bucket, keys.ASIDE + number) is not None

    def delete(self, numbers: Iterable[str]) -> None:
        """Delete mails for good; it is no error if they are gone."""
        for number in numbers:
            s3.delete_mail(self.bucket, keys.ASIDE + number)

    def _letter(self, stored: s3.Stored) -> Letter:
        number = stored.key.removeprefix(keys.ASIDE)
        head, said = s3.read_head(self.bucket, stored.key, HEAD_BYTES)
        return Letter(id=number, at=keys.came_in(number) or stored.at, why=said.get(keys.WHY, ""), head=head)


def open_aside(settings: Settings) -> Aside:
    """Give the place of this deployment where mail is set aside."""
    return S3Aside(settings.bucket)
