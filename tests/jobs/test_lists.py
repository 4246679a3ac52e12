"""How domains stand in the lists of the fleet, as aggregate moves them."""

from dataclasses import replace

from mxtrax.model import MailDomain
from mxtrax.rules import status
from mxtrax.rules.status import Status
from mxtrax.store import fleet, fleet_queries, fold, tables
from mxtrax.store.fleet_queries import View
from mxtrax.store.fold import Listing
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
    assert fleet.save(replace(domain, maintmode=True), status.urgency(before, maintmode=True))
    assert not fold.commit([], day, before, None, Listing(1, ""))
    it.fold()
    assert _statuses() == ["customer.example paused"]
