"""Tell what kind of mail came back: by the standards' fields first, by wording last."""

import re
from typing import Final

from mxtrax.model import Kind, Recipient

from . import status, wording
from .fields import Fields
from .ours import answers, prefixed

RESPONDER: Final = re.compile(r"x-(?:amazon-)?auto-?(?:re(?:ply|spon)|generated)|x-mail-autoreply|x-vacation")
"""The fields of responders: by their stem, for each writes its own ending."""
RESPONDERS: Final = {
    "x-post-messageclass": "autoresponder",
    "delivered-to": "autoresponder",
    "x-fc-machinegenerated": "true",
    "x-apple-action": "vacation",
    "precedence": "auto",
    "x-precedence": "auto",
}
"""Fields that others use as well, with what a responder writes into them."""
HEAD: Final = 6_000
SUBMITTED: Final = re.compile(r"\s*(?!no\b)([a-z-]+)")


def submitted(fields: Fields) -> str:
    """Return how a machine says that it came to write (RFC 3834, section 5), empty where it does not or says `no`."""
    found = SUBMITTED.match(fields.get("auto-submitted").lower())
    return found[1] if found else ""


def responder(fields: Fields) -> bool:
    """Say whether a header is an auto-responder's own (RFC 3834, section 5; RFC 5230, section 4.7; older customs)."""
    if submitted(fields) in ("auto-replied", "auto-notified"):
        return True
    if any(word in fields.get(name).lower() for name, word in RESPONDERS.items() if name in fields):
        return True
    return any(name.startswith("x-") and RESPONDER.match(name) for name, _ in fields.pairs)


def automatic(fields: Fields) -> bool:
    """Say whether a machine answers our mail: a responder, or one that says it is a machine and names what it answers."""
    return responder(fields) or (bool(submitted(fields)) and answers(fields))


def absent(fields: Fields, subject: str) -> bool:
    """Say whether a responder's header leaves no doubt that somebody is away: a challenge can look like any other answer."""
    return "vacation" in fields.get("auto-submitted").lower() or bool(
        subject and wording.AUTO_SUBJECT.search(subject.lower())
    )


def by_actions(recipients: list[Recipient]) -> Kind | None:
    """Tell the kind from a report's actions (RFC 3464, section 2.3.3): a failure outweighs a delay, a delay a success."""
    actions = {one.action for one in recipients}
    if "failed" in actions:
        return Kind.BOUNCE
    if "delayed" in actions:
        return Kind.DELAY
    return Kind.OTHER if actions and actions <= set(status.DONE) else None


def by_answer(subject: str, notice: str, otherwise: Kind) -> Kind | None:
    """Tell the kind from a server's answer in the author's words: a reply with its enhanced code (RFC 2034).

    A transient one ends in a bounce where it was given up; where no word tells, the author does: `otherwise`.
    """
    classes = status.answers(notice[:HEAD])
    if "5" in classes:
        return Kind.BOUNCE
    if "4" in classes:
        return by_words(subject, notice) or otherwise
    return (by_words(subject, notice) or Kind.OTHER) if classes else None


def by_words(subject: str, notice: str) -> Kind | None:
    """Tell a bounce from a delay or a success by wording. One that gave up is a bounce, however long it waited."""
    head, title = notice[:HEAD].lower(), subject.lower()
    late = wording.DELAY_WORDS.search(head) or (
        wording.DELAY_SUBJECT.search(title) and not wording.RETURNED.search(title)
    )
    if late and not wording.GAVE_UP.search(head) and not title.startswith("returned mail"):
        return Kind.DELAY
    if wording.BOUNCE_WORDS.search(head):
        return Kind.BOUNCE
    if wording.SUCCESS.search(head) or wording.SUCCESS.search(title):
        return Kind.OTHER
    if wording.BOUNCE_SUBJECT.search(title):
        return Kind.BOUNCE
    return Kind.DELAY if late else None


def failed(notice: str) -> bool:
    """Say whether a text tells of a failure or a delay in words."""
    head = notice[:HEAD].lower()
    return wording.BOUNCE_WORDS.search(head) is not None or wording.DELAY_WORDS.search(head) is not None


def away(notice: str) -> bool:
    """Say whether a text opens as people write who are away: some responders leave no other trace."""
    return wording.AWAY.search(notice[:1_000].lower()) is not None


def challenge(notice: str) -> bool:
    """Say whether a mail asks its sender to prove himself before it lets his mail through."""
    return wording.CHALLENGE.search(notice[:HEAD].lower()) is not None


def receipt(notice: str) -> bool:
    """Say whether a text tells that our mail was read, or thrown away unread."""
    return wording.RECEIPT.search(notice[:HEAD].lower()) is not None


def names_trouble(subject: str) -> bool:
    """Say whether a subject sounds like a bounce or a delay."""
    title = subject.lower()
    return bool(title) and (
        wording.BOUNCE_SUBJECT.search(title) is not None or wording.DELAY_SUBJECT.search(title) is not None
    )


def opens_with_trouble(subject: str) -> bool:
    """Say whether a subject sounds like a bounce itself, and not like an answer to one or one handed on."""
    return names_trouble(subject) and not prefixed(subject) and wording.AUTO_SUBJECT.search(subject.lower()) is None
