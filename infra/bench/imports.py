"""Measure how long functions take to import, compared with one that imports what such functions usually do."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from infra.bench.figure import Figure
from infra.bench.size import Size

ROOT: Final = Path(__file__).resolve().parents[2]
FUNCTIONS: Final = ROOT / "functions"

USUAL: Final = """
import boto3
from aws_lambda_powertools import Logger, Metrics{tracer}
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent
from pynamodb.models import Model
{made}
for service in ("dynamodb", "s3", "sqs", "sns", "sesv2"):
    boto3.client(service)
"""

CONNECTED: Final = """
import send
from mxtrax import edge
from mxtrax.aws.clients import client
from mxtrax.store.tables import connection
edge.settings()
connection().client, client("sesv2")
"""
"""What a function's first call adds to its import: the clients that it uses."""

FIRST_PAGE: Final = """
import status
from mxtrax.web.status.templates import load
load("page.html")
"""
"""What a worker's first public page adds to its import: the template engine, and reading the template."""

MEASURE: Final = "import sys, time; begun = time.process_time(); exec(sys.argv[1]); print(time.process_time() - begun)"


def figures(size: Size) -> Iterator[Figure]:
    """Give each function's import time relative to the usual one's."""
    tracing = find_spec("aws_xray_sdk") is not None
    names = size.functions or tuple(sorted(file.stem for file in FUNCTIONS.glob("[a-z]*.py")))
    works = {name: f"import {name}" for name in names}
    works["usual"] = USUAL.format(
        tracer=", Tracer" if tracing else "", made="Tracer(service='bench')" if tracing else ""
    )
    works["connected"] = CONNECTED
    works["first page"] = FIRST_PAGE
    took = _measured(works, size.rounds)
    usual = took["usual"]
    tracer = "with" if tracing else "without"
    what = f"import of a usual handler: boto3 and 5 clients, PynamoDB, all of Powertools ({tracer} Tracer's X-Ray SDK)"
    yield Figure(what, f"1 ({usual * 1000:,.0f} ms)")
    for name in names:
        yield Figure(f"  import of {name}", f"{took[name] / usual:.2f}")
    yield Figure(
        "  import of send, with the clients that its first call makes", f"{took['connected'] / usual:.2f}"
    ).named(imports={name: round(took[name] / usual, 3) for name in (*names, "connected", "first page")})
    yield Figure("  import of status, with the template of its first page", f"{took['first page'] / usual:.2f}")


def _measured(works: dict[str, str], rounds: int) -> dict[str, float]:
    """Run each in fresh interpreters, in turn, and give the least CPU seconds; the first round writes bytecode."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, work],
                cwd=FUNCTIONS,
                env={"PATH": "", "AWS_DEFAULT_REGION": "eu-west-1", "MXTRAX_TABLES": "bench-", **_KEYS},
                capture_output=True,
                text=True,
                check=True,
            )
            if number:
                took[name].append(float(done.stdout))
    return {name: min(each) for name, each in took.items()}


_KEYS: Final = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "PYTHONPATH": str(ROOT / "layers/mxtrax"),
}
