"""`mxtrax receivetests` and `mxtrax receive`: one pass over inbox and statistics, and mail from elsewhere into the inbox.

Both have the deployed functions do it, so that mail and tests are judged by the same code, permissions and settings by
hand as by schedule, and this machine needs no right to write a table.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from itertools import batched
from typing import Annotated, Any, Final

import typer

from infra.cli import show
from infra.cli.frame import NO, AsJson, deployed
from infra.cli.inspect import mails
from infra.cli.target import Here
from mxtrax.aws import s3
from mxtrax.errors import MxtraxError
from mxtrax.model import DAY, MINUTE, SECOND, Millis
from mxtrax.rules import schedule
from mxtrax.store import fleet

HEADER_BYTES: Final = 65_536
PARALLEL: Final = 4
AHEAD: Final = 5 * MINUTE
"""How far another server's clock may be ahead of ours and still be believed."""

MBOX_LINE: Final = re.compile(rb"From \S+\s+([^\r\n]+)\r?\n")


@deployed
def receivetests(here: Here, *, as_json: AsJson = False) -> None:
    """Read the inbox and bring the statistics up to date, now, and tell what is to be told."""
    prefix, now = here.settings.inbox_prefix, here.now()
    waiting = [
        (each.key.removeprefix(prefix), min(each.at, now)) for each in s3.stored_mails(here.settings.bucket, prefix)
    ]
    outcomes = Counter(_received(here, waiting))
    folded = 0
    for shards in schedule.workers(fleet.count()):
        order = json.dumps({"shards": list(shards), "sweep": False})
        done = here.call("AggregateFunction", {"Records": [{"body": order}]})
        folded += sum(each["folded"] for each in done or ())
    if as_json:
        show.as_object({"mails": dict(outcomes), "folded": folded})
    else:
        show.pairs([("Mails in the inbox", f"{len(waiting):,}"), *_lines(outcomes), ("Tests counted", f"{folded:,}")])
    here.call("AlertFunction", {})
    if outcomes[FAILED]:
        raise typer.Exit(NO)


@deployed
def receive(
    here: Here,
    *,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="A mail, an mbox, a Maildir; - reads standard input.")
    ],
    as_json: AsJson = False,
) -> None:
    """Feed mail from elsewhere into the inbox, so that an existing mailbox can be where tests come back to.

    When a mail came in is taken from its topmost Received field, else from the mbox's From line, where that is plausible;
    else it is now. A mail that is fed twice counts once. What no test answers to goes to the unmatched mail.
    """
    outcomes, unread = Counter[str](), 0
    for source in files:
        try:
            for chunk in batched(mails(source), 64, strict=False):
                known = [(name, *_stored(here, raw)) for name, raw in chunk]
                said = list(_received(here, ((number, at) for _, number, at in known)))
                outcomes.update(said)
                for (name, _, at), outcome in zip(known, said, strict=True) if as_json else ():
                    show.as_object({"file": name, "received": at, "outcome": outcome})
        except OSError as error:
            unread += 1
            show.note(f"{source}: {error.strerror or error}")
    if not as_json:
        show.pairs([("Mails", f"{outcomes.total():,}"), *_lines(outcomes)])
    if unread or outcomes[FAILED]:
        raise typer.Exit(NO)


FAILED: Final = "Failed"
_WORDS: Final = {
    "MailReturned": "Tests that came back",
    "MailReturnedAsAutoReply": "Tests that came back as auto-replies",
    "MailBounced": "Bounces",
    "MailDelayed": "Notices of delay",
    "MailUnmatched": "Of no test (see `mxtrax unmatched`)",
    "MailAccountedForBefore": "Accounted for before",
    FAILED: "Failed; they stay in the inbox",
}


def _lines(outcomes: Counter[str]) -> Iterator[tuple[str, str]]:
    for outcome, number in outcomes.most_common():
        yield f"  {_WORDS.get(outcome, outcome)}", f"{number:,}"


def _stored(here: Here, raw: bytes) -> tuple[str, Millis]:
    """Put a mail into the inbox; give its id there, which is the same for the same mail, and when it came in."""
    now = here.now()
    at = came_in(raw, now, now - here.config.keep_days * DAY)
    if line := MBOX_LINE.match(raw):
        raw = raw[line.end() :]
    number = f"fed-{blake2b(raw, digest_size=16).hexdigest()}"
    key = here.settings.inbox_prefix + number
    here.client("s3").put_object(Bucket=here.settings.bucket, Key=key, Body=raw)
    return number, at


def came_in(raw: bytes, now: Millis, oldest: Millis) -> Millis:
    """Tell when a mail came in: by its topmost Received field, else its mbox line; now where neither is plausible."""
    line = MBOX_LINE.match(raw)
    head = BytesHeaderParser().parsebytes(raw[line.end() if line else 0 :][:HEADER_BYTES])
    stamps = [str(head.get("Received", "")).rpartition(";")[2], line[1].decode("ascii", "replace") if line else ""]
    for stamp in stamps:
        try:
            moment = parsedate_to_datetime(" ".join(stamp.split()))
            at = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * SECOND)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if oldest <= at <= now + AHEAD:
            return min(at, now)
    return now


def _received(here: Here, stored: Iterable[tuple[str, Millis]]) -> Iterator[str]:
    """Have the deployed function account for stored mails, and give what became of each."""
    recipient = here.config.sendinguser

    def account(each: tuple[str, Millis]) -> str:
        try:
            said = here.call("ReceiveFunction", {"Records": [{"ses": _record(*each, recipient)}]})
        except MxtraxError as error:
            show.note(str(error))
            return FAILED
        return str(said[0])

    here.client("lambda")  # Made before the threads need it: boto3 makes clients one at a time.
    with ThreadPoolExecutor(PARALLEL) as pool:
        yield from pool.map(account, stored)


def _record(number: str, at: Millis, recipient: str) -> dict[str, Any]:
    """Write SES's record of a mail in the inbox. It has no headers, so that the mail itself is read."""
    when = datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds")
    return {
        "mail": {"messageId": number, "timestamp": when, "headers": [], "headersTruncated": True},
        "receipt": {"timestamp": when, "recipients": [recipient]},
    }
