"""Tests, and all that was learnt on their way."""

from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.schema import (
    CAUSE,
    MOMENT,
    NUMBER,
    TEXT,
    VERDICT,
    WHOLE,
    YES_OR_NO,
    maybe,
    moment,
    record,
    seconds,
    several,
)
from mxtrax.model import Hop, MailDomain, MailTest, MessageTrace, Millis, SmtpReply, Verdict
from mxtrax.report.words import zone_of
from mxtrax.rules.cause import WORDS, cause_of, legs, sentence
from mxtrax.rules.verdict import classify, delivery_time

_ANSWER: Final = maybe(record(at=MOMENT, text=TEXT, status=TEXT, server=TEXT, cause=maybe(CAUSE)))

_HOP: Final = record(
    **{"by": TEXT, "from": TEXT, "at": maybe(MOMENT), "protocol": TEXT, "tls": YES_OR_NO},
    gap=maybe(NUMBER),
    skew=YES_OR_NO,
)
_VERDICTS: Final = ("spf", "dkim", "dmarc", "arc", "spam", "virus")
_CHANGES: Final = ("dkim_body", "subject_before", "subject_after", "footer")
_INTEGRITY: Final = maybe(record(**{name: maybe(TEXT) for name in (*_VERDICTS, *_CHANGES)}))
_TEST: Final[dict[str, Schema]] = {
    "testid": TEXT,
    "maildomain": TEXT,
    "sendtime": MOMENT,
    "receivetime": maybe(MOMENT),
    "verdict": VERDICT,
    "took": maybe(NUMBER),
    "cause": maybe(CAUSE),
    "returned_as": maybe(TEXT),
    "incl_in_stat": YES_OR_NO,
    "quiet": YES_OR_NO,
}

TEST: Final = record(**_TEST)

WHOLE_TEST: Final = record(
    **_TEST,
    domain_id=maybe(WHOLE),
    why=maybe(TEXT),
    sentence=TEXT,
    maxreturntime=WHOLE,
    max_sec_until_fail=WHOLE,
    copies=WHOLE,
    ses_message_id=TEXT,
    via=TEXT,
    accepted=maybe(MOMENT),
    left=maybe(MOMENT),
    legs=several(record(leg=CAUSE, took=NUMBER)),
    delivered=_ANSWER,
    deferred=_ANSWER,
    refused=_ANSWER,
    unsent=_ANSWER,
    hops=several(_HOP),
    integrity=_INTEGRITY,
    headers=maybe(TEXT),
)


def test(it: MailTest, now: Millis) -> dict[str, Any]:
    """Show a test in a list."""
    return _test(it, classify(it, now))


def _test(it: MailTest, verdict: Verdict) -> dict[str, Any]:
    return {
        "testid": it.testid,
        "maildomain": it.maildomain,
        "sendtime": moment(it.sendtime),
        "receivetime": moment(it.receivetime or 0),
        "verdict": str(verdict),
        "took": seconds(delivery_time(it)),
        "cause": cause_of(it, verdict),
        "returned_as": it.returned_as,
        "incl_in_stat": it.incl_in_stat,
        "quiet": it.quiet,
    }


def whole_test(it: MailTest, domain: MailDomain | None, now: Millis, timezone: str) -> dict[str, Any]:
    """Show all that was learnt of a test; its domain is null where that is no longer tested."""
    verdict = classify(it, now)
    shown = _test(it, verdict)
    cause = shown["cause"]
    return {
        **shown,
        "domain_id": domain.id if domain else None,
        "why": WORDS[cause] if cause else None,
        "sentence": sentence(it, verdict, zone_of(timezone)),
        "maxreturntime": it.maxreturntime,
        "max_sec_until_fail": it.max_sec_until_fail,
        "copies": it.copies,
        "ses_message_id": it.ses_message_id,
        "via": it.via,
        "accepted": moment(it.accepted or 0),
        "left": moment(it.left or 0),
        "legs": [{"leg": leg, "took": seconds(took)} for leg, took in legs(it).items()],
        **{name: _answer(getattr(it, name)) for name in ("delivered", "deferred", "refused", "unsent")},
    }


def _answer(it: SmtpReply | None) -> dict[str, Any] | None:
    if it is None:
        return None
    return {"at": moment(it.at), "text": it.text, "status": it.status, "server": it.server, "cause": it.cause}


def trace(it: MessageTrace) -> dict[str, Any]:
    """Show what is kept of the mail that came back."""
    verdicts = {name: it.verdicts.get(name) for name in _VERDICTS}
    changes = {name: getattr(it, name) or None for name in _CHANGES}
    told = any((*verdicts.values(), *changes.values()))
    return {
        "hops": [_hop(hop) for hop in it.hops],
        "integrity": {**verdicts, **changes} if told else None,
        "headers": it.headers or None,
    }


def _hop(it: Hop) -> dict[str, Any]:
    return {
        "by": it.by,
        "from": it.from_,
        "at": moment(it.time or 0),
        "protocol": it.protocol,
        "tls": it.tls,
        "gap": seconds(it.gap),
        "skew": it.skew > 0,
    }
