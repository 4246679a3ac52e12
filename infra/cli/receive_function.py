"""The deployed `receive` function, with which commands account for mails in the inbox.

Mail that is fed by hand is processed with the same code, permissions and settings as any other, and this machine needs
no permission to write tables.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from infra.cli import show
from infra.cli.target import Here
from mxtrax.errors import MxtraxError
from mxtrax.model import SECOND, Millis

PARALLEL: Final = 4

FAILED: Final = "Failed"
_WORDS: Final = {
    "MailReturned": "Tests returned",
    "MailReturnedAsAutoReply": "Tests returned as automatic replies",
    "MailBounced": "Bounces",
    "MailDelayed": "Delay notices",
    "MailUnmatched": "Belong to no test (see `mxtrax unmatched list`)",
    "MailUnmatchedCapped": "Of no test, deleted: too many in an hour",
    "MailAccountedForBefore": "Already counted",
    "CopyDropped": "Copies of tests that have a final verdict",
    FAILED: "Failed; still in the inbox",
}


def lines(outcomes: Counter[str]) -> Iterator[tuple[str, str]]:
    """Word how many mails had which outcome, the most frequent first."""
    for outcome, number in outcomes.most_common():
        yield f"  {_WORDS.get(outcome, outcome)}", f"{number:,}"


def account_for(here: Here, stored: Iterable[tuple[str, Millis]]) -> Iterator[str]:
    """Have the deployed function account for stored mails, and give each one's outcome."""
    recipient = here.config.sendinguser

    def account(each: tuple[str, Millis]) -> str:
        try:
            said = here.call("ReceiveFunction", {"Records": [{"ses": _record(*each, recipient)}]})
        except MxtraxError as error:
            show.note(str(error))
            return FAILED
        return str(said[0])

    here.client("lambda")  # Created before the threads need it: boto3 creates clients one at a time.
    with ThreadPoolExecutor(PARALLEL) as pool:
        yield from pool.map(account, stored)


def _record(number: str, at: Millis, recipient: str) -> dict[str, Any]:
    """Write an SES record for a mail in the inbox. It has no headers, so that the mail itself is read."""
    when = datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds")
    return {
        "mail": {"messageId": number, "timestamp": when, "headers": [], "headersTruncated": True},
        "receipt": {"timestamp": when, "recipients": [recipient]},
    }
