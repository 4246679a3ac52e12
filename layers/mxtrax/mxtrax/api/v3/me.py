"""Who is asking, as far as the API is concerned."""

from typing import Final

from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import of
from mxtrax.frozen import dataclass
from mxtrax.rules.roles import Role

router: Final = Router("People")


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who is asking; `customer` is the one whose domains alone they see."""

    name: str
    role: Role
    customer: str | None


@router.route("GET /api/v3/me", "getMe", gives=Me)
def me(request: Request) -> Me:
    """Show your name, your role, and the one customer that you see; null for all."""
    return of(Me, request.caller)
