"""How many domains have each status: counted, except for those of a large fleet that are well."""

from collections.abc import Mapping

import pytest

from mxtrax.model import MINUTE, MailDomain
from mxtrax.rules.status import Status
from mxtrax.store import directory, fleet, fleet_queries, runtime
from mxtrax.store.tables import MailDomainRow
from tests.stage import START, Stage


@pytest.fixture
def ten(it: Stage, monkeypatch: pytest.MonkeyPatch) -> list[MailDomain]:
    """Add ten domains that are well, with a limit that makes them many."""
    monkeypatch.setattr(fleet_queries, "MANY", 5)
    them = [it.domain(f"d{number}.example") for number in range(10)]
    _round(it, them)
    return them


def _round(it: Stage, back: list[MailDomain]) -> None:
    for sent in it.tick():
        if sent.to in {domain.address for domain in back}:
            it.comes_back(sent)
    it.wait(400)
    it.fold()


def _counted(now: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Mapping[Status, int], list[str]]:
    """Count, and give which statuses the table was asked for."""
    asked: list[str] = []
    index = MailDomainRow.worst_first
    count = type(index).count

    def heard(_: object, word: str) -> int:
        asked.append(word)
        return count(index, word)

    with monkeypatch.context() as patch:
        patch.setattr(type(index), "count", heard)
        return fleet_queries.counts(now=now), asked


@pytest.mark.usefixtures("ten")
def test_those_that_are_well_are_counted_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """In between they are what the others leave of the total."""
    first, asked = _counted(START, monkeypatch)
    assert first[Status.OK] == 10
    assert "ok" in asked
    again, asked = _counted(START + MINUTE - 1, monkeypatch)
    assert again == first
    assert sorted(asked) == ["down", "paused", "setup", "slow", "suspect"]
    for moment in (START + MINUTE, START - 1):
        assert "ok" in _counted(moment, monkeypatch)[1]


def test_a_domain_that_fails_is_no_longer_counted_as_well(
    it: Stage, ten: list[MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: no domain is counted twice."""
    _counted(START, monkeypatch)
    _round(it, ten[1:])
    found, asked = _counted(START + 1, monkeypatch)
    assert "ok" not in asked
    assert found[Status.OK] == 9
    assert sum(found.values()) == 10


@pytest.mark.usefixtures("ten")
def test_a_new_domain_is_counted_at_once(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number has been taken; until the index has had time to show it, the total is kept only for a moment."""
    _counted(START, monkeypatch)
    runtime.take_numbers("maildomain", 1)
    assert sum(_counted(START + 1, monkeypatch)[0].values()) == 10
    it.domain("new.example")
    found, _ = _counted(START + 2, monkeypatch)
    assert (found[Status.SETUP], sum(found.values())) == (1, 11)
    assert "ok" not in _counted(START + 2 + directory.SETTLES - 1, monkeypatch)[1]
    assert "ok" in _counted(START + 2 + directory.SETTLES, monkeypatch)[1]
    assert "ok" not in _counted(START + 2 + directory.SETTLES + MINUTE - 1, monkeypatch)[1]


def test_a_domain_that_is_removed_is_missed_within_a_minute(
    it: Stage, ten: list[MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No longer than that."""
    _counted(START, monkeypatch)
    fleet.remove(ten[0], it.health(ten[0]), it.now)
    assert sum(_counted(START + MINUTE, monkeypatch)[0].values()) == 9


def test_a_small_fleet_is_counted_each_time(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one small page."""
    _round(it, [it.domain()])
    _counted(START, monkeypatch)
    assert "ok" in _counted(START, monkeypatch)[1]
