"""Read one returned mail: an explicit list of readers, the most authoritative first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from mxtrax.model import Cause, Integrity, Kind, Reason, Recipient, Return

from . import address, causes, feedback, hops, integrity, kind, notice, notification, original, status, tokens
from .bounds import MAX_DECODED, MAX_FIELD, MAX_FIELDS, MAX_HOPS, MAX_READ, MAX_RECIPIENTS
from .fields import Fields, decoded
from .parts import Mail, lines_of

REPORT: Final = ("message/delivery-status", "message/global-delivery-status")
HEAD_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass
class Reading:
    """Hold what is being read; each view is made when it is first asked for."""

    mail: Mail
    known: str = ""
    server: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def fields(self) -> Fields:
        """The return's own header."""
        return self.mail.fields

    @cached_property
    def subject(self) -> str:
        """The return's own subject, decoded."""
        return decoded(self.fields.get("subject"))

    @cached_property
    def found(self) -> original.Found:
        """The original's header block and the server's wording."""
        return original.look(self.mail)

    @cached_property
    def report(self) -> str:
        """The text of the delivery status parts; those of a report within the original count where there is no other."""
        found = [p for p in self.mail.parts if p.mime in REPORT]
        return "\n\n".join(p.text for p in [p for p in found if not p.inside] or found)

    @cached_property
    def originals(self) -> list[str]:
        """Whom the original was for."""
        return [
            a for name in ("to", "cc", "x-original-to") for _, _, a in address.find(self.found.fields.get(name)[:4_000])
        ]

    @cached_property
    def context(self) -> notice.Context:
        """What is known before the wording is read."""
        own = self.fields
        ours = [a for name in ("to", "from", "cc", "delivered-to") for _, _, a in address.find(own.get(name)[:2_000])]
        return notice.Context(
            known=self.known,
            originals=frozenset(a.casefold() for a in self.originals),
            ours=frozenset(a.casefold() for a in ours),
        )


def from_report(it: Reading) -> list[Recipient]:
    """Read the delivery status part: the standard's own place (RFC 3464)."""
    found, server = status.reported(it.report, it.known) if it.report else ([], "")
    it.server = server
    return found


def from_report_in_text(it: Reading) -> list[Recipient]:
    """Read a report's fields in the wording: gateways flatten the report, or encode it with its MIME."""
    text = it.found.notice
    if not status.MARK.search(text):
        text = it.found.after
        if not status.MARK.search(text):
            return []
    found, server = status.reported(text, it.known)
    it.server = it.server or server
    return found


def from_field(it: Reading) -> list[Recipient]:
    """Read X-Failed-Recipients: Exim's word, and taken up by others; what is said of each stands in the wording."""
    named = [a for value in it.fields.all("x-failed-recipients") for _, _, a in address.find(value)]
    return [notice.about(it.found.notice, one) or Recipient(address=one) for one in dict.fromkeys(named)]


def from_notification(it: Reading) -> list[Recipient]:
    """Read SES's own notification, JSON sent on by mail."""
    return notification.named(it.mail.text)


def from_wording(it: Reading) -> list[Recipient]:
    """Read the wording: an address that stands alone, after a label, or beside an answer."""
    return notice.recipients(it.found.notice, it.context)


def from_wording_behind(it: Reading) -> list[Recipient]:
    """Read the wording below the original: some put their words last."""
    return notice.recipients(it.found.after, it.context)


def from_original(it: Reading) -> list[Recipient]:
    """Take whom the original was for: the server named nobody, and we wrote to one mailbox."""
    named = list(dict.fromkeys(it.originals))
    code = status.best(status.codes(it.found.notice))
    words = " ".join(it.found.notice.split())[:300] or None
    return [Recipient(address=one, status=code, diagnostic=words) for one in named] if len(named) == 1 else []


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
    from_original,
    from_return_path,
)


def read(raw: bytes, recipient: str | None = None) -> Return:
    """Read one mail that came back. Never raises; time is linear and memory bounded, whatever `raw` holds.

    `recipient` is the mailbox the test was sent to, where the caller knows it: it is preferred to all others.
    """
    it = Reading(Mail(lines_of(raw)), (recipient or "").strip())
    what, recipients = _classify(it)
    if what in (Kind.BOUNCE, Kind.DELAY):
        recipients = _complete(it, what, recipients)
    cause, reason = _why(what, recipients, it)
    found = _tokens(it, what)
    received = it.fields.all("received"), it.found.fields.all("received")
    return Return(
        kind=what,
        tokens=found,
        recipients=tuple(recipients),
        reporting_mta=it.server,
        cause=cause,
        reason=reason,
        ses_message_id=tokens.ses_message_id(it.fields, it.found.fields),
        subject=it.subject,
        hops=hops.chain(received[0]),
        original_hops=hops.chain(received[1]),
        integrity=_integrity(it, what, found, raw),
        notes=_notes(it, raw, received, recipients),
    )


def _notes(
    it: Reading, raw: bytes, received: tuple[list[str], list[str]], recipients: list[Recipient]
) -> tuple[str, ...]:
    """Name every bound that was passed."""
    notes = [*it.mail.notes, *it.notes]
    blocks = (it.fields, it.found.fields)
    passed = (
        (len(raw) > MAX_READ, f"longer than {MAX_READ} octets: the rest is not read"),
        (any(len(b) >= MAX_FIELDS for b in blocks), f"more than {MAX_FIELDS} header fields: the rest is not read"),
        (any(b.cut for b in blocks), f"a header field longer than {MAX_FIELD}: its rest is not read"),
        (any(len(chain) > MAX_HOPS for chain in received), f"more than {MAX_HOPS} hops: the rest is not shown"),
        (any(p.cut for p in it.mail.parts if not p.inside), f"a part longer than {MAX_DECODED}: its rest is not read"),
        (len(recipients) >= MAX_RECIPIENTS, f"{MAX_RECIPIENTS} recipients: there may be more"),
    )
    return tuple(dict.fromkeys([*notes, *(note for happened, note in passed if happened)]))


