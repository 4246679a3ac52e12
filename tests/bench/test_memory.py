"""What functions use of Lambda, by memory size."""

from collections import Counter
from pathlib import Path

import pytest

from infra.bench import memory
from infra.bench.memory import SLOWER, WHOLE, Work

TEMPLATE = (Path(__file__).resolve().parents[2] / "template.yaml").read_text()


def test_what_is_computed_costs_the_same_and_what_is_waited_for_more() -> None:
    """Up to a whole CPU; beyond it both cost more."""
    computes, waits = Work(cpu=1.0), Work(calls=Counter({"dynamodb GetItem": 100}))
    assert (
        computes.gb_seconds(512) == pytest.approx(computes.gb_seconds(1_024)) == pytest.approx(SLOWER * WHOLE / 1_024)
    )
    assert computes.gb_seconds(2 * WHOLE) == pytest.approx(2 * computes.gb_seconds(WHOLE))
    assert waits.gb_seconds(1_024) == pytest.approx(2 * waits.gb_seconds(512)) == pytest.approx(0.6)


def test_each_function_has_the_memory_that_the_template_gives_it() -> None:
    """Its own, or the global one; none is left out."""
    known = memory.memory_of(TEMPLATE)
    assert len(known) == TEMPLATE.count("Type: AWS::Serverless::Function")
    assert known["aggregate"] == known["api"] == 1_024
    assert known["plan"] == known["page"] == 512


def test_the_jobs_are_measured_with_their_own_calls() -> None:
    """A minute with tests and one without: who works, how often, and what is asked of AWS."""
    tests, busy, idle = memory.measured(30)
    assert tests > 0
    assert busy["receive"].times == busy["feedback"].times == tests
    assert busy["receive"].calls["dynamodb UpdateItem"] == busy["receive"].calls["s3 DeleteObject"] == tests
    assert busy["send"].calls["sesv2 SendEmail"] == tests
    assert not idle["receive"].times
    assert {name for name, work in idle.items() if work.times} == {"plan", "send", "aggregate", "alert", "watch"}
    assert all(work.cpu > 0 for work in busy.values() if work.times)
