"""Domains' places in the lists of the fleet, as aggregate moves them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxtrax.jobs import aggregate
from mxtrax.model import DomainHealth, Kind, MailDomain, State, Verdict
from mxtrax.rules import status
from mxtrax.rules.status import Listing, Status
from mxtrax.store import fleet, fleet_queries, fold, mailtests, tables
from mxtrax.store.fleet_queries import View
from mxtrax.store.fold import Fold, Moved
from mxtrax.store.health import health_of
from tests.stage import Stage


def _statuses() -> list[str]:
    """Give the domains from the worst on, each with its status."""
    keys = fleet_queries.domains(View(), 100).items
    return [f"{key.partition('@')[2]} {tables.MailDomainRow.get(key).status}" for key in keys]


def _round(it: Stage, *lost: MailDomain) -> None:
    """Test the fleet once; those that are lost do not come back in time."""
    for sent in it.tick():
        if sent.to not in {domain.address for domain in lost}:
            it.comes_back(sent)
    it.wait(400)
    it.fold()


def test_the_worst_come_first(it: Stage) -> None:
    """Down before setup before ok; one that has recovered moves down again, and a removed one is gone."""
    first, second = it.domain("first.example"), it.domain("second.example")
    assert _statuses() == ["first.example setup", "second.example setup"]
    _round(it, second)
    assert _statuses() == ["second.example down", "first.example ok"]
    for _ in range(3):
        _round(it)
    assert {"second.example ok", "first.example ok"} == set(_statuses())
    assert fleet_queries.counts()[Status.OK] == 2
    fleet.remove(first, it.health(first), it.now)
    assert _statuses() == ["second.example ok"]


def test_a_domain_that_goes_into_maintenance_during_a_fold_stays_there(it: Stage) -> None:
    """The fold that would move it up gives way, and the next one leaves it alone."""
    domain = it.domain()
    it.tick()
    it.wait(400)
    before, day = it.health(domain), it.stat(domain)
    assert fleet.save(replace(domain, maintmode=True))
    assert not fold.commit([Fold(steps=[], stat=day, health=before, moved=Moved(to=Listing(1), maintmode=False))])
    it.fold()
    assert _statuses() == ["customer.example paused"]


def test_an_edit_during_a_fold_does_not_hide_a_failure(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain is edited while a fold finds it down: whatever the edit had read before, it is listed as down."""
    domain = it.domain()
    it.tick()
    it.wait(400)
    read = health_of

    def overtaken(key: str) -> DomainHealth:
        before = read(key)
        if before.state is not State.FAILING:
            it.fold()
        return before

    monkeypatch.setattr(fleet, "health_of", overtaken)
    assert fleet.save(replace(domain, tags=frozenset({"vip"})))
    assert it.health(domain).state is State.FAILING
    assert _statuses() == ["customer.example down"]


def test_what_comes_out_of_maintenance_stands_where_it_belongs(it: Stage) -> None:
    """One that was down when it was paused is down when it is tested again, at once."""
    domain = it.domain()
    _round(it, domain)
    assert fleet.save(replace(domain, maintmode=True))
    assert _statuses() == ["customer.example paused"]
    assert fleet.save(replace(domain, maintmode=False, version=1))
    assert _statuses() == ["customer.example down"]


def test_the_next_fold_puts_right_what_stands_wrong(it: Stage) -> None:
    """However a domain came to a status that is not its own, it keeps it no longer than until its next test."""
    domain = it.domain()
    _round(it)
    row = tables.MailDomainRow
    row(domain.key).update(actions=[row.urgency.set(status.urgencies(Status.DOWN)[0]), row.status.set("down")])
    _round(it)
    listing = fleet.listed([domain.key])[domain.key].listing
    assert listing == status.listing_of(it.health(domain), maintmode=False)
    assert _statuses() == ["customer.example ok"]


def test_a_fold_of_what_is_well_leaves_the_lists_alone(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of a healthy domain's tests costs a write there."""
    it.domain()
    _round(it)
    moves = list[Moved | None]()
    commit = fold.commit

    def heard(folds: Sequence[Fold]) -> bool:
        moves.extend(each.moved for each in folds)
        return commit(folds)

    monkeypatch.setattr(fold, "commit", heard)
    _round(it)
    assert moves == [None]


def test_a_long_run_of_tests_moves_a_domain_to_where_the_last_leaves_it(
    it: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folded in several transactions, it may go down and be well again in one run; each goes on from the one before."""
    domain = it.domain()
    for _ in range(4):
        _round(it)
    monkeypatch.setattr(aggregate, "TESTS_PER_FOLD", 1)
    (lost,) = it.tick()
    for _ in range(3):
        it.wait(60)
        late = it.tick()
        it.wait(5)
        for sent in late:
            mailtests.returned(sent.testid, it.now, Kind.MESSAGE, "mail", None)
    it.wait(400)
    it.fold()
    assert [test.counted for test in mailtests.of_domain(domain.key, limit=4)][-1] is Verdict.OVERDUE
    assert mailtests.get(lost.testid)
    assert _statuses() == ["customer.example ok"]
