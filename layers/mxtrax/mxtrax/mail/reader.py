"""Read one returned mail: parse it, find its kind, and ask the readers in order for what it says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from mxtrax.model import Cause, Integrity, Kind, Reason, Recipient, Return

from . import causes, hops, integrity, notice, notification, status, tokens
from .bounds import MAX_DECODED, MAX_FIELD, MAX_FIELDS, MAX_HOPS, MAX_READ, MAX_RECIPIENTS
from .classify import classify
from .parts import Mail, lines_of
from .readers import READERS
from .reading import Reading

HEAD_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")


def read(raw: bytes, recipient: str | None = None, genuine: Callable[[str], bool] | None = None) -> Return:
    """Read one mail that came back. Never raises; time is linear and memory bounded, whatever `raw` contains.

    `recipient` is the mailbox the test was sent to, if the caller knows it: it takes precedence over all others.
    `genuine` recognises a test id that our secret minted: with it, no number of foreign ids can hide a genuine one.
    """
    it = Reading(Mail(lines_of(raw)), (recipient or "").strip(), genuine=genuine)
    what, recipients = classify(it)
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
        hops=hops.Chain(received[0]),
        original_hops=hops.Chain(received[1]),
        integrity=_integrity(it, what, found, raw),
        notes=_notes(it, raw, received, recipients),
    )


def _notes(
    it: Reading, raw: bytes, received: tuple[list[str], list[str]], recipients: list[Recipient]
) -> tuple[str, ...]:
    """Name every limit that was reached."""
    own, about = it.fields, it.found.fields
    notes = [*it.mail.notes, *it.notes]
    if it.mail.budget.spent:
        notes.append("more work than a mail is worth: the rest of its parts is not read")
    if it.budget.spent:
        notes.append("more work than a mail is worth: the rest of its words is not read")
    if len(raw) > MAX_READ:
        notes.append(f"longer than {MAX_READ} octets: the rest is not read")
    if max(len(own.pairs), len(about.pairs)) >= MAX_FIELDS:
        notes.append(f"more than {MAX_FIELDS} header fields: the rest is not read")
    if own.cut or about.cut:
        notes.append(f"a header field longer than {MAX_FIELD}: its rest is not read")
    if max(map(len, received)) > MAX_HOPS:
        notes.append(f"more than {MAX_HOPS} hops: the rest is not shown")
    if len(raw) > MAX_DECODED and any(part.cut for part in it.mail.parts if not part.inside):
        notes.append(f"a part longer than {MAX_DECODED}: its rest is not read")
    if len(recipients) >= MAX_RECIPIENTS:
        notes.append(f"{MAX_RECIPIENTS} recipients: there may be more")
    return tuple(dict.fromkeys(notes))


def _complete(it: Reading, what: Kind, recipients: list[Recipient]) -> list[Recipient]:
    """Ask the readers in order until one names recipients; add from the wording what the report left out."""
    if not recipients:
        for reader in READERS:
            recipients = reader(it)
            if recipients:
                break
    action = "delayed" if what is Kind.DELAY else "failed"
    result = [_filled(it, one, action, alone=len(recipients) == 1) for one in recipients[:MAX_RECIPIENTS]]
    # Failed recipients first, and among them those that we wrote to: a successful recipient says nothing.
    return sorted(result, key=lambda one: (one.action != action, it.speaks(one))) if len(result) > 1 else result


def _filled(it: Reading, one: Recipient, action: str, *, alone: bool) -> Recipient:
    """Add what the report does not say about a recipient; a status without a detail (x.0.0) yields to one of its class."""
    if one.action in status.DONE:
        return one
    code, words = one.status, one.diagnostic
    if code is None or not words:
        # If the report has a diagnostic, that is the server's final answer: the wording adds no detail to it.
        told = notice.about(it.spoken, one.address)
        code = status.finer(code, (told.status or "") if told else "")
        words = words or (told.diagnostic if told else None)
    if code is None and alone:
        # A report whose recipient is not an address (a file, a program) still has a status.
        code = status.best(status.codes(it.report) or status.codes(it.found.notice))
    if (code, words, one.action) == (one.status, one.diagnostic, action):
        return one
    return replace(one, status=code, diagnostic=words, action=one.action or action)


def _why(what: Kind, recipients: list[Recipient], it: Reading) -> tuple[Cause | None, Reason]:
    if what not in (Kind.BOUNCE, Kind.DELAY):
        return causes.held(it.fields)
    one = recipients[0] if recipients else None
    code, words = (one.status, one.diagnostic) if one else (None, None)
    cause, reason = causes.explain(code, words or it.found.notice)
    if reason is Reason.UNKNOWN and words:
        reason = causes.explain(code, it.found.notice)[1]
    if reason is Reason.UNKNOWN and it.found.after:
        reason = causes.explain(code, it.found.after)[1]
    if reason is Reason.POLICY and status.local(it.report):
        # The message of a local program (RFC 3464, section 2.3.6): its "permission denied" is not a policy.
        reason = Reason.SERVER_ERROR
    if cause in (None, Cause.REFUSED, Cause.DEFERRED):
        cause = Cause.DEFERRED if what is Kind.DELAY else cause or Cause.REFUSED
    return cause, reason


def _tokens(it: Reading, what: Kind) -> tuple[str, ...]:
    """Gather the candidates, most trusted first: our reply address, then the original, then this mail's own fields."""
    own, about = it.fields, it.found.fields
    back = what in (Kind.MESSAGE, Kind.AUTO_REPLY)
    found = [*notification.ids(it.notification), *it.plussed, *tokens.of_fields(own if back else about)]
    found += tokens.labelled(it.mail.text, it.ids)
    found += tokens.of_fields(about if back else own)
    found += [
        one
        for part in it.mail.parts
        if part.inside and part.fields is not about
        for one in tokens.of_fields(part.fields)
    ]
    if not _enough(it, found):
        found += [one for _, text, ids in it.texts if ids for one in tokens.labelled(text, ids)]
        for _, text, ids in it.texts:
            found += [one for _, one in ids] + tokens.plussed(text)
    if not _enough(it, found):
        found += tokens.wrapped("\n\n".join(text for _, text, _ in it.texts)[:MAX_DECODED])
    return tokens.ordered([*found, *tokens.anywhere(about["message-id"])], it.genuine)


def _enough(it: Reading, found: Sequence[str]) -> bool:
    """Say whether a genuine id is among the candidates, or any id if that cannot be checked."""
    return any(map(it.genuine, found)) if it.genuine else bool(found)


def _integrity(it: Reading, what: Kind, found: Sequence[str], raw: bytes) -> Integrity:
    if what is not Kind.MESSAGE:
        return Integrity(verdicts=integrity.verdicts(it.fields))
    head = HEAD_END.search(raw, 0, MAX_READ)
    body = raw[head.end() :] if head and "dkim-signature" in it.fields else b""
    text = it.mail.parts[0].text if len(it.mail.parts) == 1 else it.found.notice
    checked, notes = integrity.of_message(it.fields, it.subject, found[0] if found else "", text, body)
    it.notes += notes
    return checked
