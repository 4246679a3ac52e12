"""The removal of a customer, which no race and no lost version can break."""

from collections.abc import Callable
from typing import Any

import pytest

from mxtrax.admin import customer_removal, customers, domains, importing, users
from mxtrax.admin.actor import Actor
from mxtrax.aws import user_pool
from mxtrax.errors import Changed, Exists, Missing, Refused, TryAgain
from mxtrax.model import Customer, MailDomain
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.rules.roles import access_of
from mxtrax.store import audit, fleet, tables
from mxtrax.store import customers as stored
from tests.stage import Stage

ANN = "ann_at_operator.example"


@pytest.fixture
def acme(it: Stage, anna: Actor) -> Customer:
    """Give a customer with one viewer bound to it."""
    added = customers.add(anna, it.now, Customer(codename="acme", friendlyname="Acme Ltd"))
    users.invite(anna, it.now, it.settings, "ann@operator.example", {"role": "viewer", "customer": "acme"})
    return added


def _domain(it: Stage, anna: Actor, name: str = "one.example", customer: str = "acme") -> MailDomain:
    wanted = MailDomain(id=0, testuser="mxtrax", domainname=name, customer=customer)
    return domains.add(anna, it.now, it.settings, wanted)


def _removed(it: Stage, anna: Actor) -> list[str]:
    return customer_removal.remove(anna, it.now, it.settings, "acme")


def _access(it: Stage) -> str:
    role, customer = access_of(users.known(it.settings, ANN).groups)
    return f"{role.name.lower() if role else 'none'} {customer}".strip()


def _noted() -> list[str]:
    return [change.what for change in audit.latest(50).items]


def _between(monkeypatch: pytest.MonkeyPatch, step: str, happens: Callable[[], object]) -> None:
    """Let something happen just before a step at the user pool."""
    real: Callable[..., Any] = getattr(user_pool, step)

    def later(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(user_pool, step, real)
        happens()
        return real(*given, **named)

    monkeypatch.setattr(user_pool, step, later)


def test_a_domain_that_comes_first_keeps_its_customer(
    it: Stage, anna: Actor, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its people keep their access, and the audit has no removal."""
    _between(monkeypatch, "bound_to", lambda: _domain(it, anna))
    with pytest.raises(Refused, match="still has domains"):
        _removed(it, anna)
    assert stored.get("acme") == acme
    assert _access(it) == "viewer acme"
    assert "customer.remove" not in _noted()


def test_a_change_that_comes_first_is_told(
    it: Stage, anna: Actor, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A customer is removed as it was seen, or not at all, and nobody has lost anything."""
    _between(
        monkeypatch, "bound_to", lambda: customers.change(anna, it.now, acme.codename, {"friendlyname": "Acme plc"})
    )
    with pytest.raises(Changed):
        _removed(it, anna)
    assert _access(it) == "viewer acme"
    assert "customer.remove" not in _noted()


@pytest.mark.usefixtures("acme")
def test_no_domain_comes_to_a_customer_that_is_ending(it: Stage, anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a new one nor one that is moved, at any moment; the removal continues."""
    other = _domain(it, anna, "other.example", customer="")
    refused = []

    def come() -> None:
        for wish in (
            lambda: _domain(it, anna),
            lambda: fleet.add([MailDomain(id=0, testuser="mxtrax", domainname="two.example", customer="acme")]),
            lambda: domains.change(anna, it.now, it.settings, other.id, {"customer": "acme"}),
            lambda: fleet.save(MailDomain(id=other.id, testuser="mxtrax", domainname="other.example", customer="acme")),
        ):
            with pytest.raises(Refused, match="customer: there is no customer 'acme'; add it first"):
                wish()
            refused.append(wish)

    _between(monkeypatch, "end_customer", come)
    assert _removed(it, anna) == [ANN]
    assert len(refused) == 4
    assert stored.get("acme") is None
    assert _access(it) == "none"


@pytest.mark.usefixtures("acme")
def test_a_removal_that_was_cut_short_is_taken_up(it: Stage, anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit names the people from the first try on; meanwhile nobody is given the code."""

    def throttled() -> None:
        raise TryAgain("Cognito: TooManyRequestsException")

    _between(monkeypatch, "end_customer", throttled)
    with pytest.raises(TryAgain):
        _removed(it, anna)
    (noted,) = (change for change in audit.latest(50).items if change.what == "customer.remove")
    assert noted.before is not None
    assert noted.before["people"] == [ANN]
    with pytest.raises(Exists):
        customers.add(anna, it.now, Customer(codename="acme", friendlyname="Another"))
    with pytest.raises(Changed):
        customers.change(anna, it.now, "acme", {"friendlyname": "Acme plc"})
    assert _removed(it, anna) == [ANN]
    assert _noted().count("customer.remove") == 1
    assert _access(it) == "none"
    with pytest.raises(Missing):
        _removed(it, anna)


@pytest.mark.usefixtures("acme")
def test_nobody_is_left_bound_to_a_customer_that_is_gone(
    it: Stage, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People bound to it during its removal would see the next owner's domains."""
    _between(monkeypatch, "invite", lambda: _removed(it, anna))
    with pytest.raises(Refused, match="there is no customer 'acme'"):
        users.invite(anna, it.now, it.settings, "bob@operator.example", {"role": "viewer", "customer": "acme"})
    groups = users.known(it.settings, "bob_at_operator.example").groups
    assert access_of(groups) == (None, "")


def test_domains_are_counted_as_they_come_and_go(it: Stage, anna: Actor) -> None:
    """Added, imported, moved and removed: the count is right."""
    for codename in ("acme", "beta"):
        customers.add(anna, it.now, Customer(codename=codename, friendlyname=codename))
    first, second = _domain(it, anna), _domain(it, anna, "two.example")
    rows = "\n".join(f"Acme,acme,mxtrax,d{number}.example" for number in range(60))
    roster = importing.read(f"{','.join(HEADER)}\n{rows}\nBeta,beta,mxtrax,one.example\n".encode(), it.settings)
    assert importing.import_fleet(anna, it.now, roster).imported == 60
    domains.change(anna, it.now, it.settings, second.id, {"customer": "beta"})
    customers.change(anna, it.now, "acme", {"friendlyname": "Acme Ltd"})
    domains.remove(anna, it.now, first.id)
    counted = {row.codename: int(row.domains) for row in tables.CustomerRow.scan()}
    assert counted == {"acme": 60, "beta": 1} == {name: fleet.count(name) for name in counted}


def test_a_domain_whose_customer_is_lost_can_be_moved_and_removed(it: Stage, anna: Actor) -> None:
    """A restore can lose a customer and keep its domains."""
    for codename in ("acme", "beta"):
        customers.add(anna, it.now, Customer(codename=codename, friendlyname=codename))
    first, second = _domain(it, anna), _domain(it, anna, "two.example")
    tables.CustomerRow("acme").delete()
    assert domains.change(anna, it.now, it.settings, first.id, {"customer": "beta"}).customer == "beta"
    domains.remove(anna, it.now, second.id)
    assert [domain.domainname for domain in fleet.in_order()] == ["one.example"]
