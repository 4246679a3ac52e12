"""Hold one mail while it is read, and the readers that find its recipients: a list, the most authoritative first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from mxtrax.model import Recipient

from . import address, author, kind, notice, notification, original, ours, status, tokens
from .bounds import MAX_DECODED, MAX_LINE, MAX_RECIPIENTS, WORD_WORK
from .budget import Budget
from .fields import Fields, decoded
from .parts import Mail

HEAD: Final = 6_000
BANNER: Final = 600
"""Characters that a gateway may put above our letter."""
BARE_NAME: Final = re.compile(r":[ \t]*\n{1,3}[ \t]{1,20}([A-Za-z0-9][\w.+-]{0,63})[ \t]*(?=\n|\Z)")
REPORT: Final = ("message/delivery-status", "message/global-delivery-status")


@dataclass
class Reading:
    """Hold what is being read; each view is made when it is first asked for."""

    mail: Mail
    known: str = ""
    server: str = ""
    genuine: Callable[[str], bool] | None = None
    reported: list[Recipient] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)

    @property
    def fields(self) -> Fields:
        """The return's own header."""
        return self.mail.fields

    @cached_property
    def subject(self) -> str:
        """The return's own subject, decoded."""
        return decoded(self.fields.get("subject"))

    @cached_property
    def title(self) -> str:
        """The subject as a reader sees it, without invisible characters."""
        return tokens.seen(self.subject[:MAX_LINE])

    @cached_property
    def plain_title(self) -> str:
        """The subject without what gateways put around it."""
        return ours.TAG.sub(" ", self.title)

    @cached_property
    def author(self) -> author.Author:
        """Who wrote it."""
        return author.of(self.fields)

    @property
    def postmaster(self) -> bool:
        """Whether a postmaster wrote it, and not as a person under an address of his own (RFC 5321, section 4.5.5)."""
        return author.postmaster(self.author) and (self.author.null or "return-path" not in self.fields)

    @cached_property
    def found(self) -> original.Found:
        """The original's header block and the server's wording."""
        return original.look(self.mail, self.budget)

    @cached_property
    def words(self) -> str:
        """The wording without the tags of gateways before our subject, where it is quoted."""
        return ours.TAGGED.sub("", self.found.notice)

    @cached_property
    def replied(self) -> bool:
        """Whether the wording quotes a server's reply of failure or delay."""
        return bool(status.REPLY.search(self.found.notice[:HEAD]))

    @cached_property
    def opens_as_letter(self) -> bool:
        """Whether the mail's first text is the letter's body, not one that is quoted below other words."""
        text = next((part.text[:HEAD] for part in self.mail.parts if not part.inside and part.text.strip()), "")
        before, sentence, _ = text.partition(ours.SENTENCE)
        told = status.answers(before) or kind.failed(before) or "\n>" in before
        return bool(sentence) and len(before) < BANNER and not told

    @cached_property
    def holds_letter(self) -> bool:
        """Whether the letter is in it: enclosed, or quoted."""
        if any(part.inside and tokens.TEST_ID_FIELD in part.fields for part in self.mail.parts):
            return True
        return any(ours.within(tokens.seen(part.text)) for part in self.mail.parts)

    @cached_property
    def names_us(self) -> bool:
        """Whether subject, thread or address name our mail as what it answers."""
        return bool(tokens.places(self.title)) or ours.threaded(self.fields) or self.addressed

    @property
    def of_mailbox(self) -> bool:
        """Whether the author may be the mailbox that the test went to: unknown, or the same."""
        return not self.known or address.same(self.known, self.author.address)

    @cached_property
    def addressed(self) -> bool:
        """Whether it was sent to the address that we ask answers to."""
        return any(True for _ in tokens.envelope(self.fields))

    @cached_property
    def sums_up(self) -> bool:
        """Whether the wording lists our mail as a system does: label, colon, test id."""
        texts = (part.text[:HEAD] for part in self.mail.parts if not part.inside)
        return any(ours.LISTED.search(tokens.seen(text)) for text in texts)

    @cached_property
    def names_recipient(self) -> bool:
        """Whether the wording names whom a mail failed to reach."""
        return bool(notice.recipients(self.spoken, self.context))

    @cached_property
    def speaks_of_it(self) -> bool:
        """Whether words of the author's own name the mailbox that the enclosed letter was for: who sends on does not."""
        if not any(part.inside for part in self.mail.parts):
            return False
        said = {name.casefold() for _, _, name in address.find(self.found.notice)}
        return any(one.casefold() in said for one in self.originals)

    @cached_property
    def notification(self) -> str:
        """A notification of SES as JSON, out of the JSON of SNS where that encloses it; empty where there is none."""
        texts = (p.text for p in self.mail.parts if not p.inside and p.mime.startswith(("text/", "application/json")))
        return next((notification.unwrapped(text) for text in texts if notification.MARK.search(text)), "")

    @cached_property
    def report(self) -> str:
        """The text of the delivery status parts; those of a report within the original count where there is no other."""
        found = [p for p in self.mail.parts if p.mime in REPORT]
        return "\n\n".join(p.text for p in [p for p in found if not p.inside] or found)[:MAX_DECODED]

    @cached_property
    def spoken(self) -> notice.Spoken:
        """The server's wording, by lines and mentions."""
        return notice.spoken(self.found.notice, self.budget)

    @cached_property
    def originals(self) -> list[str]:
        """Whom the original was for."""
        return [
            one
            for name in ("to", "cc", "x-original-to")
            for one in address.mailboxes(decoded(self.found.fields.get(name)[:4_000]))
        ]

    @cached_property
    def context(self) -> notice.Context:
        """What is known before the wording is read."""
        own, about = self.fields, self.found.fields
        led = [a for name in ("delivered-to", "envelope-to") for a in address.mailboxes(about.get(name)[:2_000])]
        told = [a for name in ("to", "from", "cc", "delivered-to") for _, _, a in address.find(own.get(name)[:2_000])]
        return notice.Context(
            known=self.known,
            originals=frozenset(a.casefold() for a in (*self.originals, *led)),
            ours=frozenset(a.casefold() for a in told),
            senders=frozenset(a.casefold() for a in ours.senders(own, about)),
        )


