"""Tell what came back: a list of tests, those by the standards' fields first, those by wording last."""

from collections.abc import Callable
from typing import Final

from mxtrax.model import Kind, Recipient

from . import address, feedback, kind, notification, tokens
from .bounds import MAX_RECIPIENTS
from .reading import Reading, from_notification, from_report, from_report_in_text

type Told = tuple[Kind, list[Recipient]] | None


def feedback_report(it: Reading) -> Told:
    """Know a complaint by its report type (RFC 5965, section 2)."""
    parts = [p for p in it.mail.parts if p.mime == "message/feedback-report" and not p.inside]
    if not parts and "feedback-report" not in it.fields.get("content-type").lower():
        return None
    recipients, it.server = feedback.rcpt("\n".join(p.text for p in parts))
    return Kind.FEEDBACK, recipients


def complaint_notification(it: Reading) -> Told:
    """Know a complaint that SES tells in JSON."""
    return (
        (Kind.FEEDBACK, notification.named(it.mail.text)[:MAX_RECIPIENTS])
        if notification.COMPLAINT in it.mail.text
        else None
    )


def receipt(it: Reading) -> Told:
    """Know a receipt (RFC 8098): nothing to us, but for a mail refused after it was taken (RFC 5429, section 2.1.2)."""
    if "disposition-notification" not in it.fields.get("content-type").lower():
        return None
    refused = kind.by_words(it.subject, it.found.notice) is Kind.BOUNCE
    return (Kind.BOUNCE if refused else Kind.OTHER), []


def delivery_report(it: Reading) -> Told:
    """Know a report by the actions it states (RFC 3464, section 2.3.3)."""
    it.reported = from_report(it) or (from_report_in_text(it) if not it.report else []) or from_notification(it)
    told = kind.by_actions(it.reported)
    return (told, it.reported) if told else None


def auto_reply(it: Reading) -> Told:
    """Know a responder by its fields (RFC 3834, section 5) or its subject. Exim marks its bounces as auto-replied, too."""
    if it.reported or kind.from_daemon(it.fields) or not kind.automatic(it.fields, it.subject):
        return None
    if kind.opens_with_trouble(it.subject) and kind.by_words(it.subject, it.found.notice):
        return None
    return Kind.AUTO_REPLY, _author(it)


def mail_system(it: Reading) -> Told:
    """Know what a mail system wrote. Without telling words it is a bounce, unless only its path is null."""
    named = bool(it.reported) or kind.from_daemon(it.fields)
    if not (named or it.report or kind.null_sender(it.fields)):
        return None
    return kind.by_words(it.subject, it.found.notice) or (Kind.BOUNCE if named else Kind.MESSAGE), it.reported


def trouble(it: Reading) -> Told:
    """Know a bounce of a server that looks like a person, by its subject and its words."""
    told = kind.by_words(it.subject, it.found.notice) if kind.opens_with_trouble(it.subject) else None
    return (told, []) if told else None


def away(it: Reading) -> Told:
    """Know an absent person's reply that no field betrays. Our own letter, sent on, is none whatever was put around it."""
    absent = tokens.TEST_ID_FIELD not in it.fields and kind.away(it.found.notice)
    return (Kind.AUTO_REPLY, _author(it)) if absent else None


def challenge(it: Reading) -> Told:
    """Know a challenge: the mail is held until somebody answers, so it has not come back, whatever its fields say."""
    told = kind.from_daemon(it.fields) or kind.opens_with_trouble(it.subject) or tokens.TEST_ID_FIELD in it.fields
    return (Kind.OTHER, []) if not told and kind.challenge(it.found.notice) else None


TESTS: Final[tuple[Callable[[Reading], Told], ...]] = (
    feedback_report,
    complaint_notification,
    receipt,
    delivery_report,
    challenge,
    auto_reply,
    mail_system,
    trouble,
    away,
)


def classify(it: Reading) -> tuple[Kind, list[Recipient]]:
    """Return the kind, and the recipients as far as telling it needed them. What no test knows is a message."""
    return next((told for test in TESTS if (told := test(it))), (Kind.MESSAGE, []))


def _author(it: Reading) -> list[Recipient]:
    one = address.first(it.fields.get("from"))
    return [Recipient(address=one)] if one else []
