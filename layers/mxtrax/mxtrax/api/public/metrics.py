"""The fleet in numbers, for Prometheus and its kin: OpenMetrics 1.0, or Prometheus' own text 0.0.4 for who asks for that."""

from collections import Counter
from typing import Final

from mxtrax.api.public.health import ages
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.rules.status import FAILING
from mxtrax.store import fleet, fleet_queries, incidents
from mxtrax.store.fleet_queries import View

MEDIA: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
NAMED: Final = 500
"""Failing domains that have a line of their own."""

router: Final = Router("Metrics")


@router.route("GET /metrics", gives=str, media=MEDIA)
def metrics(request: Request) -> Reply:
    """Give how many domains have each status, which ones are failing, and how long ago the jobs ran."""
    keys = [key for it in FAILING for key in fleet_queries.domains(View(status=it), NAMED).items]
    failing = fleet.by_keys(keys[:NAMED])
    known = {job: age for job, age in vars(ages(request.now)).items() if age is not None}
    lines = [
        "# TYPE mxtrax_domains gauge",
        "# HELP mxtrax_domains Domains by status.",
        *(f'mxtrax_domains{{status="{it.word}"}} {number}' for it, number in fleet_queries.counts().items()),
        "# TYPE mxtrax_domain_failing gauge",
        "# HELP mxtrax_domain_failing 1 for each domain that is failing.",
        *(
            f'mxtrax_domain_failing{{domain="{_quoted(it.address)}",customer="{_quoted(it.customer)}"}} 1'
            for it in sorted(failing.values(), key=lambda it: it.key)
        ),
        "# TYPE mxtrax_incidents_open gauge",
        "# HELP mxtrax_incidents_open Open incidents by cause, and by the reason that a server gave.",
        *(f'mxtrax_incidents_open{{cause="{cause}",reason="{reason}"}} {n}' for (cause, reason), n in _open().items()),
        "# TYPE mxtrax_job_age_seconds gauge",
        "# UNIT mxtrax_job_age_seconds seconds",
        "# HELP mxtrax_job_age_seconds Seconds since a job last finished a round.",
        *(f'mxtrax_job_age_seconds{{job="{job}"}} {age}' for job, age in known.items()),
        "# EOF",
    ]
    if _takes_text_alone(request.accept):
        lines = [line for line in lines if not line.startswith(("# UNIT", "# EOF"))]
        return Reply(body="\n".join(lines) + "\n", media=TEXT)
    return Reply(body="\n".join(lines) + "\n", media=MEDIA)


def _open() -> dict[tuple[str, str], int]:
    counts = Counter((it.cause or "", it.reason or "") for it in incidents.pending() if it.closed is None)
    return dict(sorted(counts.items()))


def _takes_text_alone(accept: str) -> bool:
    taken = {each.partition(";")[0].strip().lower() for each in accept.split(",")}
    return bool(taken & {"text/plain", "text/*"}) and "application/openmetrics-text" not in taken


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
