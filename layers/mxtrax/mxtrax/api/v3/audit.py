"""Who changed what."""

from typing import Any, Final

from mxtrax.api import paging
from mxtrax.api.fields import Text
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Object, Time, of
from mxtrax.frozen import dataclass
from mxtrax.model import Door
from mxtrax.store import audit

PATH: Final = "/api/v3/audit"
router: Final = Router("Audit")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody changed."""

    at: Time
    who: str
    door: Door
    what: str
    target: str
    before: Object | None
    after: Object | None


_TARGET: Final = Text(shortest=1, longest=330, note="Only changes of this: config, an address, customer CODENAME.")


@router.route(f"GET {PATH}", "listAudit", query={"target": _TARGET, **paging.PAGING}, gives=paging.list_of(Change))
def listed(request: Request) -> dict[str, Any]:
    """List the changes that people made, latest first."""
    found = audit.latest(paging.limit(request), paging.after(request), request.query.get("target", ""))
    return paging.listed(request, PATH, [of(Change, it) for it in found.items], found.after)
