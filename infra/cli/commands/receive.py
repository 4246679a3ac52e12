"""`mxtrax receive`: mail from elsewhere into the inbox."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.parser import BytesHeaderParser
from hashlib import blake2b
from itertools import batched
from typing import Annotated, Final

import typer

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.mail_files import mails
from infra.cli.receive_function import FAILED, account_for, lines
from infra.cli.target import Here
from mxtrax.mail.compose import TEST_ID_FIELD
from mxtrax.mail.dates import moment
from mxtrax.model import DAY, MINUTE, Millis

HEADER_BYTES: Final = 65_536
AHEAD: Final = 5 * MINUTE
"""How far another server's clock may be ahead of ours and still be believed."""

MBOX_LINE: Final = re.compile(rb"From \S+\s+([^\r\n]+)\r?\n")


@deployed
def receive(
    here: Here,
    *,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="A mail, an mbox, a Maildir; - reads standard input.")
    ],
    as_json: AsJson = False,
) -> None:
    """Feed mail from elsewhere into the inbox, so that tests can come back to a mailbox that you already have.

    A mail's time is that of its topmost Received field, or else of the mbox's From line, if that is plausible; otherwise it
    is now, and the command says so. A test does not come back before it was sent. A mail that is fed twice counts once. Mail
    that belongs to no test is kept as unmatched.
    """
    outcomes, unread = Counter[str](), 0
    for source in files:
        try:
            for chunk in batched(_without_empty(mails(source)), 64, strict=False):
                known = [(name, *_stored(here, name, raw)) for name, raw in chunk]
                said = list(account_for(here, ((number, at) for _, number, at in known)))
                outcomes.update(said)
                for (name, _, at), outcome in zip(known, said, strict=True) if as_json else ():
                    show.as_object({"file": name, "received": at, "outcome": outcome})
        except OSError as error:
            unread += 1
            show.note(f"{source}: {error.strerror or error}")
    if not as_json:
        show.pairs([("Mails", f"{outcomes.total():,}"), *lines(outcomes)])
    if unread or outcomes[FAILED]:
        raise typer.Exit(NO)


def _without_empty(found: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Leave out what is not a mail, and say so: an export of an empty folder, or nothing on standard input."""
    for name, raw in found:
        if raw.strip():
            yield name, raw
        else:
            show.note(f"{name} is empty.")


def _stored(here: Here, name: str, raw: bytes) -> tuple[str, Millis]:
    """Put a mail into the inbox; give its id there, which is the same for the same mail, and when it was received."""
    now = here.now()
    at = came_in(raw, now, now - here.config.keep_days * DAY)
    if at is None:
        show.note(f"{name}: neither its Received field nor an mbox line gives a plausible time; using now.")
        at = now
    if line := MBOX_LINE.match(raw):
        raw = raw[line.end() :]
    # Programs that fetch mail use different line ends; it is the same mail.
    number = f"fed-{blake2b(raw.replace(b'\r\n', b'\n').rstrip(), digest_size=16).hexdigest()}"
    key = here.settings.inbox_prefix + number
    here.client("s3").put_object(Bucket=here.settings.bucket, Key=key, Body=raw)
    return number, at


def came_in(raw: bytes, now: Millis, oldest: Millis) -> Millis | None:
    """Give when a mail was received: by its topmost Received field, else its mbox line; None if neither is plausible."""
    line = MBOX_LINE.match(raw)
    head = BytesHeaderParser().parsebytes(raw[line.end() if line else 0 :][:HEADER_BYTES])
    topmost = " ".join(str(head.get("Received", "")).rpartition(";")[2].split())
    if TEST_ID_FIELD in head and (sent := moment(str(head.get("Date", "")))) is not None and sent <= now + AHEAD:
        oldest = max(oldest, sent - AHEAD)  # A letter of ours does not come back before it was sent.
    of_mbox = line[1].decode("ascii", "replace") if line else ""
    for at in (moment(topmost), moment(of_mbox, zoneless=True)):  # in RFC 4155, the time of a From line is UTC
        if at is not None and oldest <= at <= now + AHEAD:
            return min(at, now)
    return None
