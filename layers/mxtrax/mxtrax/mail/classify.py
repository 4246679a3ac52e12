"""Classify what came back, by an ordered list of tests: our own letter, then structure, wording last and never alone."""

from collections.abc import Callable
from typing import Final

from mxtrax.model import Kind, Recipient

from . import feedback, kind, notification, ours, status, tokens
from . import notice as notice_of
from .bounds import MAX_RECIPIENTS
from .readers import from_notification, from_report, from_report_in_text
from .reading import Reading

type Told = tuple[Kind, list[Recipient]] | None


def letter(it: Reading) -> Told:
    """Recognise our own letter by the field that only it has, or by its body together with that field or its subject."""
    report = "report" in it.fields["content-type"].lower()
    if not report and ours.untouched(it.fields, it.title, it.author):
        return Kind.MESSAGE, []
    named = tokens.TEST_ID_FIELD in it.fields or ours.handed_on(it.title)
    if not named or it.author.daemon or kind.automatic(it.fields) or ours.answers(it.fields):
        return None
    return (Kind.MESSAGE, []) if it.opens_as_letter else None


def feedback_report(it: Reading) -> Told:
    """Recognise a complaint by its report type (RFC 5965, section 2)."""
    parts = [p for p in it.mail.parts if p.mime == "message/feedback-report" and not p.inside]
    if not parts and "feedback-report" not in it.fields["content-type"].lower():
        return None
    recipients, it.server = feedback.rcpt("\n".join(p.text for p in parts))
    return Kind.FEEDBACK, recipients


def complaint(it: Reading) -> Told:
    """Recognise a complaint in another format: by its senders' own fields, or as a role account's that encloses the mail."""
    inner = [part.fields for part in it.mail.parts if part.inside]
    told = feedback.complaint(it.fields, inner) or (inner and it.author.role and kind.complains(it.subject))
    return (Kind.FEEDBACK, feedback.complained(inner)) if told else None


def complaint_notification(it: Reading) -> Told:
    """Recognise a complaint that SES reports as JSON."""
    if notification.COMPLAINT not in it.notification:
        return None
    return Kind.FEEDBACK, notification.named(it.notification)[:MAX_RECIPIENTS]


def receipt(it: Reading) -> Told:
    """Recognise a receipt (RFC 8098): ignored, unless mail was refused after acceptance (RFC 5429, section 2.1.2)."""
    if "disposition-notification" not in it.fields["content-type"].lower():
        return None
    said = "rejected" in it.fields["auto-submitted"].lower()
    refused = said or it.by_words is Kind.BOUNCE
    return (Kind.BOUNCE if refused else Kind.OTHER), []


def delivery_report(it: Reading) -> Told:
    """Recognise a report by its actions (RFC 3464, section 2.3.3)."""
    it.reported = from_report(it) or (from_report_in_text(it) if not it.report else []) or from_notification(it)
    told = kind.by_actions(it.reported, it.speaks)
    return (told, it.reported) if told else None


def challenge(it: Reading) -> Told:
    """Recognise a challenge: our mail is held until somebody answers, so it has not come back, whatever the fields say."""
    if it.author.daemon or kind.opens_with_trouble(it.subject):
        return None
    asks = kind.automatic(it.fields) or it.author.null or it.author.role or "://" in it.found.notice
    return (Kind.OTHER, []) if asks and kind.challenge(it.head) else None


def responder(it: Reading) -> Told:
    """Recognise an auto-responder by a mark that only those use: a code in an absence note is not a server's."""
    if not it.answers_alone or not it.author.person or it.author.named or not it.of_mailbox:
        return None
    if not (kind.marked(it.fields) or (kind.automatic(it.fields) and it.absent)):
        return None
    return None if it.fails_us or kind.opens_with_trouble(it.subject) else (Kind.AUTO_REPLY, _author(it))


def answer(it: Reading) -> Told:
    """Recognise a bounce or a delay by the SMTP reply that it quotes (RFC 5321, section 4.2; RFC 2034)."""
    if it.answers_us:
        return None
    classes = status.answers(it.head)
    if not classes:
        return None
    if "4" in classes and "5" in classes:
        classes = it.class_of_ours or classes
    if not classes.strip("2") and it.by_words is Kind.DELAY:
        return Kind.OTHER, it.reported
    # A transient error means a bounce once the server has given up; if no word says so, the author decides.
    passing = (Kind.BOUNCE if it.author.daemon else Kind.DELAY) if "4" in classes else Kind.OTHER
    return (Kind.BOUNCE if "5" in classes else it.by_words or passing), it.reported


def auto_reply(it: Reading) -> Told:
    """Recognise an automatic reply by its fields (RFC 3834, section 5). Exim marks its bounces as auto-replied, too."""
    if not it.answers_alone:
        return None
    person = it.author.person and it.of_mailbox and kind.submitted(it.fields) and (it.author.null or it.names_us)
    if not (person or kind.automatic(it.fields)) or it.tells_of_mailbox or it.reports_on_us:
        return None
    if not (
        it.of_domain or it.holds_letter or it.absent or kind.marked(it.fields) or kind.acknowledges(it.fields, it.head)
    ):
        return None
    doubt = kind.opens_with_trouble(it.subject) or it.author.named or (it.author.role and it.author.null)
    return None if it.fails_us or (doubt and it.by_words) else (Kind.AUTO_REPLY, _author(it))


