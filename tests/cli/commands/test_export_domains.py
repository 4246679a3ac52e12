"""The fleet into a CSV file, which can be read back unchanged and runs nothing in a spreadsheet."""

from dataclasses import replace
from pathlib import Path

from mxtrax.model import DomainHealth, MailDomain
from mxtrax.rules import fleet_csv
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.store import fleet
from tests.cli.operator import Operator, fleet_file
from tests.stage import START

HEAD = ",".join(HEADER)


def test_an_export_is_read_back_as_it_was(operator: Operator, tmp_path: Path) -> None:
    """The export can be imported again, including names with commas and quotes."""
    rows = [
        '"Acme, ""the"" Ltd",acme,mxtrax,a.example',
        "'s-Gravenhage,haag,mxtrax,b.example",
        "=HYPERLINK(1),evil,=cmd,c.example",
        "'=x,odd,+plus,d.example",
    ]
    before = fleet_csv.read("\n".join([HEAD, *rows]).encode())
    operator.does("import-domains", "-f", fleet_file(tmp_path, *rows))
    exported = operator.does("export-domains")
    assert fleet_csv.read(exported.encode()).good == before.good


def test_no_formula_gets_out(operator: Operator) -> None:
    """A spreadsheet would run a cell that begins with = + - @, a tab or a carriage return."""
    operator.does("import-domains", "-f", "-", stdin=f"{HEAD}\n=1+1,evil,+cmd|x,a.example\n@x,at,-y,b.example")
    lines = operator.does("export-domains").splitlines()[1:]
    assert lines == ["'=1+1,evil,'+cmd|x,a.example", "'@x,at,'-y,b.example"]


def test_an_export_goes_into_afleet_file(operator: Operator, tmp_path: Path) -> None:
    """Its lines end as spreadsheets want them."""
    operator.it.domain("customer.example")
    operator.does("export-domains", "-f", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes().endswith(b"\r\nAcme Ltd,acme,mxtrax,customer.example\r\n")


def test_a_whole_fleet_goes_out_and_comes_in(operator: Operator, tmp_path: Path) -> None:
    """With limits, switches and tags, and with domains that belong to nobody."""
    domain = operator.it.domain("one.example", maxlatenumber=3, tags=frozenset({"vip"}), control=True)
    (other,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="two.example", maintmode=True)])
    file = str(tmp_path / "fleet.csv")
    operator.does("export-domains", "--all", "-f", file)
    for each in (domain, other):
        fleet.remove(each, DomainHealth(maildomain=each.key), START)
    operator.does("import-domains", "-f", file)
    found = [replace(it, id=0, added=0) for it in fleet.in_order()]
    assert found == [replace(it, id=0, added=0) for it in (domain, other)]