def _classify(it: Reading) -> tuple[Kind, list[Recipient]]:
    """Tell the kind, and the recipients as far as telling it needed them."""
    own = it.fields
    content = own.get("content-type").lower()
    if "feedback-report" in content or any(p.mime == "message/feedback-report" and not p.inside for p in it.mail.parts):
        text = "\n".join(p.text for p in it.mail.parts if p.mime == "message/feedback-report")
        recipients, it.server = feedback.rcpt(text)
        return Kind.FEEDBACK, recipients
    if notification.COMPLAINT in it.mail.text:
        return Kind.FEEDBACK, notification.named(it.mail.text)
    if "disposition-notification" in content:
        # A receipt is nothing to us; a mail refused after it was taken says so in one (RFC 5429, section 2.1.2).
        refused = kind.by_words(it.subject, it.found.notice) is Kind.BOUNCE
        return (Kind.BOUNCE if refused else Kind.OTHER), []
    reported = from_report(it) or (from_report_in_text(it) if not it.report else []) or from_notification(it)
    by_report = kind.by_actions(reported)
    if by_report:
        return by_report, reported
    daemon = kind.from_daemon(own)
    auto = kind.automatic(own, it.subject)
    words = kind.by_words(it.subject, it.found.notice)
    if auto and not daemon and not reported and not (words and kind.opens_with_trouble(it.subject)):
        return Kind.AUTO_REPLY, _author(it)
    if reported or it.report or daemon or kind.null_sender(own):
        return words or (Kind.BOUNCE if reported or daemon else Kind.MESSAGE), reported
    if words and kind.opens_with_trouble(it.subject):
        return words, reported
    return (Kind.OTHER if kind.challenge(it.found.notice) else Kind.MESSAGE), []


def _author(it: Reading) -> list[Recipient]:
    one = address.first(it.fields.get("from"))
    return [Recipient(address=one)] if one else []


def _complete(it: Reading, what: Kind, recipients: list[Recipient]) -> list[Recipient]:
    """Ask the readers in order until one names recipients; fill in what the report left out from the wording."""
    if not recipients:
        for reader in READERS:
            recipients = reader(it)
            if recipients:
                break
    action = "delayed" if what is Kind.DELAY else "failed"
    result: list[Recipient] = []
    for one in recipients:
        more = one
        if not one.status or not one.diagnostic:
            told = notice.about(it.found.notice, one.address)
            if told:
                more = replace(one, status=one.status or told.status, diagnostic=one.diagnostic or told.diagnostic)
            if more.status is None and len(recipients) == 1:
                # A report whose recipient is no address (a file, a program) still tells the status.
                found = status.codes(it.report) or status.codes(it.found.notice)
                more = replace(more, status=status.best(found))
        result.append(more if more.action else replace(more, action=action))
    # Whom we wrote to stands first.
    return sorted(result, key=lambda one: not address.same(one.address, it.known)) if it.known else result


def _why(what: Kind, recipients: list[Recipient], it: Reading) -> tuple[Cause | None, Reason]:
    if what not in (Kind.BOUNCE, Kind.DELAY):
        return None, Reason.UNKNOWN
    one = next(
        (r for r in recipients if it.known and address.same(r.address, it.known)), recipients[0] if recipients else None
    )
    text = (one.diagnostic if one else None) or it.found.notice
    cause, reason = causes.explain(one.status if one else None, text)
    if reason is Reason.UNKNOWN and text is not it.found.notice:
        reason = causes.explain(one.status if one else None, it.found.notice)[1]
    if cause in (None, Cause.REFUSED, Cause.DEFERRED):
        cause = Cause.DEFERRED if what is Kind.DELAY else cause or Cause.REFUSED
    return cause, reason


def _tokens(it: Reading, what: Kind) -> tuple[str, ...]:
    """Gather the candidates, most trusted first: the address we are answered at, then the original, then this mail's own."""
    own, about = it.fields, it.found.fields
    back = what in (Kind.MESSAGE, Kind.AUTO_REPLY)
    found = [*tokens.envelope(own), *tokens.of_fields(own if back else about)]
    found += tokens.labelled(it.mail.text[it.mail.body :])
    found += tokens.of_fields(about if back else own)
    found += [one for part in it.mail.parts if part.inside for one in tokens.of_fields(part.fields)]
    if not found:
        texts = [part.text for part in it.mail.parts]
        found += [one for text in texts for one in tokens.labelled("\n" + text)]
        found += [one for text in texts for one in tokens.anywhere(text)]
    if not found:
        found += tokens.wrapped("\n\n".join(part.text for part in it.mail.parts)[:MAX_DECODED])
    return tokens.ordered([*found, *tokens.anywhere(about.get("message-id"))])


def _integrity(it: Reading, what: Kind, found: Sequence[str], raw: bytes) -> Integrity:
    if what is not Kind.MESSAGE:
        return Integrity(verdicts=integrity.verdicts(it.fields))
    head = HEAD_END.search(raw, 0, MAX_READ)
    body = raw[head.end() :] if head and "dkim-signature" in it.fields else b""
    text = it.mail.parts[0].text if len(it.mail.parts) == 1 else it.found.notice
    checked, notes = integrity.of_message(it.fields, it.subject, found[0] if found else "", text, body)
    it.notes += notes
    return checked
