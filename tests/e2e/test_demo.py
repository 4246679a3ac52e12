"""`mxtrax demo` as its user has it: all acts on the local AWS, and nothing left of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from infra.local.customers import TABLE

SECONDS = 900.0


def test_the_demonstration_shows_all_that_it_should(tmp_path: Path) -> None:
    """Every behaviour, one alarm for one provider, an outage of ours without customers' alerts, a recovery, two channels."""
    command = [sys.executable, "-m", "infra.cli", "demo", "--json"]
    done = subprocess.run(  # noqa: S603 -- our own
        command,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    shown = json.loads(done.stdout)
    assert [each for each in shown["domains"] if each["wrong"]] == []
    assert [each for each in shown["checks"] if not each["ok"]] == []
    assert (len(shown["domains"]), len(shown["checks"])) == (len(TABLE), 16)
    assert [(each["kind"], each["refused"]) for each in shown["channels"]] == [("slack", 0), ("pagerduty", 0)]
    assert all(each["opened"] and each["resolved"] for each in shown["channels"])
    assert (done.returncode, shown["ok"]) == (0, True)
    assert list(tmp_path.iterdir()) == []
