"""The inbox in S3, into which SES stores each mail before it calls `receive`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from mxtrax.aws import s3
from mxtrax.frozen import dataclass
from mxtrax.inbox import keys
from mxtrax.inbox.arrival import Arrival
from mxtrax.model import MINUTE, SECOND, Millis

GRACE: Final = 10 * MINUTE
"""By then Lambda's own retries of `receive` are over."""

TRIES: Final = "mxtrax-tries"
FAILURES: Final = "mxtrax-failures"
"""The tags that count the sweeps' attempts. Mail that needs no sweep has none, so it costs nothing."""


@dataclass(frozen=True, slots=True)
class S3Inbox:
    """The objects under a prefix; the rest of an object's key is SES's id of the mail."""

    bucket: str
    prefix: str
    grace: Millis = GRACE

    @property
    def where(self) -> str:
        """Its URL."""
        return f"s3://{self.bucket}/{self.prefix}"

    def arrivals(self, until: Millis) -> Iterator[Arrival]:
        """List what was stored until then and is still here, by its key."""
        for stored in s3.stored_mails(self.bucket, self.prefix):
            if stored.at <= until:
                noted = s3.tags(self.bucket, stored.key)
                yield Arrival(
                    id=stored.key.removeprefix(self.prefix),
                    at=stored.at,
                    tries=int(noted.get(TRIES, 0)),
                    failures=int(noted.get(FAILURES, 0)),
                )

    def read(self, arrival: Arrival) -> bytes | None:
        """Read a mail; None if it is gone."""
        return s3.read_mail(self.bucket, self._key(arrival))

    def attempt(self, arrival: Arrival) -> None:
        """Record on the object that one more sweep reads it."""
        self._note(arrival, arrival.tries + 1, arrival.failures)

    def failed(self, arrival: Arrival) -> None:
        """Record on the object that this attempt has failed."""
        self._note(arrival, arrival.tries + 1, arrival.failures + 1)

    def done(self, arrival: Arrival) -> None:
        """Delete a mail that is accounted for."""
        s3.delete_mail(self.bucket, self._key(arrival))

    def set_aside(self, arrival: Arrival, why: str, most: int | None = None) -> bool:
        """Move a mail to where people look at it.

        Its name there is made from the object's own time, so twice is once.
        """
        key = self._key(arrival)
        stored = s3.stored(self.bucket, key)
        if stored is None:
            return False
        target, noted = keys.aside(arrival.id, stored.at), {keys.WHY: why}
        if most is not None and stored.size > most:
            return s3.move_head(self.bucket, key, target, noted, most)
        return s3.move_mail(self.bucket, key, target, noted)

    def _note(self, arrival: Arrival, tries: int, failures: int) -> None:
        s3.tag(self.bucket, self._key(arrival), {TRIES: str(tries), FAILURES: str(failures)})

    def _key(self, arrival: Arrival) -> str:
        return self.prefix + arrival.id


def arrival_of(record: Mapping[str, Any]) -> Arrival:
    """Read one inbound record of SES: what it calls `receive` with, once the mail is stored."""
    letter, receipt = record["mail"], record["receipt"]
    headers = tuple((header["name"], header["value"]) for header in letter.get("headers", ()))
    return Arrival(
        id=letter["messageId"],
        at=int(datetime.fromisoformat(receipt["timestamp"]).timestamp() * SECOND),
        headers=None if letter.get("headersTruncated") else headers,
        recipients=tuple(receipt.get("recipients", ())),
        verdicts={
            name.removesuffix("Verdict"): str(verdict.get("status", ""))
            for name, verdict in receipt.items()
            if name.endswith("Verdict") and isinstance(verdict, Mapping)
        },
    )
