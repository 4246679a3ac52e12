"""How long the API takes to answer for a large fleet: its handler in this process, its tables in the local AWS.

The console is measured on the same fleet (browser.py).
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import parse_qsl

from infra.bench import browser, lighthouse
from infra.bench.figure import Figure
from infra.bench.size import Size
from infra.local.alone import alone
from infra.local.aws import surroundings
from infra.local.ministack import Ministack
from mxtrax.admin.actor import Actor
from mxtrax.admin.importing import import_fleet
from mxtrax.api import answer
from mxtrax.model import MINUTE, SECOND, Cause, DomainHealth, Door, Millis, Recent, State, Verdict
from mxtrax.rules import status
from mxtrax.rules.fleet_csv import HEADER, read
from mxtrax.rules.statistics import RECENT
from mxtrax.runtime.environment import Settings
from mxtrax.store import fleet, mapping, tables

NOW: Final[Millis] = 1_795_341_600_000
FAILING_EVERY: Final = 100
CUSTOMERS: Final = 500
SETTINGS: Final = Settings(tables="bench-")
OPERATOR: Final = Actor(name="bench", door=Door.COMMAND_LINE)

AIM: Final = 1.0
"""Seconds within which the API should answer for 10,000 domains on the local AWS."""

SEARCH_AIM: Final = 0.4
"""Seconds for a search once a worker has the names; the first one reads them."""

ASKED: Final = {
    "overview, 50 worst with counts": "/api/v3/overview",
    "overview of one customer": "/api/v3/overview?customer=c7",
    "list, failing": "/api/v3/maildomains?status=down",
    "list, search by a part of the name": "/api/v3/maildomains?search=d4242",
    "list, by name": "/api/v3/maildomains?sort=name",
    "one domain": "/api/v3/maildomains/42",
}


def figures(size: Size) -> Iterator[Figure]:
    """Measure the API's answers for a fleet of this many domains."""
    domains = size.fleet
    with _tables():
        begun = time.perf_counter()
        lines = (f"Customer {n % CUSTOMERS},c{n % CUSTOMERS},mxtrax,d{n}.example" for n in range(domains))
        done = import_fleet(OPERATOR, NOW, read("\n".join([",".join(HEADER), *lines]).encode()))
        took = time.perf_counter() - begun
        yield Figure(f"import of {done.imported:,} domains by CSV", f"{took:.0f} s", "under 60 s", took < 60)
        _stand()
        for what, path in ASKED.items():
            yield _measured(f"{what}, {domains:,} domains", path, size.rounds)
        what = f"overview of {domains:,} domains, the handler's processor time"
        yield _cpu(what, ASKED["overview, 50 worst with counts"], size.rounds)
        yield from browser.figures(size, NOW, SETTINGS)
        yield from lighthouse.figures(size, NOW, SETTINGS)


@contextmanager
def _tables() -> Iterator[None]:
    """Give empty tables in a local AWS of our own."""
    with tempfile.TemporaryDirectory() as folder, alone(Path(folder)) as lock:
        local = Ministack(Path(folder) / "ministack")
        local.start(lock)
        try:
            with surroundings(local.endpoint):
                tables.connect(SETTINGS.tables)
                for table in tables.TABLES:
                    table.create_table(wait=True)
                yield
        finally:
            local.stop()


def _stand() -> None:
    """Give each domain a history: most are well, some fail."""
    with tables.HealthRow.batch_write() as batch:
        for number, domain in enumerate(fleet.everyone()):
            failing = number % FAILING_EVERY == 0
            tests = [Recent(NOW - n * 15 * MINUTE, Verdict.ONTIME, 4_000 + n) for n in range(RECENT, 0, -1)]
            if failing:
                tests[-1] = replace(tests[-1], verdict=Verdict.OVERDUE, took=None, cause=Cause.NO_WORD)
            state = State.FAILING if failing else State.OK
            known = DomainHealth(maildomain=domain.key, state=state, since=NOW - number, recent=tuple(tests), version=1)
            batch.save(mapping.health_row(known))
            mapping.maildomain_row(domain, status.listing_of(known, maintmode=False)).save()


def _measured(what: str, path: str, rounds: int) -> Figure:
    first, *times = [_asked(path, NOW + number * SECOND) for number in range(rounds)]
    aim = SEARCH_AIM if "search" in path else AIM
    p50, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
    figure = f"first {first * 1000:.0f} ms, then p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    return Figure(what, figure, f"then p95 under {aim} s", p95 < aim)


def _cpu(what: str, path: str, rounds: int) -> Figure:
    """Measure the handler's own CPU time; the tables are in another process."""
    took = []
    for number in range(rounds):
        begun = time.process_time()
        _asked(path, NOW + number * SECOND)
        took.append(time.process_time() - begun)
    cpu = sorted(took)[len(took) // 2] * 1000
    return Figure(what, f"{cpu:.0f} ms").named(overview_cpu_ms=round(cpu, 1))


def _asked(path: str, now: Millis) -> float:
    """Make a request as a person does, and give how long that took, in seconds."""
    bare, _, query = path.partition("?")
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": bare,
        "rawQueryString": query,
        "headers": {"accept-encoding": "gzip"},
        "requestContext": {
            "stage": "$default",
            "http": {"method": "GET", "path": bare},
            "authorizer": {"jwt": {"claims": {"username": "bench", "cognito:groups": "[viewer]"}}},
        },
        "queryStringParameters": dict(parse_qsl(query)),
        "isBase64Encoded": False,
    }
    begun = time.perf_counter()
    got = answer(event, now, SETTINGS)
    took = time.perf_counter() - begun
    if got["statusCode"] != 200:
        raise RuntimeError(json.dumps(got)[:300])
    return took


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "ERROR")
    for line in figures(Size()):
        print(line)
