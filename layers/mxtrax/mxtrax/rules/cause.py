"""Why a test is not on time, in one word and in one sentence. Decided over the evidence alone.

The evidence is the test's legs: accepted by SES, accepted by their server (or refused, or deferred), passed on by their
server, back in our inbox. Only the two ends and SES's own events are timed by clocks that we trust.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Final, NamedTuple

from mxtrax.model import SECOND, Cause, MailTest, Millis, Reason, SmtpReply, Verdict
from mxtrax.rules.by_mail import counts, deferral, fits, refusal
from mxtrax.rules.causes_table import REFUSED
from mxtrax.rules.explanation import explain
from mxtrax.rules.verdict import delivery_time


def cause_of(test: MailTest, verdict: Verdict) -> Cause | None:
    """Give the cause of a verdict; None if there is nothing to explain."""
    match verdict:
        case Verdict.PENDING | Verdict.ONTIME:
            return None
        case Verdict.UNSENT:
            return (test.unsent.cause if test.unsent else None) or Cause.SEND_FAILED
    if test.receivetime is not None:
        return _slow_leg(test)
    if refused := refusal(test):
        return _refusal(test, refused)
    if test.delivered:
        return Cause.ACCEPTED_THEN_LOST
    return Cause.DEFERRED if deferral(test) else Cause.NO_WORD


class Why(NamedTuple):
    """Why a test is not on time, and what a server gave as its reason."""

    cause: Cause | None = None
    reason: Reason | None = None


def why(test: MailTest, verdict: Verdict) -> Why:
    """Give the cause of a verdict with its reason; for a test that is still out, what is known so far."""
    if verdict is Verdict.PENDING:
        return Why(Cause.DEFERRED, deferred.reason) if (deferred := deferral(test)) else Why()
    cause = cause_of(test, verdict)
    refused = refusal(test)
    if verdict is Verdict.UNSENT:
        said = test.unsent
    elif cause is Cause.DEFERRED and (refused is None or refused.reason in _TELLS_LITTLE):
        said = deferral(test) or refused  # What hindered the retries says more than that they are exhausted.
    else:
        said = refused
    return Why(cause, said.reason if said and cause else None)


_TELLS_LITTLE: Final = (None, Reason.EXPIRED, Reason.UNKNOWN)


def legs(test: MailTest) -> dict[Cause, Millis]:
    """Give how long each leg of a returned test took, in milliseconds, without legs that no trusted clock timed."""
    if test.receivetime is None:
        return {}
    end = max(test.sendtime, test.receivetime)
    moments: list[tuple[Cause, Millis]] = []
    if test.delivered:
        moments.append((Cause.SLOW_OUTBOUND, test.delivered.at))
    if test.left is not None:
        moments.append((Cause.SLOW_INSIDE, test.left))
    moments.append((Cause.SLOW_RETURN if test.left is not None else Cause.SLOW_INSIDE, end))
    before, spans = test.sendtime, {}
    for leg, at in moments:
        at = min(max(at, before), end)  # noqa: PLW2901 -- a foreign clock is held between our two
        spans[leg] = at - before
        before = at
    return spans


def _slow_leg(test: MailTest) -> Cause:
    spans = legs(test)
    slowest = max(spans, key=spans.__getitem__)
    if deferral(test) and (slowest is Cause.SLOW_OUTBOUND or not test.delivered):
        return Cause.DEFERRED
    return slowest if len(spans) > 1 else Cause.NO_WORD


def _refusal(test: MailTest, refused: SmtpReply) -> Cause:
    if refused.cause in _OF_ITSELF:
        return refused.cause
    if test.delivered:  # then their server gave up, not SES
        return Cause.RETURNED_AS_BOUNCE
    return Cause.DEFERRED if refused.cause is Cause.DEFERRED else Cause.REFUSED


_OF_ITSELF: Final = REFUSED - {Cause.REFUSED, Cause.RETURNED_AS_BOUNCE} | {Cause.MONITOR_FAULT}
"""Causes for which it makes no difference whether their server had accepted the test before."""


def sentence(test: MailTest, verdict: Verdict, zone: tzinfo = UTC) -> str:
    """Tell in one sentence what became of a test, with the times and the server's own words."""
    cause = cause_of(test, verdict)
    if verdict is Verdict.PENDING and (test.delivered or not deferral(test)):
        return f"Sent at {_clock(test.sendtime, zone)}, still under way.{_by_mail(test)}"
    if verdict is Verdict.UNSENT:
        why = explain(cause or Cause.SEND_FAILED).words.removeprefix("not sent, ")
        said = f" ({_quote(test.unsent)})" if test.unsent and test.unsent.text else ""
        return f"It was never sent: {why}{said}. The fault is ours, not theirs."
    if test.receivetime is not None:
        return _came_back(test, verdict, cause, zone)
    return f"{_outbound(test, cause, zone)} {_since(test, verdict)}{_by_mail(test)}"


