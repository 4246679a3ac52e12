"""Read a return by its headers alone: what SES's inbound event carries, so that most returns need no body."""

from collections.abc import Sequence

from mxtrax.model import Integrity, Kind, Return

from . import causes, hops, integrity, kind, tokens
from .bounds import MAX_FIELD, MAX_FIELDS
from .fields import Fields, decoded


def read_headers(headers: Sequence[tuple[str, str]], recipients: Sequence[str] = ()) -> Return | None:
    """Read a message or an auto-reply from its headers and the receipt's recipients.

    None where the body must be read: a report, a mail system's notice, or no test id in sight.
    """
    own = Fields((name.lower(), value[:MAX_FIELD]) for name, value in headers[:MAX_FIELDS])
    if "report" in own.get("content-type").lower() or kind.from_daemon(own):
        return None
    found = tokens.ordered([*tokens.addressed(recipients), *tokens.envelope(own), *tokens.of_fields(own)])
    if not found:
        return None
    subject = decoded(own.get("subject"))
    before, after = integrity.around(subject, found[0])
    # Where the subject is the test id and nothing else, there is no wording to search.
    bare = not before and not after and subject.strip().lower() == found[0]
    wording = "" if bare else subject
    auto = kind.automatic(own, wording)
    if auto and not kind.absent(own, wording):
        return None
    # Our own header or subject came back untouched: this is the letter. Anybody may have written anything else.
    letter = tokens.TEST_ID_FIELD in own or (bare and "in-reply-to" not in own)
    if not auto and (not letter or kind.null_sender(own) or kind.names_trouble(wording)):
        return None
    cause, reason = causes.held(own)
    return Return(
        kind=Kind.AUTO_REPLY if auto else Kind.MESSAGE,
        tokens=found,
        cause=cause,
        reason=reason,
        ses_message_id=tokens.ses_message_id(own),
        subject=subject,
        hops=hops.chain(own.all("received")),
        integrity=Integrity(verdicts=integrity.verdicts(own), subject_before=before, subject_after=after),
    )
