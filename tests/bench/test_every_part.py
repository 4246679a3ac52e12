"""Each part of `make bench` runs to its end, at a size that shows only that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {
    "write_units_per_test",
    "calls_per_test",
    "usd_per_1000",
    "usd_over_ses_percent",
    "usd_at_rest",
    "alert_100k_cpu_s",
    "alert_100k_mb",
    "plan_100k_cpu_s",
    "overview_cpu_ms",
    "imports",
}
"""The values for programs; those of a browser are there only if one is installed."""


@pytest.mark.xdist_group("world")
def test_every_part_runs_and_gives_what_was_promised() -> None:
    """One object, each of its values with what it was measured on, and memory that is a small process's own."""
    done = subprocess.run(
        [sys.executable, "-m", "infra.bench", "--tiny", "--json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    told = json.loads(done.stdout)
    assert told.keys() >= PROMISED
    assert told.keys() - {"measured_on", "processor"} == told["measured_on"].keys()
    assert 0 < told["plan_100k_mb"] < 150
