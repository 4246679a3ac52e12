"""Mail in the inbox that belongs to no test."""

from collections.abc import Callable
from typing import Any, Final

from mxtrax.admin import unmatched
from mxtrax.api import paging
from mxtrax.api.fields import Text
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Kind, Reason
from mxtrax.rules.explanation import in_words
from mxtrax.rules.secret_ids import without_any
from mxtrax.rules.untrusted_text import harmless

PATH: Final = "/api/v3/unmatched"

router: Final = Router("Unmatched mail")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail in the list. Below the role operator, what may be a test id is taken out of its subject and sender."""

    id: str
    at: Time
    from_: str
    subject: str
    why: str


@dataclass(frozen=True, kw_only=True)
class WholeLetter:
    """A mail: what was read from it, and its source as text.

    Below the role operator, `text` is null: such a mail may name a test that is still out.
    """

    id: str
    size: int
    kind: Kind
    subject: str
    cause: Cause | None
    why: str | None
    reason: Reason
    recipients: tuple[str, ...]
    notes: tuple[str, ...]
    text: str | None


@router.route(
    f"GET {PATH}",
    "listUnmatched",
    query={"limit": paging.PAGING["limit"], "after": Text(shortest=1, longest=15, note="Take it from `next`.")},
    gives=paging.list_of(Letter),
)
def listed(request: Request) -> dict[str, Any]:
    """List the mails, latest first."""
    skip, limit = paging.number_of("after", paging.after(request) or "0"), paging.limit(request)
    letters, more = unmatched.latest(request.settings, skip, limit)
    said = _said(request)
    shown = [of(Letter, it, from_=said(it.sender), subject=said(it.subject)) for it in letters]
    return paging.listed(request, PATH, shown, str(skip + limit) if more else "")


@router.route(f"GET {PATH}/<mail>", "getUnmatched", gives=WholeLetter)
def one(request: Request, mail: str) -> WholeLetter:
    """Show a mail: what was read out of it, and its source as text. Do not trust any of it."""
    read, text, size = unmatched.show(request.settings, mail)
    said = _said(request)
    return of(
        WholeLetter,
        read,
        id=mail,
        size=size,
        why=in_words(read.cause, read.reason),
        subject=said(harmless(read.subject)),
        recipients=tuple(said(harmless(it.address)) for it in read.recipients),
        notes=tuple(harmless(note) for note in read.notes),
        text=text if request.caller.operates else "",
    )


def _said(request: Request) -> Callable[[str], str]:
    """Give the function that shows a stranger's words to this caller."""
    return str if request.caller.operates else without_any


@router.delete(f"{PATH}/<mail>", "deleteUnmatched")
def remove(request: Request, mail: str) -> None:
    """Delete a mail permanently."""
    unmatched.delete(request.caller, request.now, request.settings, mail)
