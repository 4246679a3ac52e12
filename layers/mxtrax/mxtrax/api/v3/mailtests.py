"""Single tests, and all that was learnt on their way."""

from dataclasses import replace
from typing import Any, Final

from mxtrax import model
from mxtrax.admin.settings import current
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Duration, Time, of
from mxtrax.api.v3.explained import explained
from mxtrax.errors import Missing
from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Kind, MailTest, MessageTrace, Millis, Reason, SmtpReply, Verdict
from mxtrax.rules.cause import legs, sentence, why
from mxtrax.rules.explanation import Certainty, Fault, in_words
from mxtrax.rules.secret_ids import is_out
from mxtrax.rules.verdict import classify, delivery_time
from mxtrax.rules.zones import zone_of
from mxtrax.store import fleet, mailtests
from mxtrax.store.fleet import Listed

router: Final = Router("Tests")


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test in a list. Below the role operator, `testid` is null until the test has returned or failed for good."""

    testid: str | None
    maildomain: str
    sendtime: Time
    receivetime: Time | None
    verdict: Verdict
    took: Duration | None
    cause: Cause | None
    reason: Reason | None
    why: str | None
    returned_as: Kind | None
    incl_in_stat: bool
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class ServerReply:
    """What a server answered. `by_mail`: a report that came into our inbox says so, and SES does not."""

    at: Time
    text: str
    status: str
    server: str
    cause: Cause | None
    reason: Reason | None
    why: str | None
    by_mail: bool


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A leg of the round trip."""

    leg: Cause
    took: Duration


@dataclass(frozen=True, kw_only=True)
class Hop:
    """A server that the mail passed."""

    by: str
    from_: str
    at: Time | None
    protocol: str
    tls: bool
    gap: Duration | None
    skew: bool


@dataclass(frozen=True, kw_only=True)
class Integrity:
    """What was found about the mail's signatures, and what was done to it."""

    spf: str | None
    dkim: str | None
    dmarc: str | None
    arc: str | None
    spam: str | None
    virus: str | None
    dkim_body: str | None
    subject_before: str | None
    subject_after: str | None
    footer: str | None


@dataclass(frozen=True, kw_only=True)
class WholeTest(Test):
    """Everything that is known about a test. `domain_id` is null if its domain is no longer tested.

    Below the role operator, `testid`, `ses_message_id`, `integrity` and `headers` are null until the test has returned or
    failed for good.
    """

    domain_id: int | None
    sentence: str
    meaning: str | None
    next_steps: tuple[str, ...]
    fault: Fault | None
    certainty: Certainty | None
    maxreturntime: int
    max_sec_until_fail: int
    copies: int
    ses_message_id: str | None
    via: str
    accepted: Time | None
    left: Time | None
    legs: tuple[Leg, ...]
    delivered: ServerReply | None
    deferred: ServerReply | None
    refused: ServerReply | None
    unsent: ServerReply | None
    hops: tuple[Hop, ...]
    integrity: Integrity | None
    headers: str | None


@router.route("GET /api/v3/mailtests/<testid>", "getTest", gives=WholeTest)
def one(request: Request, testid: str) -> WholeTest:
    """Show everything about a test: its legs, its hops, what the servers said, and a summary."""
    test, trace = mailtests.whole(testid) or (None, None)
    listed = fleet.listed([test.maildomain]).get(test.maildomain) if test else None
    if test is None or not request.caller.sees(listed.domain.customer if listed else ""):
        raise Missing("testid", "There is no such test.")
    whole = _whole(test, trace or MessageTrace(), listed, request.now, current(request.settings).timezone)
    if request.caller.operates or not is_out(test, request.now):
        return whole
    return replace(whole, testid=None, ses_message_id=None, integrity=None, headers=None)


def shown(request: Request, it: MailTest) -> Test:
    """Show a test in a list."""
    known = request.caller.operates or not is_out(it, request.now)
    return of(Test, it, **_judged(it, classify(it, request.now)), testid=it.testid if known else None)


def _judged(it: MailTest, verdict: Verdict) -> dict[str, Any]:
    cause, reason = why(it, verdict)
    return {
        "verdict": verdict,
        "took": delivery_time(it),
        "cause": cause,
        "reason": reason,
        "why": in_words(cause, reason),
    }


def _whole(it: MailTest, trace: MessageTrace, listed: Listed | None, now: Millis, timezone: str) -> WholeTest:
    verdict = classify(it, now)
    judged = _judged(it, verdict)
    return of(
        WholeTest,
        it,
        **judged,
        **explained(judged["cause"], judged["reason"], listed.listing.provider if listed else ""),
        domain_id=listed.domain.id if listed else None,
        sentence=sentence(it, verdict, zone_of(timezone)),
        legs=tuple(Leg(leg=leg, took=took) for leg, took in legs(it).items()),
        delivered=_reply(it.delivered),
        deferred=_reply(it.deferred),
        refused=_reply(it.refused),
        unsent=_reply(it.unsent),
        hops=tuple(_hop(hop) for hop in trace.hops),
        integrity=_integrity(trace),
        headers=trace.headers,
    )


def _reply(it: SmtpReply | None) -> ServerReply | None:
    return of(ServerReply, it, why=in_words(it.cause, it.reason)) if it else None


def _hop(it: model.Hop) -> Hop:
    return of(Hop, it, at=it.time, skew=it.skew > 0)


def _integrity(it: MessageTrace) -> Integrity | None:
    """Give what was found of a mail; None if nothing was."""
    verdicts = {name: it.verdicts.get(name) for name in ("spf", "dkim", "dmarc", "arc", "spam", "virus")}
    found = of(Integrity, it, **verdicts)
    return found if any(vars(found).values()) else None
