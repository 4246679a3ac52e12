"""Account for mail that came in: find its test, record what it says, and delete it.

A mail stays in the inbox until it is accounted for, so if anything goes wrong before that, the sweep finds it again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from mxtrax import mail
from mxtrax.errors import TryAgain
from mxtrax.inbox import Arrival, Inbox, arrival_of, open_inbox
from mxtrax.jobs import traces
from mxtrax.mail.ses_events import MAX_TEXT, names_us
from mxtrax.model import HOUR, MINUTE, Cause, Hop, Kind, MailTest, Millis, Reason, Return, SmtpReply, Verdict
from mxtrax.rules import testid
from mxtrax.rules.secret_ids import without
from mxtrax.rules.verdict import classify
from mxtrax.runtime import memory
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger, measure
from mxtrax.store import mailtests, runtime

PATIENCE: Final = 3 * MINUTE
"""How long a mail that names only SES's message id may wait until the sender has recorded that id."""

MOST_UNMATCHED: Final = 500
"""Mails an hour that belong to no test and are kept."""

MOST_KEPT: Final = 256 * 1024
"""Bytes that are kept of a mail that belongs to no test: enough to show what it is, and a flood fills no bucket."""

UNMATCHED: Final = "unmatched"
"""Why a mail that belongs to no test is set aside."""

UNREAD: Final = "unread"
"""Why a mail is set aside: it repeatedly could not be accounted for. It may be a test's, so it is always kept."""


def run(record: Mapping[str, Any], now: Millis, settings: Settings) -> str:
    """Account for the mail of one inbound record of SES, and name the outcome."""
    return account_for(arrival_of(record), open_inbox(settings), now)


def account_for(arrival: Arrival, inbox: Inbox, now: Millis) -> str:
    """Account for a mail, and name the outcome. If its known headers give kind and test, it is not read."""
    found = None if arrival.headers is None else mail.read_headers(arrival.headers, arrival.recipients, _minted())
    if found and (test := _genuine(found)):
        return _note(arrival, found, test, inbox)
    return _read(arrival, now, inbox)


def give_up(arrival: Arrival, inbox: Inbox) -> str:
    """Set aside a mail that cannot be accounted for, and name the outcome."""
    logger.error("a mail could not be accounted for and was set aside", mail=arrival.id, tries=arrival.tries)
    inbox.set_aside(arrival, UNREAD)
    return _outcome("MailUnread")


def _raw(arrival: Arrival, inbox: Inbox) -> bytes | None:
    """Read a mail itself, and record its size as a metric, which SES does not report."""
    raw = inbox.read(arrival)
    if raw is not None:
        measure("InboundBytes", len(raw))
    return raw


def _read(arrival: Arrival, now: Millis, inbox: Inbox) -> str:
    raw = _raw(arrival, inbox)
    if raw is None:
        return _outcome("MailAccountedForBefore")
    found = mail.read(raw, genuine=_minted())
    test = _genuine(found) or _by_ses_id(found, arrival, now)
    if test is None:
        return _unmatched(arrival, inbox)
    if found.kind is not Kind.MESSAGE and (known := mailtests.get(test)):
        found = mail.read(raw, known.maildomain)  # With several recipients, or an alias, it is about this one.
    return _note(arrival, found, test, inbox, raw)


def _genuine(found: Return) -> str | None:
    """Give the first candidate that our own secret minted."""
    return next(filter(_minted(), found.tokens), None)


def _minted() -> Callable[[str], bool]:
    """Give a function that says whether our own secret minted an id; before the first plan it minted none."""
    secret = _secret()
    return partial(testid.genuine, secret) if secret else lambda _: False


_known_secret: list[bytes] = []
memory.forgets(_known_secret.clear)


def _secret() -> bytes | None:
    """Read the secret once per worker; it never changes. Before the first plan there is none."""
    if not _known_secret and (known := runtime.known_secret()):
        _known_secret.append(known)
    return _known_secret[0] if _known_secret else None


def _by_ses_id(found: Return, arrival: Arrival, now: Millis) -> str | None:
    if not found.ses_message_id:
        return None
    if (test := mailtests.id_by_ses_id(found.ses_message_id)) is None and now - arrival.at < PATIENCE:
        raise TryAgain("it answers one of our mails, and the sender has not yet written down which")
    return test


def _note(arrival: Arrival, found: Return, test: str, inbox: Inbox, raw: bytes | None = None) -> str:
    noted = _evidence(arrival, found, test, raw)
    if noted is None:
        return _unmatched(arrival, inbox)
    if found.kind in _RETURNS and noted.receivetime == arrival.at and classify(noted, arrival.at) is not Verdict.ONTIME:
        _keep_trace(arrival, found, test, inbox, raw)
    is_return = found.kind in _RETURNS
    if is_return and noted.seen != {arrival.id}:
        _count_copy(arrival, noted)
    inbox.done(arrival)
    dropped = is_return and noted.incl_in_stat and arrival.id not in noted.seen
    return _outcome("CopyDropped" if dropped else _OUTCOMES[found.kind])


