"""Measure plan and alert over a large fleet, of 100,000 domains: CPU seconds, and the memory of a fresh process.

DynamoDB's responses are written to files first, so that neither its work nor its memory counts; reading, parsing,
judging and writing are our own.
"""

import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.bench.figure import Figure
from infra.bench.size import Size
from infra.bench.stub import answering_in_person, as_asked
from infra.bench.world import SENDER, START, domain
from mxtrax.jobs import alert, plan
from mxtrax.model import (
    DAY,
    HOUR,
    MINUTE,
    Cause,
    Config,
    Customer,
    DomainHealth,
    Incident,
    Recent,
    State,
    Verdict,
    WindowCounts,
)
from mxtrax.rules.statistics import RECENT
from mxtrax.rules.status import listing_of
from mxtrax.runtime.environment import Settings
from mxtrax.store import mapping

PROVIDERS: Final = 400
KEYS: Final = {"bench-maildomain": "key", "bench-health": "maildomain", "bench-customer": "codename"}
"""The tables that are read as a whole, and the key from which the next response continues."""

PAGE_BYTES: Final = 1_000_000
"""The size of one DynamoDB response."""

SETTINGS: Final = Settings(
    tables="bench-",
    send_queue="https://sqs.eu-west-1.amazonaws.com/1/send",
    aggregate_queue="https://sqs.eu-west-1.amazonaws.com/1/aggregate",
    observe_queue="https://sqs.eu-west-1.amazonaws.com/1/observe",
    alert_queue="https://sqs.eu-west-1.amazonaws.com/1/alert",
    alert_topic="arn:aws:sns:eu-west-1:1:alerts",
    sending_user=SENDER,
    send_rate=200.0,
)
CONFIG: Final = Config(sendinguser=SENDER, alertuser=("ops@example.org",), version=1)
PUBLISHED: Final = (
    b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>'
    b"</PublishResult></PublishResponse>"
)


class Cost(NamedTuple):
    """A job's cost: CPU seconds, and its process's peak memory in MB."""

    cpu: float
    mb: float


def figures(size: Size) -> Iterator[Figure]:
    """Give what plan and alert cost."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), size)
        planned, told = (_measured(job, folder) for job in ("plan", "alert"))
    what = f"plan of {size.large:,} domains"
    yield Figure(what, f"{planned.cpu:.1f} CPU-s, {planned.mb:.0f} MB", "at most 5 CPU-s", ok=planned.cpu <= 5).named(
        plan_100k_cpu_s=round(planned.cpu, 2), plan_100k_mb=round(planned.mb)
    )
    what = f"alert of {size.failing} failures among {size.large:,} domains"
    good = told.cpu < 10 and told.mb < 300
    yield Figure(what, f"{told.cpu:.1f} CPU-s, {told.mb:.0f} MB", "under 10 CPU-s and 300 MB", ok=good).named(
        alert_100k_cpu_s=round(told.cpu, 2), alert_100k_mb=round(told.mb)
    )


def _measured(job: str, folder: str) -> Cost:
    done = subprocess.run(
        [sys.executable, "-m", "infra.bench.large", job, folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


# --- DynamoDB's content


def _write(folder: Path, size: Size) -> None:
    """Write the fleet as DynamoDB's responses, page by page."""
    failing, well = size.failing, _health(size.failing, failing=False)
    health = [_health(number, failing=True) for number in range(failing)]
    domain_item, health_item = (
        json.dumps(row.serialize(), default=_text).replace(domain(failing).key, "@KEY@")
        for row in (
            mapping.maildomain_row(domain(failing), listing_of(well, maintmode=False)),
            mapping.health_row(well),
        )
    )
    rows = [mapping.health_row(it).serialize() for it in health]
    _pages(folder, "bench-maildomain", (_domain_item(domain_item, number, failing) for number in range(size.large)))
    _pages(
        folder,
        "bench-health",
        (
            json.dumps(rows[number], default=_text) if number < failing else _item(health_item, number)
            for number in range(size.large)
        ),
    )
    customer = mapping.customer_row(Customer(codename="acme", friendlyname="Acme Ltd")).serialize()
    _pages(folder, "bench-customer", [json.dumps(customer)])
    incidents = [mapping.incident_row(_incident(health[number], number)).serialize() for number in range(failing)]
    (folder / "incidents.json").write_text(json.dumps({it["id"]["S"]: it for it in incidents}, default=_text))


def _item(form: str, number: int) -> str:
    return form.replace("@KEY@", domain(number).key)


def _domain_item(form: str, number: int, of: int) -> str:
    """Make the item of a domain from that of the domain with the number `of`."""
    return (
        _item(form, number)
        .replace(f'"id": {{"N": "{of + 1}"}}', f'"id": {{"N": "{number + 1}"}}')
        .replace(f"customer{of}.example", f"customer{number}.example")
        .replace(f"provider{of % PROVIDERS}.example", f"provider{number % PROVIDERS}.example")
    )


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()


