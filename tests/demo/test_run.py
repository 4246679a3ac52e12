"""The demonstration's results: an outcome, a table, an exit code."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from infra.cli.main import app
from infra.demo import run
from infra.demo.act_customers import Found, Judged
from infra.demo.checks import Check
from infra.demo.run import Outcome
from infra.local.customers import TABLE
from mxtrax.model import State
from tests.demo.made import right


def test_an_outcome_is_right_only_where_everything_is() -> None:
    """A demonstration that has shown nothing has failed, too."""
    domains = tuple(Judged(it.domain, it.behaviour, it.expected, right(it)) for it in TABLE)
    yes, no = Check("This is so.", ok=True), Check("This is so.", ok=False)
    assert Outcome(domains, (yes,)).ok
    assert not Outcome(domains, (yes, no)).ok
    assert not Outcome(domains, ()).ok
    assert not Outcome((), (yes,)).ok
    assert not Outcome((*domains[1:], replace(domains[0], actual=Found(None, None, State.SETUP))), (yes,)).ok


def test_the_exit_code_tells_whether_all_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed checks are named on standard error, with what was seen instead."""
    domains = tuple(Judged(it.domain, it.behaviour, it.expected, right(it)) for it in TABLE)
    good = Outcome(domains, (Check("This is so.", ok=True),))
    bad = replace(good, checks=(Check("This is so.", ok=False, seen="the contrary"),))
    for outcome, code, said in ((good, 0, ""), (bad, 1, "Not as expected: This is so. Seen: the contrary\n")):
        monkeypatch.setattr(run, "hold", lambda outcome=outcome: outcome)
        for words in (["demo"], ["demo", "--json"]):
            result = CliRunner().invoke(app, words)
            assert (result.exit_code, result.stderr) == (code, said)
            assert "mill.test" in result.stdout
