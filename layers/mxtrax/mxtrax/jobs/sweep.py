"""Account for what receive has missed, one mail at a time, while there is time.

A mail that stays in the inbox longer than its grace period was missed, or could not be processed. A mail that kills the
sweep that reads it (too slow, too large) cannot be marked afterwards, so each attempt is recorded on the mail before it
is read. Mails that no sweep has tried go first; those that have failed come last, and those that have killed a sweep
wait longer each time, until they are set aside. So a hostile mail kills a few sweeps at most, and takes no other mail's
turn. Any other failure may be our own fault: every sweep retries that for a day.
"""

from collections.abc import Callable, Iterator
from typing import Final

from mxtrax.errors import TryAgain
from mxtrax.inbox import Arrival, Inbox, open_inbox
from mxtrax.jobs import receive
from mxtrax.model import DAY, Millis
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import runtime

MOST_SWEEPS_ENDED: Final = 6
"""Sweeps that a mail may kill. With the waits in between that is nearly three hours: hanging calls are over by then."""

GIVEN_UP_AFTER: Final = DAY
"""How long a mail that fails is retried; by then its test has usually failed for good."""


def run(now: Millis, settings: Settings, has_time: Callable[[], bool]) -> dict[str, int]:
    """Account for what was left in the inbox, and give the number of mails; the next run continues."""
    inbox = open_inbox(settings)
    swept = failed = 0
    for arrival in _missed(inbox, now):
        if not has_time():
            logger.warning("time ran out; the next sweep goes on")
            count("SweepOutOfTime")
            break
        if _accounted_for(arrival, inbox, now):
            swept += 1
        else:
            failed += 1
    runtime.heartbeat("sweep", now)
    count("MailsSwept", swept)
    count("SweepsFailed", failed)
    return {"swept": swept, "failed": failed}


def _missed(inbox: Inbox, now: Millis) -> Iterator[Arrival]:
    """Give the missed mails: first those that were never tried, then those that have failed, fewest failures first."""
    again = []
    for arrival in inbox.arrivals(now - inbox.grace):
        if not arrival.tries:
            yield arrival
        elif _may_be_tried(arrival, inbox, now):
            again.append(arrival)
    yield from sorted(again, key=lambda arrival: (arrival.sweeps_ended, arrival.tries, arrival.at))


def _may_be_tried(arrival: Arrival, inbox: Inbox, now: Millis) -> bool:
    """Let a mail that has killed a sweep wait twice as long each time; one that will be set aside waits no longer."""
    ended = arrival.sweeps_ended
    return not 0 < ended < MOST_SWEEPS_ENDED or now - arrival.at >= inbox.grace << ended - 1


def _accounted_for(arrival: Arrival, inbox: Inbox, now: Millis) -> bool:
    """Account for one mail; False if it stays. One bad mail does not stop the next."""
    if arrival.sweeps_ended >= MOST_SWEEPS_ENDED:
        receive.give_up(arrival, inbox)
        return True
    inbox.attempt(arrival)
    try:
        receive.account_for(arrival, inbox, now)
    except TryAgain as later:
        logger.warning("a mail stays in the inbox", mail=arrival.id, reason=str(later))
    except Exception:  # noqa: BLE001 -- whatever it was, the mails behind this one are to have their turn
        logger.exception("a mail could not be accounted for", mail=arrival.id, tries=arrival.tries + 1)
    else:
        return True
    if now - arrival.at >= GIVEN_UP_AFTER:
        receive.give_up(arrival, inbox)
        return True
    inbox.failed(arrival)
    return False