def _pages(folder: Path, table: str, items: Iterator[str] | list[str]) -> None:
    key = KEYS[table]
    number, page, size = 0, list[str](), 0

    def write(last: str) -> None:
        count = f'"Count": {len(page)}, "ScannedCount": {len(page)}'
        (folder / f"{table}-{number}.json").write_text(f'{{"Items": [{", ".join(page)}], {count}{last}}}')

    for item in items:
        page.append(item)
        size += len(item) * 2 // 3  # Without the surrounding JSON.
        if size > PAGE_BYTES:
            write(f', "LastEvaluatedKey": {{"{key}": {{"S": "{number + 1}"}}}}')
            number, page, size = number + 1, [], 0
    write("")


def _health(number: int, *, failing: bool) -> DomainHealth:
    """Give a domain's health: a full day of tests on time; one that fails has lost the last of them."""
    recent = [Recent(START - n * 15 * MINUTE, Verdict.ONTIME, 4_000 + n) for n in range(RECENT, 0, -1)]
    if failing:
        recent[-1] = replace(recent[-1], verdict=Verdict.OVERDUE, took=None, cause=Cause.NO_WORD)
    return DomainHealth(
        maildomain=domain(number).key,
        state=State.FAILING if failing else State.OK,
        since=START - 6 * MINUTE if failing else START - DAY,
        recent=tuple(recent),
        window_counts={START // HOUR - n: WindowCounts(4, 0, int(failing and n == 0), 16_000) for n in range(24)},
        streak=0 if failing else RECENT,
        retest=int(failing),
        exceeded=("maxfailnumber",) if failing else (),
        provider=f"provider{number % PROVIDERS}.example",
        incident=f"{number + 1}-{START - 6 * MINUTE}" if failing else "",
        version=1_000,
    )


def _incident(health: DomainHealth, number: int) -> Incident:
    return Incident(
        id=health.incident,
        maildomain=health.maildomain,
        customer="acme",
        opened=START - MINUTE,
        cause=Cause.REFUSED,
        evidence="Their server refused it: 550 5.1.1 no such user here.",
        testid=f"0f47b1a2-92f6-4c1e-9d0a-{number:012}",
        sent=START - 7 * MINUTE,
        exceeded=health.exceeded,
        provider=health.provider,
        due=START - MINUTE,
    )


# --- a job, in a process of its own


def run(job: str, folder: Path) -> Cost:
    """Run a job once, with the responses in a folder."""
    incidents = json.loads((folder / "incidents.json").read_text())
    with answering_in_person(_answers(folder, incidents)), redirect_stdout(StringIO()):
        begun = time.process_time()
        if job == "plan":
            plan.run(START, SETTINGS)
        else:
            alert.run(START, SETTINGS)
        took = time.process_time() - begun
    return Cost(took, _most_memory())


def _most_memory() -> float:
    """Give this process's peak memory in MB. getrusage's figure would include that of the parent process."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


NOTHING: Final = b'{"Items": [], "Count": 0, "ScannedCount": 0}'


def _answers(folder: Path, incidents: Mapping[str, Any]) -> Callable[[str, Any], bytes]:
    singles = {
        "settings": {"settings": {"S": json.dumps(mapping.config_settings(CONFIG))}, "version": {"N": "1"}},
        "secret": {"secret": {"S": "5e" * 32}},
    }

    def scan(asked: Mapping[str, Any]) -> bytes:
        page = asked.get("ExclusiveStartKey", {}).get(KEYS.get(asked["TableName"]), {}).get("S", "0")
        file = folder / f"{asked['TableName']}-{page}.json"
        return file.read_bytes() if file.exists() else NOTHING

    def query(asked: Mapping[str, Any]) -> bytes:
        if asked.get("IndexName") != "pending":
            return NOTHING
        number = len(incidents)
        found = [{"id": it["id"]} for it in incidents.values()]
        return _json({"Items": found, "Count": number, "ScannedCount": number})

    def get(asked: Mapping[str, Any]) -> bytes:
        found = singles.get(asked["Key"].get("id", {}).get("S", ""))
        return _json({"Item": asked["Key"] | found} if found else {})

    def batch_get(asked: Mapping[str, Any]) -> bytes:
        ((table, of),) = asked["RequestItems"].items()
        found = [incidents[key["id"]["S"]] for key in of["Keys"]] if table == "bench-incident" else []
        return _json({"Responses": {table: found}, "UnprocessedKeys": {}})

    by_operation: Mapping[str, Callable[[Any], bytes]] = {
        "Scan": scan,
        "Query": query,
        "GetItem": get,
        "BatchGetItem": batch_get,
        "UpdateItem": lambda asked: _json(as_asked(asked)),
        "Publish": lambda _: PUBLISHED,
        "SendEmail": lambda _: _json({"MessageId": "0102"}),
    }
    return lambda operation, asked: by_operation[operation](asked) if operation in by_operation else b"{}"


def _json(it: Mapping[str, Any]) -> bytes:
    return json.dumps(it).encode()


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]))._asdict()))
