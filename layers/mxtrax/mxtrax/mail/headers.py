"""Read a return by its headers alone: what SES's inbound event carries, so that most returns need no body."""

from collections.abc import Sequence

from mxtrax.model import Integrity, Kind, Return

from . import hops, integrity, kind, tokens
from .bounds import MAX_FIELD, MAX_FIELDS
from .fields import Fields, decoded


def read_headers(headers: Sequence[tuple[str, str]], recipients: Sequence[str] = ()) -> Return | None:
    """Read a message or an auto-reply from its headers and the receipt's recipients.

    None where the body must be read: a report, a mail system's notice, or no test id in sight.
    """
    own = Fields((name.lower(), value[:MAX_FIELD]) for name, value in headers[:MAX_FIELDS])
    content = own.get("content-type").lower()
    if "report" in content or kind.from_daemon(own):
        return None
    subject = decoded(own.get("subject"))
    auto = kind.automatic(own, subject)
    if not auto and (
        kind.null_sender(own) or kind.BOUNCE_SUBJECT.search(subject) or kind.DELAY_SUBJECT.search(subject)
    ):
        return None
    found = tokens.ordered([*tokens.addressed(recipients), *tokens.envelope(own), *tokens.of_fields(own)])
    if not found:
        return None
    before, after = integrity.around(subject, found[0])
    return Return(
        kind=Kind.AUTO_REPLY if auto else Kind.MESSAGE,
        tokens=found,
        ses_message_id=tokens.ses_message_id(own),
        subject=subject,
        hops=hops.chain(own.all("received")),
        integrity=Integrity(
            verdicts=integrity.verdicts(own),
            signatures=integrity.signatures(own, None),
            subject_before=before,
            subject_after=after,
        ),
    )
