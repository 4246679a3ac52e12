"""Measure, and print one table: `make bench`. What depends on the machine is given as a ratio of one run."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO

from rich.console import Console
from rich.table import Table

from infra.bench import api, calls, history, imports, large, mail, peers, speed, write_units
from infra.bench.figure import Figure


def main() -> None:
    """Run the measurements that were asked for, all by default."""
    asked = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    asked.add_argument("--fleet", type=int, default=10_000, help="domains when calls are counted (default: 10000)")
    given = asked.parse_args()
    _no_account()
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "imports": imports.figures,
        "calls": lambda: calls.figures(given.fleet),
        "write units": write_units.figures,
        "speed": speed.figures,
        "history": history.figures,
        "large": large.figures,
        "api": lambda: api.figures(given.fleet),
        "mail": lambda: (Figure(what, figure) for what, figure in mail.figures()),
        "peers": peers.figures,
    }
    table = Table("what", "figure", "aim", "reached")
    for name, part in parts.items():
        begun = time.monotonic()
        with redirect_stdout(StringIO()):  # The jobs print their metrics.
            lines = list(part())
        print(f"{name}: measured in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        for line in lines:
            table.add_row(line.what, line.figure, line.aim, {True: "yes", False: "no", None: ""}[line.ok])
        table.add_section()
    Console().print(table)


def _no_account() -> None:
    """See to it that nothing here can reach an account."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


if __name__ == "__main__":
    main()
