"""One mail while it is read: the views that tests and readers need, each made on first use."""

from collections.abc import Callable
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from functools import cached_property
from typing import Final

from mxtrax.model import Kind, Recipient

from . import address, author, kind, notice, notification, original, ours, status, tokens
from .bounds import MAX_DECODED, MAX_LINE
from .budget import Budget
from .fields import Fields, decoded
from .parts import Mail

HEAD: Final = 6_000
BANNER: Final = 600
"""Characters that a gateway may put above our letter."""
REPORT: Final = ("message/delivery-status", "message/global-delivery-status")


@dataclass
class Reading:
    """The mail being read; each view is made on first use."""

    mail: Mail
    known: str = ""
    server: str = ""
    genuine: Callable[[str], bool] | None = None
    reported: list[Recipient] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)

    @cached_property
    def fields(self) -> Fields:
        """The return's own header."""
        return self.mail.fields

    @cached_property
    def subject(self) -> str:
        """The return's own subject, decoded."""
        return decoded(self.fields["subject"])

    @cached_property
    def title(self) -> str:
        """The subject as people see it, without invisible characters."""
        return tokens.seen(self.subject[:MAX_LINE])

    @cached_property
    def plain_title(self) -> str:
        """The subject without what gateways added."""
        return ours.TAG.sub(" ", self.title)

    @cached_property
    def author(self) -> author.Author:
        """Who wrote it."""
        return author.of(self.fields)

    @property
    def names_failed(self) -> bool:
        """Whether a report, or Exim's field, names recipients."""
        return bool(self.reported) or "x-failed-recipients" in self.fields

    @property
    def postmaster(self) -> bool:
        """Whether a postmaster wrote it, and not from a personal address (RFC 5321, section 4.5.5)."""
        return author.postmaster(self.author) and (self.author.null or "return-path" not in self.fields)

    @cached_property
    def found(self) -> original.Found:
        """The original's header block and the server's wording."""
        return original.Found(self.mail, self.budget)

    @cached_property
    def head(self) -> str:
        """The opening of the wording in lower case, which shows the kind."""
        return self.found.notice[:HEAD].lower()

    @cached_property
    def by_words(self) -> Kind | None:
        """The kind according to the words of the subject and the wording."""
        return kind.by_words(self.subject.lower(), self.head)

    @cached_property
    def tells_of_failure(self) -> bool:
        """Whether the wording reports a failure or a delay, ignoring gateways' tags before our subject in it."""
        return kind.failed(ours.TAGGED.sub("", self.found.notice)[:HEAD].lower())

    @cached_property
    def absent(self) -> bool:
        """Whether subject or opening say that somebody is away."""
        return kind.absent(self.fields, self.subject) or kind.away(self.head)

    @property
    def fails_us(self) -> bool:
        """Whether the words say that our mail failed; not if the mailbox or an absent person says so about another mail."""
        if self.by_words not in (Kind.BOUNCE, Kind.DELAY) or (self.known and self.of_mailbox):
            return False
        if self.absent and self.of_domain:
            return False
        # A help desk's acknowledgement may mention a delay of its answer.
        return self.by_words is Kind.BOUNCE or not kind.acknowledges(self.fields, self.head)

    @property
    def answers_alone(self) -> bool:
        """Whether it may be an auto-responder's: no mail system or list server wrote it, and it returns no mail."""
        who = self.author
        system = self.names_failed or who.daemon or who.lists or self.postmaster
        return not system and not self.returns_original

    @property
    def replied(self) -> bool:
        """Whether the wording quotes an SMTP reply of failure or delay."""
        return bool(status.REPLY.search(self.head))

    @cached_property
    def opens_as_letter(self) -> bool:
        """Whether the mail opens with the letter's body, not with other words above a quotation of it."""
        text = "\n".join(text for inside, text, _ in self.texts if not inside)[:HEAD]
        opening = ours.OPENING.search(text)
        before = text[: opening.start()] if opening else ""
        told = not self.by_party and (status.answers(before) or kind.failed(before.lower()))
        short = len(before) < BANNER or self.by_party
        return opening is not None and short and not told and "\n>" not in before

    @cached_property
    def by_party(self) -> bool:
        """Whether its author is a party that the letter in it names: then a code above is part of a gateway's banner."""
        who = self.author
        if who.null or not who.address:
            return False
        named = (one for _, text, _ in self.texts for one in ours.parties(text))
        return any(address.same(one, who.address) for one in named)

    @cached_property
    def holds_letter(self) -> bool:
        """Whether it contains the letter, enclosed or quoted."""
        if any(part.inside and tokens.TEST_ID_FIELD in part.fields for part in self.mail.parts):
            return True
        return any(ours.within(text, ids) for _, text, ids in self.texts)

    @cached_property
    def ids(self) -> list[tuple[int, str]]:
        """Where UUIDs are in the mail as received, below its header."""
        return tokens.places(self.mail.text, self.mail.body)

    @cached_property
    def texts(self) -> list[tuple[bool, str, list[tuple[int, str]]]]:
        """The parts' texts as people see them: whether they are enclosed, the text, and where UUIDs are in it.

        If the mail as received has none, a part that needed no decoding has none.
        """
        seen = ((part, tokens.seen(part.text)) for part in self.mail.parts)
        return [(p.inside, text, [] if p.verbatim and not self.ids else tokens.places(text)) for p, text in seen]

    @cached_property
    def names_us(self) -> bool:
        """Whether subject, thread or address say that it answers our mail."""
        return bool(tokens.places(self.title)) or ours.threaded(self.fields) or self.addressed

    @cached_property
    def answers_us(self) -> bool:
        """Whether a person answers our letter and quotes it: an SMTP reply that they mention is not about our mail."""
        who = self.author
        by_hand = self.of_mailbox and who.person and not (who.null or who.named or kind.automatic(self.fields))
        answer = ours.answers(self.fields) and ours.prefixed(self.title) and ours.handed_on(self.title)
        if not (by_hand and answer) or self.returns_original:
            return False
        letter = ours.OPENING.search(self.found.notice)
        if not letter:
            return False
        known = self.context.ours | self.context.senders
        above = address.find(self.found.notice[: letter.start()])
        return all(name.casefold() in known for _, _, name in above)

    @property
    def of_mailbox(self) -> bool:
        """Whether the author may be the mailbox that the test went to: unknown, or the same."""
        return not self.known or address.same(self.known, self.author.address)

    @property
    def of_domain(self) -> bool:
        """Whether the author may be at the test's domain: unknown, or the same."""
        return not self.known or address.same_domain(self.known, self.author.address)

    @cached_property
    def addressed(self) -> bool:
        """Whether it was sent to our reply address."""
        return bool(self.plussed)

    @cached_property
    def plussed(self) -> list[str]:
        """The candidates from the addresses that it was sent to."""
        return list(tokens.envelope(self.fields))

    @cached_property
    def returns_original(self) -> bool:
        """Whether it returns a mail as servers do, with trace fields: auto-responders do not (RFC 3834)."""
        return "received" in self.found.fields or any(part.inside for part in self.mail.parts)

    @cached_property
    def sums_up(self) -> bool:
        """Whether the wording lists our mail as systems do: label, colon, test id."""
        return any(
            ours.listed(text, [place for place in ids if place[0] < HEAD])
            for inside, text, ids in self.texts
            if not inside
        )

    @property
    def names_test(self) -> bool:
        """Whether the wording has the test id: people who answer by hand do not write it."""
        return any(ours.apart(text, ids) for inside, text, ids in self.texts if ids and not inside)

    @cached_property
    def names_recipient(self) -> bool:
        """Whether the wording names a recipient that a mail failed to reach."""
        return bool(notice.recipients(self.spoken, self.context))

    @property
    def tells_of_another(self) -> bool:
        """Whether the wording above a signature has an address other than the author's and ours: replies do not."""
        known = self.context.ours | self.context.senders
        lines = self.spoken.lines
        end = lines.index(notice.SIGNATURE) if notice.SIGNATURE in lines else len(lines)
        return any(it.weight and it.line < end and it.key not in known for it in self.spoken.places)

    @property
    def reports_on_us(self) -> bool:
        """Whether it names both our test and somebody else, like a notice about a mail, and does not contain the letter.

        An absent person names neither, or a colleague; a help desk that acknowledges our letter may name both.
        """
        if self.holds_letter or (self.known and self.of_mailbox) or not (self.names_test and self.tells_of_another):
            return False
        return not kind.acknowledges(self.fields, self.head)

    @property
    def tells_of_mailbox(self) -> bool:
        """Whether it names the test's mailbox, and is neither from that nor from a help desk that has the letter."""
        if self.of_mailbox or self.known.casefold() not in self.spoken.by_key or self.holds_letter:
            return False
        return not kind.acknowledges(self.fields, self.head)

    @cached_property
    def class_of_ours(self) -> str:
        """The class of the status that the wording gives for the test's mailbox, empty if it gives none."""
        told = (notice.about(self.spoken, one) for ours in self.mailboxes for one in ours)
        return next((one.status[0] for one in told if one and one.status), "")

    @cached_property
    def mailboxes(self) -> tuple[frozenset[str], ...]:
        """The test's recipients in lower case: the one that the caller names, then those of the original."""
        return frozenset((self.known.casefold(),)), self.context.originals

    def speaks(self, one: Recipient) -> int:
        """Rank a recipient among several: ours first, because the others are not our concern."""
        return next((rank for rank, ours in enumerate(self.mailboxes) if one.address.casefold() in ours), 2)

    @property
    def above_letter(self) -> str:
        """The wording above our letter."""
        letter = ours.OPENING.search(self.found.notice)
        return self.found.notice[: letter.start()] if letter else self.found.notice

    @property
    def fails_above_letter(self) -> bool:
        """Whether somebody who is not one of the letter's parties says above it that it failed."""
        return not self.by_party and kind.failed(ours.TAGGED.sub("", self.above_letter)[:HEAD].lower())

    @cached_property
    def speaks_of_it(self) -> bool:
        """Whether the author's own words name the mailbox that the returned letter was for: people who forward do not.

        It does not count if the author is one of the letter's parties, or if the mail looks like a forwarded one.
        """
        if self.by_party or (not self.returns_original and ours.handed_on(self.title, ours.ANSWERED)):
            return False
        said = {name.casefold() for _, _, name in address.find(self.above_letter)}
        named = [*self.originals, *(one for _, text, _ in self.texts for one in ours.parties(text)[:1])]
        return any(one.casefold() in said for one in named)

    @cached_property
    def notification(self) -> str:
        """SES's notification as JSON, unwrapped from SNS's JSON if necessary; empty if there is none."""
        texts = (p.text for p in self.mail.parts if not p.inside and p.mime.startswith(("text/", "application/json")))
        return next((notification.unwrapped(text) for text in texts if notification.MARK.search(text)), "")

    @cached_property
    def report(self) -> str:
        """The text of the delivery status parts; those of a report within the original count if there is no other."""
        found = [p for p in self.mail.parts if p.mime in REPORT]
        return "\n\n".join(p.text for p in [p for p in found if not p.inside] or found)[:MAX_DECODED]

    @cached_property
    def by_report(self) -> tuple[list[Recipient], str]:
        """The recipients of the delivery status parts, and who reports."""
        return status.reported(self.report, self.known, lambda: self.originals) if self.report else ([], "")

    @cached_property
    def by_report_in_text(self) -> tuple[list[Recipient], str]:
        """The same, if the report's fields are in the wording."""
        text = next((one for one in (self.found.notice, self.found.after) if status.flattened(one)), "")
        return status.reported(text, self.known, lambda: self.originals) if text else ([], "")

    @cached_property
    def spoken(self) -> notice.Spoken:
        """The server's wording, by lines and mentions."""
        return notice.spoken(self.found.notice, self.budget)

    @cached_property
    def originals(self) -> list[str]:
        """The original's recipients."""
        return [
            one
            for name in ("to", "cc", "x-original-to")
            for one in address.mailboxes(decoded(self.found.fields[name][:4_000]))
        ]

    @cached_property
    def context(self) -> notice.Context:
        """What is known before the wording is read."""
        own, about = self.fields, self.found.fields
        led = [a for name in ("delivered-to", "envelope-to") for a in address.mailboxes(about[name][:2_000])]
        told = [a for name in ("to", "from", "cc", "delivered-to") for _, _, a in address.find(own[name][:2_000])]
        return notice.Context(
            known=self.known,
            originals=frozenset(a.casefold() for a in (*self.originals, *led)),
            ours=frozenset(a.casefold() for a in told),
            senders=frozenset(a.casefold() for a in ours.senders(own, about)),
        )