def _came_back(test: MailTest, verdict: Verdict, cause: Cause | None, zone: tzinfo) -> str:
    took = span(delivery_time(test) or 0)
    back = f"It came back at {_clock(test.receivetime or 0, zone)}"
    if verdict is Verdict.ONTIME:
        return f"{back}, after {took}."
    late = span(max(0, (delivery_time(test) or 0) - test.maxreturntime * SECOND))
    over = "too late to count" if verdict is Verdict.FAILED else f"limit {span(test.maxreturntime * SECOND)}"
    return f"{back}, {late} late: after {took} ({over}){_where(test, cause)}."


def _where(test: MailTest, cause: Cause | None) -> str:
    """Tell where a late test spent its time, as far as that is known."""
    if cause is Cause.DEFERRED and test.deferred:
        return f"; deferred at first: {_quote(test.deferred)}"
    spans = legs(test)
    if len(spans) < 2:
        return "; no server says where it was held up"
    slowest = max(spans, key=spans.__getitem__)
    either = " or on the way back" if slowest is Cause.SLOW_INSIDE and test.left is None else ""
    return f"; {span(spans[slowest])} of that {_PLACES[slowest]}{either}"


_PLACES: Final = {
    Cause.SLOW_OUTBOUND: "on the way to their server",
    Cause.SLOW_INSIDE: "inside their system",
    Cause.SLOW_RETURN: "on the way back",
}


def _outbound(test: MailTest, cause: Cause | None, zone: tzinfo) -> str:
    if refused := refusal(test):
        return _ended(test, refused, cause, zone)
    if test.delivered:
        return f"Their server accepted it at {_clock(test.delivered.at, zone)} with {_quote(test.delivered)}."
    if deferred := deferral(test):
        at, said = _clock(deferred.at, zone), _quote(deferred)
        hindered = _UNREACHED.get(deferred.reason)
        return f"{hindered} at {at}: {said}." if hindered else f"Their server deferred it at {at}: {said}."
    return f"Sent at {_clock(test.sendtime, zone)}; no server has answered yet."


def _ended(test: MailTest, refused: SmtpReply, cause: Cause | None, zone: tzinfo) -> str:
    """Tell how a refused test ended, and who refused it, if a server was reached at all."""
    at, said = _clock(refused.at, zone), _quote(refused)
    if test.delivered:
        verb = "refused to send it back" if cause is Cause.FORWARD_BLOCKED else "refused it"
        return f"Their server accepted it at {_clock(test.delivered.at, zone)} and then {verb} at {at}: {said}."
    if refused.by_mail and cause is Cause.DEFERRED:
        return f"Their server gave it up at {at}: {said}."
    # What SES met on its way says nothing about a report that somebody else sent by mail.
    hindered = _UNREACHED.get(refused.reason) or (
        _UNREACHED.get(deferred.reason) if (deferred := deferral(test)) else None
    )
    if hindered and not refused.by_mail:
        return f"{hindered}, and SES gave up at {at}: {said}."
    if cause is Cause.DEFERRED:
        return f"Their server kept deferring it, and SES gave up at {at}: {said}."
    verb = "refused to send it back" if cause is Cause.FORWARD_BLOCKED else "refused it"
    return f"Their server {verb} at {at}: {said}."


_UNREACHED: Final[Mapping[Reason | None, str]] = {
    Reason.DNS: "A DNS lookup failed",
    Reason.UNREACHABLE: "SES could not connect to their mail server",
}
"""What SES met if no server of theirs answered; a server may say the same about another, so its words are quoted."""


def _by_mail(test: MailTest) -> str:
    """Mention a report that came by mail, but quote it only if it is from their server."""
    said = next((one for one in (test.refused, test.deferred) if one and one.by_mail), None)
    if said is None:
        return ""
    server = f" from {said.server}" if said.server else ""
    if not fits(test, said.server):
        return f" A report came by mail{server}, which is not known to be theirs: it does not count."
    if counts(test, said):
        return f" This is from a report that came by mail{server}; SES did not report it."
    return f" A report that came by mail{server} says {_quote(said)}; SES does not confirm it."


def _since(test: MailTest, verdict: Verdict) -> str:
    if verdict is Verdict.FAILED:
        return f"Nothing came back within {span(test.max_sec_until_fail * SECOND)}."
    return "It is still under way." if verdict is Verdict.PENDING else "Nothing has come back since."


def _quote(answer: SmtpReply) -> str:
    said = answer.text or answer.status or "no text"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{said}\N{RIGHT DOUBLE QUOTATION MARK}"


def _clock(at: Millis, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at / SECOND, zone).strftime("%Y-%m-%d %H:%M:%S")


def span(took: Millis) -> str:
    """Write a duration as people say it: 0.4 s, 42 s, 5 min 3 s, 2 h 5 min, 3 d 4 h."""
    seconds = took / SECOND
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for (name, size), (lesser, lesser_size) in pairwise(_UNITS):
        if whole >= size:
            more = whole % size // lesser_size
            return f"{whole // size} {name}" + (f" {more} {lesser}" if more else "")
    return f"{whole} s"


_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
