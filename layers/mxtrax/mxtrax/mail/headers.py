"""Read a return by its headers alone: what SES's inbound event carries, so that most returns need no body."""

from collections.abc import Callable, Sequence

from mxtrax.model import Integrity, Kind, Return

from . import author, causes, hops, integrity, kind, ours, tokens
from .bounds import MAX_FIELD, MAX_FIELDS
from .fields import Fields, decoded


def read_headers(
    headers: Sequence[tuple[str, str]],
    recipients: Sequence[str] = (),
    genuine: Callable[[str], bool] | None = None,
) -> Return | None:
    """Read a message or an auto-reply from its headers and the receipt's recipients.

    None if the body must be read: a report, a mail system's notice, or no test id in sight. `genuine` tells a test id
    that is ours from others.
    """
    own = Fields([(name.lower(), value[:MAX_FIELD]) for name, value in headers[:MAX_FIELDS]])
    who = author.of(own)
    subject = decoded(own["subject"])
    letter = ours.untouched(own, tokens.seen(subject), who)
    if not letter and ("report" in own["content-type"].lower() or who.daemon or "x-failed-recipients" in own):
        return None
    found = tokens.ordered([*tokens.addressed(recipients), *tokens.envelope(own), *tokens.of_fields(own)], genuine)
    if not found:
        return None
    before, after = integrity.around(subject, found[0])
    auto = not letter and kind.automatic(own) and kind.absent(own, subject)
    if not letter and (not auto or not who.person or kind.opens_with_trouble(subject)):
        return None
    cause, reason = causes.held(own)
    return Return(
        kind=Kind.AUTO_REPLY if auto else Kind.MESSAGE,
        tokens=found,
        cause=cause,
        reason=reason,
        ses_message_id=tokens.ses_message_id(own),
        subject=subject,
        hops=hops.Chain(own.all("received")),
        integrity=Integrity(verdicts=integrity.verdicts(own), subject_before=before, subject_after=after),
    )