def _count_copy(arrival: Arrival, test: MailTest) -> None:
    """Count a copy in its hour: too many of one domain are a storm.

    Copies of a test with a final verdict count as mail that belongs to no test. Anybody who knows an old test id may
    send some, which is not a storm.
    """
    kept, name = (MOST_UNMATCHED, "dropped") if test.incl_in_stat else (mailtests.MAX_SEEN - 1, "copies")
    if runtime.count_in_hour(f"{name}-{test.maildomain}", arrival.at // HOUR) >= kept:
        runtime.note_storm(arrival.at, test.maildomain)
        count("CopiesCapped")


def _keep_trace(arrival: Arrival, found: Return, test: str, inbox: Inbox, raw: bytes | None) -> None:
    """Keep what only the mail itself shows about a late return: about this return, not an earlier one."""
    if raw is None:
        raw = _raw(arrival, inbox)
        if raw is None:
            return
        found = mail.read(raw)
    mailtests.keep_trace(test, arrival.at, traces.whole(found, raw, arrival.verdicts))


_RETURNS: Final = (Kind.MESSAGE, Kind.AUTO_REPLY)

_OUTCOMES: Final = {
    Kind.MESSAGE: "MailReturned",
    Kind.AUTO_REPLY: "MailReturnedAsAutoReply",
    Kind.BOUNCE: "MailBounced",
    Kind.DELAY: "MailDelayed",
}


def _evidence(arrival: Arrival, found: Return, test: str, raw: bytes | None) -> MailTest | None:
    """Record what the mail says about its test. None if there is no such test, or it says nothing about one."""
    match found.kind:
        case Kind.MESSAGE | Kind.AUTO_REPLY:
            known = _left(found.hops), _held(arrival, found), _via(found), traces.of(found, arrival.verdicts)
            return mailtests.returned(test, arrival.at, found.kind, arrival.id, *known)
        case Kind.DELAY:
            return mailtests.heard(test, "deferred", _answer(arrival, found, test, Cause.DEFERRED))
        case Kind.BOUNCE:
            answer = _answer(arrival, found, test, found.cause or Cause.REFUSED)
            if answer.cause is Cause.MONITOR_FAULT:  # Our own inbox refused it: that is not their fault.
                logger.warning("a test could not be brought back into our inbox", testid=test, said=answer.text)
                return mailtests.get(test)
            noted = mailtests.heard(test, "refused", answer, trace=traces.whole(found, raw or b"", arrival.verdicts))
            if noted and noted.returns_bounce:
                return mailtests.returned(test, arrival.at, Kind.BOUNCE, arrival.id, None)
            return noted
        case _:
            return None


def _answer(arrival: Arrival, found: Return, test: str, cause: Cause) -> SmtpReply:
    said = found.recipients[0] if found.recipients else None
    text = ((said.diagnostic or "") if said else "")[:MAX_TEXT]
    return SmtpReply(
        at=arrival.at,
        text=without(text, test, found.ses_message_id),
        status=(said.status or "") if said else "",
        server=found.reporting_mta[:255],
        cause=Cause.MONITOR_FAULT if any(names_us(text, inbox) for inbox in _inboxes(arrival)) else cause,
        reason=found.reason,
        by_mail=True,
    )


def _inboxes(arrival: Arrival) -> list[str]:
    """Give our addresses for which SES accepted this mail, without anything after a plus sign."""
    return [re.sub(r"\+[^@]*", "", address) for address in arrival.recipients]


def _held(arrival: Arrival, found: Return) -> SmtpReply | None:
    """Treat greylisting that the mail itself shows as a delay."""
    if found.cause is not Cause.DEFERRED:
        return None
    return SmtpReply(at=arrival.at, text="greylisted on the way", cause=Cause.DEFERRED, reason=Reason.GREYLISTED)


def _via(found: Return) -> str:
    """Give the first server after SES's own in the chain: the one that accepted the test, if it kept the fields."""
    chain = found.original_hops or found.hops
    return next((hop.by for hop in chain if "." in hop.by and "amazon" not in hop.by), "")[:255]


def _left(hops: Sequence[Hop]) -> Millis | None:
    """Give when the last of their servers accepted the mail on its way to us.

    Only if there are two of them: a single server stamps a mail once, as it comes in, which does not say when the mail
    left.
    """
    theirs = [hop for hop in hops[:-1] if "amazonses.com" not in hop.by]
    return theirs[-1].time if len(theirs) > 1 else None


def _unmatched(arrival: Arrival, inbox: Inbox) -> str:
    """Keep a mail that belongs to no test, for people to look at.

    In a storm, some are enough. Only kept mails count: a mail that cannot be moved for an hour is one mail, not a
    storm.
    """
    hour = arrival.at // HOUR
    if runtime.counted_in_hour("unmatched", hour) >= MOST_UNMATCHED:
        runtime.note_storm(arrival.at)
        inbox.done(arrival)
        return _outcome("MailUnmatchedCapped")
    if inbox.set_aside(arrival, UNMATCHED, MOST_KEPT):
        runtime.count_in_hour("unmatched", hour)
    return _outcome("MailUnmatched")


def _outcome(name: str) -> str:
    count(name)
    return name
