"""The fleet as a CSV file, out."""

import pytest

from mxtrax.api.v3.maildomains import export
from mxtrax.model import Customer, MailDomain
from mxtrax.store import customers, fleet
from tests.api.client import HOME, Client
from tests.every_request import HEADER


def test_a_formula_leaves_as_text_and_comes_back_as_it_was(client: Client) -> None:
    """A cell that a spreadsheet would run gets an apostrophe, which the import removes again."""
    for number, name in enumerate(("=1+1", "@SUM(A1)", "+49", "-1", '=HYPERLINK("http://x")')):
        customers.add(Customer(codename=f"c{number}", friendlyname=name))
        fleet.add([MailDomain(id=0, testuser="mx", domainname=f"d{number}.example", customer=f"c{number}")])
    answer = client.get(f"{HOME}/export")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.body.splitlines()
    assert lines[0] == f"\N{ZERO WIDTH NO-BREAK SPACE}{HEADER}"  # by which a spreadsheet knows UTF-8
    assert not [line for line in lines[1:] if line.lstrip('"')[0] in "=+-@"]
    again = client.ask("POST", f"{HOME}/import?dry_run=true", answer.body.encode()).json
    assert (again["already_there"], again["problematic"]) == (5, 0)


def test_a_whole_fleet_goes_out_and_comes_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With limits, switches and tags; the parts of a large fleet have the same columns."""
    monkeypatch.setattr(export, "ROWS", 1)
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "maxfailpercentage": 2.5, "tags": ["vip"]})
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "b.example", "maintmode": True})
    shown = [{**it, "id": 0} for it in client.get(f"{HOME}?sort=id").json["items"]]
    first = client.get(f"{HOME}/export?columns=all")
    second = client.get(first.headers["Link"].partition("<")[2].partition(">")[0])
    for number in (1, 2):
        client.ask("DELETE", f"{HOME}/{number}")
    for part in (first, second):
        assert client.ask("POST", f"{HOME}/import", part.body.encode()).json["imported"] == 1
    again = client.get(f"{HOME}?sort=id").json["items"]
    assert [{**it, "id": 0} for it in again] == shown
