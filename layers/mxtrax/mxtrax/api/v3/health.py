"""How the monitor is, for people who look: always an answer, where /health is an alarm for load balancers."""

from typing import Final

from mxtrax.api.public.health import Health, look
from mxtrax.api.routing import Request, Router

router: Final = Router("Health")


@router.route("GET /api/v3/health", "getHealth", gives=Health)
def health(request: Request) -> Health:
    """Answer as /health does, but with 200 even while the monitor has a problem; `status` has the code of /health."""
    return look(request)
