"""How the monitor is, for people who look: always an answer, where /health is an alarm for load balancers."""

from typing import Final

from mxtrax.api.public.health import Health, look
from mxtrax.api.routing import Request, Router

router: Final = Router("Health")


@router.route("GET /api/v3/health", "getHealth", gives=Health)
def health(request: Request) -> Health:
    """Give what /health gives, with 200 also where the monitor is in trouble: `status` says what /health would answer."""
    return look(request)
