"""Who changed what."""

from typing import Any, Final

from mxtrax.api import lists, records
from mxtrax.api.fields import Text
from mxtrax.api.routing import Call, Subject
from mxtrax.store import audit

PATH: Final = "/api/v3/audit"
subject: Final = Subject("Audit")

_TARGET: Final = Text(
    shortest=1, longest=330, note="Only what was changed of this: config, an address, customer CODENAME."
)


@subject.route(f"GET {PATH}", query={"target": _TARGET, **lists.PAGING}, gives=lists.list_of(records.CHANGE))
def listed(call: Call) -> dict[str, Any]:
    """List what was changed, the latest first."""
    found = audit.latest(lists.limit(call), lists.after(call), call.query.get("target", ""))
    return lists.listed(call, PATH, [records.change(it) for it in found.items], found.after)
