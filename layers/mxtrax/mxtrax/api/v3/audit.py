"""Who changed what."""

from dataclasses import dataclass
from typing import Any, Final

from mxtrax.api import paging
from mxtrax.api.fields import Text
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import Object, Time, of
from mxtrax.store import audit

PATH: Final = "/api/v3/audit"
subject: Final = Subject("Audit")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody changed."""

    at: Time
    who: str
    what: str
    target: str
    before: Object | None
    after: Object | None


_TARGET: Final = Text(
    shortest=1, longest=330, note="Only what was changed of this: config, an address, customer CODENAME."
)


@subject.route(f"GET {PATH}", query={"target": _TARGET, **paging.PAGING}, gives=paging.list_of(Change))
def listed(call: Call) -> dict[str, Any]:
    """List what was changed, the latest first."""
    found = audit.latest(paging.limit(call), paging.after(call), call.query.get("target", ""))
    return paging.listed(call, PATH, [of(Change, it) for it in found.items], found.after)
