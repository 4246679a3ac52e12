"""The fleet and the monitor in numbers, for Prometheus and its kin. What each is for: docs/operations.md."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from mxtrax.api import exposition
from mxtrax.api.exposition import Family, counters, gauge, gauges
from mxtrax.api.public.health import look
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.aws import sqs
from mxtrax.model import SECOND
from mxtrax.rules import counters as counted
from mxtrax.rules.status import FAILING
from mxtrax.rules.vitals import LOOP
from mxtrax.store import fleet_queries, incidents, runtime

NAMED: Final = 10_000
"""Failing domains that have a line of their own: a megabyte."""

router: Final = Router("Metrics")


@router.route("GET /metrics", "getMetrics", gives=str, media=exposition.PLAIN)
def metrics(request: Request) -> Reply:
    """Give metrics of domains, tests, round-trip times and the monitor itself."""
    plain = not exposition.asks_for_openmetrics(request.accept)
    families = (*_fleet(), *_tests(), *_monitor(request), _dead_letters(request.settings.dead_queues))
    return Reply(
        body=exposition.text(families, plain=plain), media=exposition.PLAIN if plain else exposition.OPENMETRICS
    )


def _fleet() -> Iterator[Family]:
    counts = fleet_queries.counts()
    yield gauges("mxtrax_domains", "Domains by status.", (({"status": it.word}, n) for it, n in counts.items()))
    failing = sorted(fleet_queries.of_status(statuses=FAILING, most=NAMED), key=lambda it: it.key)
    lines = (({"domain": it.key, "customer": it.customer}, 1) for it in failing)
    yield gauges("mxtrax_domain_failing", "1 for each domain that is failing.", lines)
    left_out = max(0, sum(counts[it] for it in FAILING) - len(failing))
    yield gauge("mxtrax_domains_failing_without_line", f"Failing domains beyond the first {NAMED:,}.", left_out)
    found = Counter((it.cause or "", it.reason or "") for it in incidents.pending() if it.closed is None)
    by_cause = (({"cause": cause, "reason": reason}, n) for (cause, reason), n in sorted(found.items()))
    yield gauges("mxtrax_incidents_open", "Open incidents by cause, and by the reason that a server gave.", by_cause)


def _tests() -> Iterator[Family]:
    known = runtime.counted_tests()
    verdicts = (({"verdict": it.value}, known.by_name[it]) for it in counted.VERDICTS)
    yield counters("mxtrax_tests", "Tests by verdict; an overdue test gets its final verdict later.", verdicts)
    returned = sum(known.by_name[it] for it in counted.VERDICTS if it.value in ("ontime", "late"))
    yield exposition.histogram(
        "mxtrax_round_trip_seconds",
        "Round-trip times of returned tests.",
        {bound: known.by_name[counted.within(bound)] for bound in counted.BOUNDS},
        returned,
        known.by_name[counted.TOOK] / SECOND,
        "seconds",
    )
    yield _moment("mxtrax_last_return_timestamp_seconds", "When a returned test was last counted.", known.returned)
    loop = runtime.last_heartbeats([LOOP])[LOOP]
    yield _moment("mxtrax_own_loop_last_return_timestamp_seconds", "When our own loop's test last came back.", loop)


def _monitor(request: Request) -> Iterator[Family]:
    health = look(request)
    yield gauge("mxtrax_healthy", "1 while /health answers 200.", int(health.status < 400))
    ages = (({"function": job}, age) for job, age in vars(health.ages).items() if age is not None)
    yield gauges("mxtrax_job_age_seconds", "Seconds since each job last finished a round.", ages, "seconds")
    fault = "1 while the monitor itself is suspected."
    yield gauge("mxtrax_self_check_failed", fault, int(health.monitor_fault is not None))
    yield gauge("mxtrax_storm", "1 while more mail comes in than is kept.", int(health.storm is not None))
    waits = "How long the oldest undelivered alert has been waiting."
    yield gauge("mxtrax_alert_waiting_seconds", waits, health.not_notified or 0, "seconds")
    yield gauge("mxtrax_alerts_returned", "Addresses that returned an alert in the last day.", health.alerts_returned)
    yield gauge("mxtrax_channels_failing", "Channels that fail to deliver.", health.channels_failing)


def _dead_letters(queues: str) -> Family:
    named = (each.partition("=") for each in queues.split())
    lines = (({"queue": name}, sqs.waiting(url)) for name, _, url in named)
    return gauges("mxtrax_dead_letters", "Messages in the dead-letter queues, by queue.", lines)


def _moment(name: str, says: str, at: int | None) -> Family:
    return gauge(name, says, None if at is None else at / SECOND, "seconds")
