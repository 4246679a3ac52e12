"""Lighthouse's scores for the pages that people see first: sign-in, Now, and a customer's public page.

With its own settings for a slow phone. Its score for speed depends on the machine, so the median of several rounds
counts.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from playwright.sync_api import sync_playwright

from infra.bench.browser import FLAGS, served, session
from infra.bench.figure import Figure
from infra.bench.size import Size
from mxtrax.model import SECOND, Millis, Stat
from mxtrax.runtime import memory
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, fleet_queries, mapping
from mxtrax.store.tables import StatRow
from mxtrax.web.status.facts import DAYS
from mxtrax.web.status.reading import MOST

TOOLS: Final = Path(__file__).parents[2] / ".tools"
NODE: Final = TOOLS / "node" / "bin"
PROGRAM: Final = TOOLS / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
AIM: Final = 95
MOST_ROUNDS: Final = 3
TRIES: Final = 4
LINK: Final = "b" * 32
CUSTOMER: Final = "c7"
RESPONSE: Final = "server-response-time"
"""How long the server takes to respond: it has no weight of its own, but delays everything that has."""


def figures(size: Size, now: Millis, settings: Settings) -> Iterator[Figure]:
    """Run Lighthouse on the pages, with the domains in the tables."""
    chromium = shutil.which("chromium")
    if chromium is None or not PROGRAM.exists():
        yield Figure("Lighthouse", "chromium or Lighthouse is not installed")
        return
    _publish(now)
    with served(now, settings) as url:
        pages = {"sign-in": (url, ""), "Now": (url, session()), "public page": (f"{url}status/{LINK}", "")}
        for name, (address, signed_in) in pages.items():
            rounds = [_looked(chromium, url, address, signed_in) for _ in range(min(size.rounds, MOST_ROUNDS))]
            scores = {it: round(median(each.scores[it] for each in rounds)) for it in CATEGORIES}
            told = ", ".join(f"{it.replace('-', ' ')} {score}" for it, score in scores.items())
            if min(scores.values()) < AIM:
                told += f"; {', '.join(min(rounds, key=lambda it: min(it.scores.values())).lacks)}"
            yield Figure(
                f"Lighthouse, {name}, the middle of {len(rounds)}",
                told,
                f"at least {AIM} each",
                min(scores.values()) >= AIM,
            )


def _publish(now: Millis) -> None:
    """Give a customer with domains and thirty days of figures a public page: an empty one would load too fast."""
    customer = customers.get(CUSTOMER)
    if customer is None:
        raise RuntimeError(f"There is no customer {CUSTOMER} in the tables.")
    customers.save(replace(customer, link=LINK))
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    days = [(today - timedelta(days=back)).isoformat() for back in range(DAYS)]
    with StatRow.batch_write() as batch:
        for key in fleet_queries.domains(fleet_queries.View(customer=CUSTOMER), MOST).items:
            for day in days:
                batch.save(mapping.stat_row(Stat(maildomain=key, d=day, ontime_num=94, late_num=2, total_num=96)))


class Looked(NamedTuple):
    """Lighthouse's result for a page: its scores in per cent, and the audits below 90 %, with their scores."""

    scores: Mapping[str, float]
    lacks: Sequence[str]


def _looked(chromium: str, url: str, address: str, signed_in: str) -> Looked:
    """Run it on an uncached page; on a busy machine it may miss the beginning and say so: then run it once more."""
    for left in reversed(range(TRIES)):
        memory.reset()
        done = _run(chromium, url, address, signed_in)
        if not done.returncode:
            break
        if not left:
            raise RuntimeError(f"Lighthouse did not run: {done.stderr[-1_000:]}")
    said: dict[str, Any] = json.loads(done.stdout)
    found, audits = said["categories"], said["audits"]
    weighed = {it["id"] for name in CATEGORIES for it in found[name]["auditRefs"] if it["weight"]} | {RESPONSE}
    low = [audits[it] for it in sorted(weighed) if (audits[it]["score"] or 0) < 0.9 and audits[it]["score"] is not None]
    lacks = [f"{it['id']} {it.get('displayValue', '')}".strip() for it in low]
    return Looked({name: 100 * found[name]["score"] for name in CATEGORIES}, lacks)


def _run(chromium: str, url: str, address: str, signed_in: str) -> subprocess.CompletedProcess[str]:
    """Run it once, in a browser with nothing of the page but, if asked, a session."""
    with _browser(chromium, url, signed_in) as port:
        asked = [
            str(PROGRAM),
            address,
            f"--port={port}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--disable-storage-reset",
            "--output=json",
            "--quiet",
        ]
        path = f"{NODE}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(asked, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})


@contextmanager
def _browser(chromium: str, url: str, signed_in: str) -> Iterator[int]:
    """Start a fresh browser, and give its debugging port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(folder, executable_path=chromium, args=flags)
        page = context.pages[0]
        page.goto(f"{url}status/nothing")  # for this origin, without any of its files
        if signed_in:
            page.evaluate("it => localStorage.setItem('mxtrax.session', it)", signed_in)
        try:
            yield port
        finally:
            context.close()