def handed_on(it: Reading) -> Told:
    """Recognise our letter, forwarded or answered by a person or role, by a subject of only the id, prefixes and tags."""
    who = it.author
    if who.null or who.daemon or it.names_failed or not ours.handed_on(it.title):
        return None
    if it.replied or it.tells_of_failure:
        return None
    # It has not come back either if the mail names somebody else, if it only says that ours has arrived, if it is from
    # another domain than the mailbox's, or if a machine other than the mailbox wrote it.
    reports = it.tells_of_another or (it.by_words is Kind.OTHER and not (it.known and it.of_mailbox))
    elsewhere = not it.of_domain or (kind.submitted(it.fields) and not it.of_mailbox)
    if not it.holds_letter and (reports or elsewhere):
        return None
    # "Held: ..." looks like "Fwd: ...": from a role, or if it only lists our fields, it must contain the letter.
    if not it.holds_letter and (who.role or it.sums_up or (who.named and not ours.prefixed(it.title))):
        return None
    if not ours.handed_on(it.title, ours.ANSWERED) and (not it.holds_letter or it.speaks_of_it):
        return None
    machine = kind.automatic(it.fields) or kind.away(it.head)
    return (Kind.AUTO_REPLY, _author(it)) if machine else (Kind.MESSAGE, [])


def mail_system(it: Reading) -> Told:
    """Recognise a mail system's notice by its words; without any, it is a bounce if a mail system must have written it."""
    who = it.author
    system = it.names_failed or bool(it.report) or who.daemon
    if not (system or who.null or who.role or who.named):
        return None
    if who.person and not (system or who.named) and kind.receipt(it.head):
        return Kind.OTHER, []
    if it.by_words:
        return it.by_words, it.reported
    codes = [one.status for one in it.reported if one.status] if system else notice_of.beside(it.spoken)
    if codes and (system or who.role or who.named) and (beside := kind.by_codes(codes)):
        return beside, it.reported
    return (Kind.BOUNCE, it.reported) if system or it.postmaster else None


def trouble(it: Reading) -> Told:
    """Recognise a bounce that seems to be from a person: subject and words say so, and name a recipient or our mail."""
    if not kind.names_trouble(it.plain_title) or not it.tells_of_failure:
        return None
    names_mail = not ours.prefixed(it.title) and (tokens.places(it.title) or it.found.fields)
    if not (names_mail or it.names_recipient):
        return None
    return (it.by_words, []) if it.by_words else None


def failure(it: Reading) -> Told:
    """Recognise a notice in our thread that our mail failed, even without a recipient: a bounce if a machine wrote it."""
    if not it.fails_us or (it.holds_letter and not it.fails_above_letter):
        return None
    if kind.receipt(it.head):
        return Kind.OTHER, []
    if kind.automatic(it.fields) or it.author.null:
        return it.by_words or Kind.OTHER, it.reported
    return (Kind.OTHER, []) if it.names_us or it.holds_letter else None


def notice(it: Reading) -> Told:
    """Recognise what has a null reverse-path and is not a report: a receipt or a product's notice does not count.

    It is an auto-reply only if the mailbox itself wrote it and it lists none of our fields (RFC 3834, section 4).
    """
    if not it.author.null:
        return None
    if (
        not it.author.person
        or not it.of_mailbox
        or it.author.named
        or it.sums_up
        or it.returns_original
        or it.reports_on_us
        or kind.receipt(it.head)
    ):
        return Kind.OTHER, []
    return Kind.AUTO_REPLY, _author(it)


def away(it: Reading) -> Told:
    """Recognise an out-of-office reply without a telling field, by its words, if our letter is not in it."""
    if not it.author.person or it.holds_letter:
        return None
    said = kind.absent(it.fields, it.subject) or kind.away(it.head)
    said = said or kind.acknowledges(it.fields, it.head)
    return (Kind.AUTO_REPLY, _author(it)) if said else None


def message(it: Reading) -> Told:
    """Recognise our letter in a person's mail: by its body, by the mail it replies to, or by our reply address."""
    if it.author.daemon or it.speaks_of_it or (it.author.role and not ours.prefixed(it.title)):
        return None
    if it.holds_letter:
        return Kind.MESSAGE, []
    answers = it.author.person and it.of_domain and (ours.threaded(it.fields) or it.addressed)
    # If it only says that our mail has arrived, it is a report about it, unless the mailbox wrote it.
    if it.by_words is Kind.OTHER and not (it.known and it.of_mailbox):
        return None
    # A subject with our id must be a reply's: with other words beside the id, it is a product's notice about our mail.
    renamed = tokens.places(it.title) and not ours.handed_on(it.title, ours.ANSWERED)
    return (Kind.MESSAGE, []) if answers and not (renamed or it.names_test or it.tells_of_another) else None


TESTS: Final[tuple[Callable[[Reading], Told], ...]] = (
    letter,
    feedback_report,
    complaint_notification,
    receipt,
    delivery_report,
    complaint,
    challenge,
    responder,
    answer,
    auto_reply,
    handed_on,
    mail_system,
    trouble,
    failure,
    notice,
    away,
    message,
)


def classify(it: Reading) -> tuple[Kind, list[Recipient]]:
    """Return the kind, and the recipients if that needed them. What no test recognises is not one of our returns."""
    for test in TESTS:
        if told := test(it):
            return told
    return Kind.OTHER, []


def _author(it: Reading) -> list[Recipient]:
    one = it.author.address
    return [Recipient(address=one)] if one else []
