"""Measure, and print one table: `make bench`. Figures that depend on the machine are ratios within one run, or CPU time."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.bench import (
    api,
    calls,
    costs,
    history,
    imports,
    large,
    mail,
    memory,
    peers,
    prices,
    speed,
    tick,
    write_units,
)
from infra.bench.figure import Figure
from infra.bench.size import TINY, Size


def main() -> None:
    """Run the measurements that were requested, all by default."""
    asked = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    asked.add_argument("--fleet", type=int, default=0, help="domains when calls are counted (default: 10000)")
    asked.add_argument("--tiny", action="store_true", help="only show that each part runs; the figures say nothing")
    asked.add_argument(
        "--only", default="", metavar="PARTS", help="some parts, separated by commas, such as calls,large"
    )
    asked.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="NAME=USD",
        help="a price other than that of infra/bench/prices.py",
    )
    asked.add_argument("--json", action="store_true", help="print one object, with what each value was measured on")
    given = asked.parse_args()
    for name, _, usd in (each.partition("=") for each in given.price):
        try:
            prices.override(name, float(usd))
        except (KeyError, ValueError) as error:
            asked.error(f"--price {name}: {error.args[0]}")
    _no_account()
    known = dict[str, Any]()
    size = TINY if given.tiny else Size()
    if given.fleet:
        size = replace(size, fleet=given.fleet)
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "imports": lambda: imports.figures(size),
        "calls": lambda: calls.figures(size.fleet),
        "write units": lambda: write_units.figures(size.days),
        "memory": lambda: memory.figures(size.paced),
        "costs": lambda: costs.figures(known),
        "tick": tick.figures,
        "speed": lambda: speed.figures(size.rounds),
        "history": lambda: history.figures(size),
        "large": lambda: large.figures(size),
        "api": lambda: api.figures(size),
        "mail": lambda: (Figure(what, figure) for what, figure in mail.figures(size.seconds)),
        "peers": lambda: peers.figures(size.rounds),
    }
    wanted = [name.strip() for name in given.only.split(",") if name.strip()] or list(parts)
    if "costs" in wanted:
        wanted += ["calls", "write units", "memory"]
    if unknown := set(wanted) - parts.keys():
        asked.error(f"--only: there is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    measured = [(name, _measured(name, part, known)) for name, part in parts.items() if name in wanted]
    if given.json:
        on = {key: line.what.strip() for _, lines in measured for line in lines for key in line.values}
        print(json.dumps(known | {"measured_on": on, "processor": os.cpu_count()}, indent=2))
    else:
        _print(measured)


def _measured(name: str, part: Callable[[], Iterator[Figure]], known: dict[str, Any]) -> list[Figure]:
    """Collect the figures of a part, and add their values to the known ones."""
    begun, lines = time.monotonic(), list[Figure]()
    with redirect_stdout(StringIO()):  # The jobs print metrics.
        for line in part():
            lines.append(line)
            known |= line.values
    print(f"{name}: measured in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return lines


def _print(measured: Sequence[tuple[str, Sequence[Figure]]]) -> None:
    table = Table("what", "figure", "aim", "reached")
    for _, lines in measured:
        for line in lines:
            table.add_row(line.what, line.figure, line.aim, {True: "yes", False: "no", None: ""}[line.ok])
        table.add_section()
    Console().print(table)


def _no_account() -> None:
    """Make sure that nothing here can reach an account."""
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
