"""Domains that are left out of the rounds: they are the monitor's own incident, and no customer's."""

from dataclasses import replace

from mxtrax.jobs import rollup
from mxtrax.model import HOUR, Millis
from mxtrax.rules import vitals
from mxtrax.store import fleet, incidents, runtime
from tests.stage import Stage

ROUNDS = 3_600
"""Seconds between two looks."""


def _tested(it: Stage) -> None:
    """Let all domains be tested that are due, and the tests be counted."""
    for sent in it.tick():
        it.delivered(sent)
        it.comes_back(sent)
    it.wait(60)
    it.fold()


def _looks(it: Stage) -> int:
    """Let rollup look, and watch after it; give how many domains are left out."""
    left_out = rollup.run(it.now, it.settings)["left_out"]
    for job in (*vitals.HEARTBEATS, vitals.WELL):
        runtime.heartbeat(job, it.now)
    it.watch()
    return left_out


def _said() -> str:
    found = incidents.get(vitals.ID)
    return found.evidence if found and found.closed is None else ""


def test_a_domain_that_nobody_tests_is_the_monitors_own_incident(it: Stage) -> None:
    """After three hours it looks so, an hour later it is certain; its name is in no sentence that /health shows to all."""
    it.domain("left.example", interval_minutes=1)
    _tested(it)
    assert _looks(it) == 0
    it.wait(5 * ROUNDS)
    assert (_looks(it), _said()) == (0, "")
    it.wait(ROUNDS)
    assert _looks(it) == 1
    assert _said() == "1 domain has not been tested for three intervals; the log of rollup names them."
    it.wait(120)
    it.alert()
    _tested(it)
    it.wait(ROUNDS)
    assert (_looks(it), _said()) == (0, "")


def test_what_is_tested_seldom_or_was_added_or_paused_is_not_left_out(it: Stage) -> None:
    """By its own interval; and nobody is woken for one that has just come out of maintenance."""
    seldom = it.domain("seldom.example", interval_minutes=600, added=it.now)
    paused = it.domain("paused.example", maintmode=True)
    _tested(it)
    for _ in range(8):
        it.wait(ROUNDS)
        assert _looks(it) == 0
    it.domain("new.example", added=it.now)
    known = fleet.by_key(paused.key)
    assert known
    fleet.save(replace(known, maintmode=False))
    it.wait(1)
    assert _looks(it) == 0
    assert runtime.untested().suspects.keys() == {paused.key}
    assert seldom.key not in runtime.untested().suspects


def test_what_was_seen_long_ago_does_not_count(it: Stage) -> None:
    """If rollup is silent, that is reported, not what it last saw."""
    it.domain("left.example", interval_minutes=1)
    _tested(it)
    runtime.save_untested({"a": 1}, 1, it.now)
    it.wait(3 * ROUNDS)
    for job in vitals.HEARTBEATS:
        runtime.heartbeat(job, it.now)
    it.watch()
    assert _said() == ""
    long_ago: Millis = it.now - HOUR
    runtime.save_untested({"a": 1}, 2, long_ago)
    it.watch()
    assert _said().startswith("2 domains have")
