"""Read a return by its headers alone, which are in SES's inbound event, so that most returns need no body."""

from collections.abc import Callable, Sequence

from mxtrax.model import Integrity, Kind, Return

from . import author, causes, hops, integrity, ours, tokens
from .bounds import MAX_FIELD, MAX_FIELDS
from .fields import Fields, decoded


def read_headers(
    headers: Sequence[tuple[str, str]],
    recipients: Sequence[str] = (),
    genuine: Callable[[str], bool] | None = None,
) -> Return | None:
    """Read our own letter, forwarded unchanged, from its headers and the receipt's recipients.

    None if the body must be read, as for every other mail: what looks like a reply may say that our mail failed.
    `genuine` says whether a test id is ours.
    """
    own = Fields([(name.lower(), value[:MAX_FIELD]) for name, value in headers[:MAX_FIELDS]])
    subject = decoded(own["subject"])
    if not ours.untouched(own, tokens.seen(subject), author.of(own)):
        return None
    found = tokens.ordered([*tokens.addressed(recipients), *tokens.envelope(own), *tokens.of_fields(own)], genuine)
    if not found:
        return None
    before, after = integrity.around(subject, found[0])
    cause, reason = causes.held(own)
    return Return(
        kind=Kind.MESSAGE,
        tokens=found,
        cause=cause,
        reason=reason,
        ses_message_id=tokens.ses_message_id(own),
        subject=subject,
        hops=hops.Chain(own.all("received")),
        integrity=Integrity(verdicts=integrity.verdicts(own), subject_before=before, subject_after=after),
    )
