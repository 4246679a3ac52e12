"""Customers on the command line: listed, changed and removed, and given a public page."""

import re

import pytest

from mxtrax.model import Customer
from mxtrax.store import audit, customers
from tests.cli.operator import Operator


def test_customers_are_listed_changed_and_removed(fleeted: Operator) -> None:
    """One with domains is not removed."""
    acme, globex = fleeted.reads("customers", "list")
    assert (acme["friendlyname"], globex["alertuser"]) == ("Acme Ltd", ["noc@globex.example"])
    fleeted.does("customers", "edit", "acme", "friendlyname=Acme plc")
    assert "Acme plc" in fleeted.does("customers", "list")
    result = fleeted.says("customers", "remove", "acme", "--yes")
    assert (result.exit_code, "'acme' still has domains" in result.stderr) == (2, True)
    fleeted.does("domains", "remove", "one.example", "two.example", "--yes")
    fleeted.does("customers", "remove", "acme", "--yes")
    assert [it["codename"] for it in fleeted.reads("customers", "list")] == ["globex"]
    for words in (["edit", "acme", "friendlyname=x"], ["remove", "acme", "--yes"]):
        assert fleeted.says("customers", *words).exit_code == 1
    assert fleeted.says("customers", "add", "globex", "Again").exit_code == 1
    assert fleeted.says("customers", "add", "a b", "Name").exit_code == 2
    assert fleeted.says("customers", "add", "c", "Name\x1b[2J").exit_code == 2


def test_a_name_that_is_given_as_a_field_is_not_taken_for_a_name(operator: Operator) -> None:
    """Customers would be called friendlyname=Acme Ltd in every alert."""
    result = operator.says("customers", "add", "acme", "friendlyname=Acme Ltd")
    assert (result.exit_code, "mxtrax customers add acme 'Acme Ltd'" in result.stderr) == (2, True)
    assert customers.everyone() == {}
    operator.does("customers", "add", "acme", "E=mc Ltd", "public_note=Hello")
    assert customers.everyone()["acme"].friendlyname == "E=mc Ltd"


@pytest.fixture
def house(operator: Operator) -> Operator:
    """Give the operator a stack with a customer."""
    operator.outputs["ApiUrl"] = "https://api.example"
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    return operator


def test_a_link_is_made_and_ended(house: Operator) -> None:
    """A link is ended only after a yes; the audit says that there is a page, but not its link."""
    first = house.does("customers", "link", "acme").strip()
    assert re.fullmatch(r"https://api\.example/status/[\w-]{32}", first)
    assert house.says("customers", "link", "acme", stdin="n\n").exit_code == 1
    second = house.does("customers", "link", "acme", "--yes").strip()
    assert first != second
    found = customers.by_link(second.rpartition("/")[2])
    assert found is not None
    assert found.codename == "acme"
    house.does("customers", "edit", "acme", "friendlyname=Acme plc")
    house.does("customers", "link", "acme", "--end", "--yes")
    assert customers.by_link(second.rpartition("/")[2]) is None
    assert "has no public page" in house.says("customers", "link", "acme", "--end").stderr
    noted = audit.latest(9).items
    assert {it.what for it in noted} == {"customer.link", "customer.change", "customer.unlink"}
    assert not [it for it in noted if second.rpartition("/")[2] in f"{it.before}{it.after}"]


def test_a_link_is_not_set_by_hand(house: Operator) -> None:
    """Nobody can choose a link that can be guessed."""
    assert house.says("customers", "edit", "acme", "link=acme").exit_code == 2
