"""Recognise our own letter: returned unchanged, forwarded by somebody, or answered."""

import re
from typing import Final

from . import address
from .author import Author
from .fields import Fields
from .tokens import ADDRESSED, PLUS, TEST_ID_FIELD, THREAD, UUID, line_start, places, ses_id

OPENING: Final = re.compile("automatic test of your mail system".replace(" ", r"[\s>|*]{1,8}"))
"""The letter's opening, however it is wrapped or quoted; a mail that has it contains the letter's body."""
CLOSING: Final = re.compile(rf"(?im)^[>|*\s]{{0,12}}(?:test|mxtrax)[ \t]++{UUID}[ \t]*$")
"""The letter's last line."""
TAG: Final = re.compile(
    r"\[[^\[\]\n]{0,80}\]|\{[^{}\n]{0,80}\}|\([^()\n]{0,80}\)|<[^<>\n]{0,80}>|(?<!\*)\*{2,9}+[^*\n]{1,80}\*{2,9}+"
)
"""What gateways put around a subject."""
TAGGED: Final = re.compile(rf"(?:(?:{TAG.pattern})[ \t]{{0,3}}){{1,4}}(?={UUID})")
LISTED: Final = re.compile(rf"(?m)^[ \t>|]*[^\W\d][^:\n]{{0,30}}[ \t]*[:\uff1a][ \t]*{UUID}[ \t]*$")
HANDED_ON: Final = re.compile(r"\s*(?:[^\W\d]{1,5}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]\s*){0,4}")
"""What marks a reply or a forwarded mail, in any language: a short word and a colon (Re:, AW:, FW:, TR:, VS:)."""


ANSWERED: Final = re.compile(r"\s*(?:[^\W\d]{1,3}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]\s*){0,4}")
"""The same, with words too short to mark anything else: a product's notice may begin with a longer one (Held:)."""
AROUND: Final = " \t\n|()[]{}<>\"'„“”«»,.;"
PARTIES: Final = 600
"""The letter's body names the mailbox that it went to, and us, within this many characters."""


def untouched(fields: Fields, subject: str, author: Author) -> bool:
    """Say whether the header is our own letter's, forwarded unchanged: no wording around it overrides that.

    Our own field shows it, or our address with the plus-address in Reply-To, or a bare subject with SES's Message-ID.
    A report is never our letter, whatever fields it copied (RFC 6522). Mail from a mail system or with a null
    reverse-path is ours only if its Reply-To still belongs to its author: some systems copy fields.
    """
    if "report" in fields["content-type"].lower():
        return False
    if author.address and answered_at_author(fields, author):
        return True
    if author.null or author.daemon:
        return False
    if TEST_ID_FIELD in fields:
        return bool(places(fields[TEST_ID_FIELD]))
    return bare(subject) and not answers(fields) and ses_id(fields["message-id"]) != ""


def answered_at_author(fields: Fields, author: Author) -> bool:
    """Say whether Reply-To is the author's own address with a plus and a test id, which only our letter has."""
    for value in fields.all("reply-to"):
        found = PLUS.search(value)
        if found:
            plain = address.first(value[: found.start()] + value[found.end() :])
            return address.same(plain, author.address)
    return False


def bare(subject: str) -> bool:
    """Say whether a subject is just a test id."""
    text = subject.strip()
    return len(text) == 36 and bool(places(text))


def answers(fields: Fields) -> bool:
    """Say whether a mail is a reply to another (RFC 5322, section 3.6.4)."""
    return "in-reply-to" in fields or "references" in fields


def handed_on(subject: str, form: re.Pattern[str] = HANDED_ON) -> bool:
    """Say whether a subject is our letter's, forwarded or answered: the id, a prefix for either, tags of gateways."""
    for at, _ in places(subject):
        rest = TAG.sub(" ", subject[:at] + " " + subject[at + 36 :])
        prefix = form.match(rest)
        if not any(letter.isalnum() for letter in rest[prefix.end() if prefix else 0 :]):
            return True
    return False


def prefixed(subject: str) -> bool:
    """Say whether a subject begins like that of a reply or a forwarded mail."""
    found = HANDED_ON.match(TAG.sub(" ", subject))
    return bool(found and found[0].strip())


def parties(text: str) -> list[str]:
    """Return the addresses that the letter in a text names: the mailbox that it went to, and ours; none without a letter."""
    opening = OPENING.search(text)
    return [one for _, _, one in address.find(text[opening.end() : opening.end() + PARTIES])][:2] if opening else []


def within(text: str, ids: list[tuple[int, str]]) -> bool:
    """Say whether a text contains the letter's body, quoted or not, by its first words or by the line with the test id."""
    return OPENING.search(text) is not None or any(CLOSING.match(text, line_start(text, at)) for at, _ in ids)


def listed(text: str, ids: list[tuple[int, str]]) -> bool:
    """Say whether a text lists a test id as a system does: label, colon, id, and nothing else in the line."""
    return any(LISTED.match(text, line_start(text, at)) for at, _ in ids)


def apart(text: str, ids: list[tuple[int, str]]) -> bool:
    """Say whether a test id is a separate word in a text, not part of an address or a link."""
    return any(not (text[max(0, at - 1) : at] + text[at + 36 : at + 37]).strip(AROUND) for at, _ in ids)


def threaded(fields: Fields) -> bool:
    """Say whether a mail names ours as its parent: by SES's Message-ID, or by a test id."""
    return any(ses_id(fields[name]) or places(fields[name]) for name in THREAD if name in fields)


def senders(own: Fields, about: Fields) -> list[str]:
    """Return the addresses that our letters are sent from, according to a return and the letter that it is about."""
    found = [value for name in ADDRESSED for value in own.all(name)] + about.all("reply-to")
    plain = [address.first(PLUS.sub("", value)) for value in found if PLUS.search(value)]
    return [*plain, *([address.first(about["from"])] if TEST_ID_FIELD in about else [])]
