"""Who is asking, as far as the API is concerned."""

from typing import Any, Final

from mxtrax.api.rights import GROUPS
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import TEXT, maybe, record

subject: Final = Subject("People")

_ME: Final = record(name=TEXT, role={"type": "string", "enum": list(GROUPS)}, customer=maybe(TEXT))


@subject.route("GET /api/v3/me", gives=_ME)
def me(call: Call) -> dict[str, Any]:
    """Show who you are, what you may do, and whose domains alone you see; null where it is everybody's."""
    role = next(name for name, role in GROUPS.items() if role is call.asker.role)
    return {"name": call.asker.name, "role": role, "customer": call.asker.customer or None}
