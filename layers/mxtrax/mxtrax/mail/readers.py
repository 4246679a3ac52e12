"""Find the recipients that a return is about: an explicit list of readers, the most authoritative first."""

import re
from collections.abc import Callable
from typing import Final

from mxtrax.model import Recipient

from . import address, notice, notification, status
from .bounds import MAX_RECIPIENTS, WORD_WORK
from .fields import decoded
from .reading import HEAD, Reading

BARE_NAME: Final = re.compile(r":[ \t]*\n{1,3}[ \t]{1,20}([A-Za-z0-9][\w.+-]{0,63})[ \t]*(?=\n|\Z)")


def from_report(it: Reading) -> list[Recipient]:
    """Read the delivery status part, where the standard puts them (RFC 3464)."""
    found, it.server = it.by_report
    return found


def from_report_in_text(it: Reading) -> list[Recipient]:
    """Read a report's fields in the wording: some gateways flatten the report, or encode it together with its MIME."""
    found, server = it.by_report_in_text
    it.server = it.server or server
    return found


def from_field(it: Reading) -> list[Recipient]:
    """Read X-Failed-Recipients, Exim's field that others have adopted; what is said about each is in the wording.

    If wording and original agree on another recipient, the field is wrong.
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
    """Read SES's own notification, JSON forwarded by mail."""
    return notification.named(it.notification)


def from_wording(it: Reading) -> list[Recipient]:
    """Read the wording: an address alone, after a label, or next to an SMTP reply."""
    return notice.recipients(it.spoken, it.context)


def from_wording_behind(it: Reading) -> list[Recipient]:
    """Read the wording below the original: some servers put theirs last."""
    return notice.recipients(notice.spoken(it.found.after, it.budget), it.context)


def from_bare_name(it: Reading) -> list[Recipient]:
    """Read a local part alone below a line with a colon: a mailbox at the original's domain or the reporting server's."""
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
    """Take the original's recipient: the server named nobody, and we wrote to one mailbox."""
    named = list(dict.fromkeys(it.originals))
    code = status.best(status.codes(it.found.notice))
    words = " ".join(it.found.notice.split())[:300] or None
    return [Recipient(address=one, status=code, diagnostic=words) for one in named] if len(named) == 1 else []


def from_passing(it: Reading) -> list[Recipient]:
    """Take the only address in the wording: the mail has nothing better."""
    return notice.only(it.spoken, it.context)


def from_return_path(it: Reading) -> list[Recipient]:
    """Take the recipient from a variable envelope return path (VERP, name=domain): the mail has nothing better."""
    found = re.search(r"[-+]([\w.+-]{1,64})=([\w.-]{3,100})@", it.fields["to"][:1_000])
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