def from_report(it: Reading) -> list[Recipient]:
    """Read the delivery status part: the standard's own place (RFC 3464)."""
    found, server = status.reported(it.report, it.known) if it.report else ([], "")
    it.server = server
    return found


def from_report_in_text(it: Reading) -> list[Recipient]:
    """Read a report's fields in the wording: gateways flatten the report, or encode it with its MIME."""
    text = it.found.notice
    if not status.MARK.search("\n" + text):
        text = it.found.after
        if not status.MARK.search("\n" + text):
            return []
    found, server = status.reported(text, it.known)
    it.server = it.server or server
    return found


def from_field(it: Reading) -> list[Recipient]:
    """Read X-Failed-Recipients: Exim's word, and taken up by others; what is said of each stands in the wording.

    Where wording and original agree on another, the field is wrong.
    """
    named = dict[str, None]()
    for value in it.fields.all("x-failed-recipients"):
        if len(named) < MAX_RECIPIENTS and it.budget.spend(len(value) * WORD_WORK):
            named |= dict.fromkeys(one for _, _, one in address.find(decoded(value)))
    once = list(named)[:MAX_RECIPIENTS]
    agreed = from_wording(it) if once and not any(notice.about(it.spoken, one) for one in once) else []
    if any(one.address.casefold() in it.context.originals for one in agreed):
        return agreed
    return [notice.about(it.spoken, one) or Recipient(address=one) for one in once]


def from_notification(it: Reading) -> list[Recipient]:
    """Read SES's own notification, JSON sent on by mail."""
    return notification.named(it.notification)


def from_wording(it: Reading) -> list[Recipient]:
    """Read the wording: an address that stands alone, after a label, or beside an answer."""
    return notice.recipients(it.spoken, it.context)


def from_wording_behind(it: Reading) -> list[Recipient]:
    """Read the wording below the original: some put their words last."""
    return notice.recipients(notice.spoken(it.found.after, it.budget), it.context)


def from_bare_name(it: Reading) -> list[Recipient]:
    """Read a name that stands alone below a line with a colon: a mailbox of whom the original was for, or of who reports."""
    found = BARE_NAME.search(it.found.notice[:HEAD])
    if not found:
        return []
    name = found[1].casefold()
    domain = it.author.address.rpartition("@")[2] if it.author.daemon or it.postmaster else ""
    one = next((a for a in it.originals if a.casefold().startswith(name + "@")), "")
    if not one and domain and not it.originals:
        one = f"{found[1]}@{domain}"
    words = " ".join(it.found.notice[max(0, found.start() - 200) : found.end() + 200].split())
    return [Recipient(address=one, diagnostic=words)] if one else []


def from_original(it: Reading) -> list[Recipient]:
    """Take whom the original was for: the server named nobody, and we wrote to one mailbox."""
    named = list(dict.fromkeys(it.originals))
    code = status.best(status.codes(it.found.notice))
    words = " ".join(it.found.notice.split())[:300] or None
    return [Recipient(address=one, status=code, diagnostic=words) for one in named] if len(named) == 1 else []


def from_passing(it: Reading) -> list[Recipient]:
    """Take the one address that the wording names at all: the mail has nothing better."""
    return notice.only(it.spoken, it.context)


def from_return_path(it: Reading) -> list[Recipient]:
    """Take the recipient out of a variable envelope return path (name=domain): the mail has nothing better."""
    found = re.search(r"[-+]([\w.+-]{1,64})=([\w.-]{3,100})@", it.fields.get("to")[:1_000])
    return [Recipient(address=f"{found[1].rsplit('-', 1)[-1]}@{found[2]}")] if found else []


READERS: Final[tuple[Callable[[Reading], list[Recipient]], ...]] = (
    from_report,
    from_report_in_text,
    from_field,
    from_notification,
    from_wording,
    from_wording_behind,
    from_bare_name,
    from_original,
    from_passing,
    from_return_path,
)
