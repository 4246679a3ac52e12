"""The fleet from a CSV file and into one: what is taken, what is refused and why, and that it adds up."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mxtrax.errors import Refused
from mxtrax.model import DomainHealth, MailDomain
from mxtrax.rules import fleet_csv
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.store import fleet
from tests.cli.operator import Operator
from tests.stage import START

HEAD = ",".join(HEADER)


def _file(folder: Path, *rows: str, end: str = "\n", encoding: str = "utf-8") -> str:
    path = folder / "fleet.csv"
    path.write_bytes(end.join([HEAD, *rows, ""]).encode(encoding))
    return str(path)


def test_the_four_counts_add_up(operator: Operator, tmp_path: Path) -> None:
    """Imported, already there, problematic: together they are the rows of the file."""
    operator.it.domain("there.example")
    file = _file(
        tmp_path,
        "Acme Ltd,acme,mxtrax,there.example",
        "Acme Ltd,acme,mxtrax,new.example",
        "Acme,acme,a b,new.example",
        "x",
    )
    result = operator.says("import-domains", "-f", file)
    assert result.exit_code == 1
    assert result.stdout.split() == [
        *("Imported", "1", "Already", "there", "1", "Problematic", "2", "Rows", "in", "the", "file", "4"),
    ]
    assert "line 4: testuser: 'a b' cannot stand before the @" in result.stderr
    assert "line 5: 1 columns where 4 should be." in result.stderr
    assert fleet.by_key("mxtrax@new.example")


def test_importing_again_changes_nothing(operator: Operator, tmp_path: Path) -> None:
    """Whoever is not sure imports the file once more."""
    file = _file(tmp_path, "Acme Ltd,acme,mxtrax,one.example", "Acme Ltd,acme,mxtrax,two.example")
    operator.does("import-domains", "-f", file)
    before = list(fleet.in_order())
    (counts,) = operator.reads("import-domains", "-f", file)
    assert (counts["imported"], counts["already_there"], counts["adds_up"]) == (0, 2, True)
    assert list(fleet.in_order()) == before


def test_a_dry_run_writes_nothing(operator: Operator, tmp_path: Path) -> None:
    """It tells the counts that the import would give."""
    out = operator.does("import-domains", "--dry-run", "-f", _file(tmp_path, "Acme Ltd,acme,mxtrax,one.example"))
    assert out.startswith("Would be imported  1")
    assert not list(fleet.everyone())
    assert not fleet.customers()


def test_a_file_comes_by_standard_input(operator: Operator) -> None:
    """`-` is standard input."""
    (counts,) = (
        json.loads(line)
        for line in operator.does(
            "import-domains", "-f", "-", "--json", stdin=f"{HEAD}\nAcme Ltd,acme,mxtrax,one.example\n"
        ).splitlines()
    )
    assert counts["imported"] == 1


def test_a_file_that_is_not_there_is_bad_use(operator: Operator) -> None:
    """Its name and the reason are told."""
    result = operator.says("import-domains", "-f", "/nonexistent.csv")
    assert result.exit_code == 2
    assert result.stderr == "mxtrax: /nonexistent.csv: No such file or directory\n"


@pytest.mark.parametrize(
    ("encoding", "end", "delimiter"),
    [
        ("utf-8", "\n", ","),
        ("utf-8-sig", "\r\n", ","),
        ("utf-8-sig", "\r\n", ";"),
        ("utf-16", "\r\n", "\t"),
        ("windows-1252", "\r\n", ";"),
    ],
)
def test_what_spreadsheets_make_of_it_is_understood(encoding: str, end: str, delimiter: str) -> None:
    """Byte order mark, CRLF, semicolons, tabs, UTF-16, Windows-1252."""
    text = end.join([HEAD, "Müller & Söhne,müller,mxtrax,müller.example"]).replace("müller,", "mueller,", 1)
    read = fleet_csv.read(text.replace(",", delimiter).encode(encoding))
    assert not read.bad
    assert read.good[0].customer
    assert read.good[0].customer.friendlyname == "Müller & Söhne"
    assert read.good[0].domain.domainname == "xn--mller-kva.example"


def test_a_line_in_another_encoding_is_told_by_itself() -> None:
    """The others of the file are taken."""
    raw = f"{HEAD}\nMüller,m,mxtrax,a.example\n".encode() + "Söhne,s,mxtrax,b.example\n".encode("latin-1")
    read = fleet_csv.read(raw)
    assert [row.domain.domainname for row in read.good] == ["a.example"]
    assert [(row.line, row.reason) for row in read.bad] == [
        (3, "It is in an encoding of its own; the rest of the file is UTF-8.")
    ]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "The first line should be"),
        (b"name,code\n", "The first line should be"),
        (b"\xff\xfe\x00", "encoding is not known"),
        (HEAD.encode() + b"\n\x81\x8d", "encoding is not known"),
        (b"x" * (fleet_csv.MAX_BYTES + 1), "larger than 20 MB"),
        (HEAD.encode() + b'\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(raw: bytes, why: str) -> None:
    """The sentence says what would be right."""
    with pytest.raises(Refused, match=why):
        fleet_csv.read(raw)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Acme,acme,mxtrax", "3 columns where 4 should be"),
        ("Acme,acme,mxtrax,a.example,b", "5 columns where 4 should be"),
        ("Acme,acme,mxtrax,nodot", "'nodot' is not a domain name"),
        ("Acme,acme,mx trax,a.example", "cannot stand before the @"),
        ("Acme,acme,m@x,a.example", "cannot stand before the @"),
        ('Acme,acme,"mxtrax\nBcc: x@y.example",a.example', "cannot stand before the @"),
        ('"Acme\nLtd",acme,mxtrax,a.example', "printable"),
        ('Acme,acme,mxtrax,"a.example\r\nX: y"', "is not a domain name"),
        ("Acme\x1b[2J,acme,mxtrax,a.example", "printable"),
        (",acme,mxtrax,a.example", "friendlyname"),
        ("Acme,,mxtrax,a.example", "codename"),
        ("Acme,acme,mxtrax," + "a" * 64 + ".example", "is not a domain name"),
        ("Acme,acme," + "a" * 65 + ",a.example", "cannot stand before the @"),
        ("Acme" * 300 + ",acme,mxtrax,a.example", "longer than 1000"),
    ],
)
def test_a_bad_row_is_told_with_its_line(row: str, why: str) -> None:
    """It does not keep the rows after it from being read."""
    read = fleet_csv.read(f"{HEAD}\n{row}\nAcme,acme,mxtrax,good.example\n".encode())
    assert len(read.good) == len(read.bad) == 1
    assert why in read.bad[0].reason
    assert read.bad[0].reason.isprintable()


def test_a_domain_twice_in_a_file_is_told_with_the_first_line() -> None:
    """An address is the same in any case, and with its name in letters or as an A-label."""
    read = fleet_csv.read(
        f"{HEAD}\nA,a,mxtrax,müller.example\nA,a,MXTRAX,Müller.Example.\nA,a,mxtrax,xn--mller-kva.example".encode()
    )
    assert len(read.good) == 1
    assert [row.reason.rpartition(" stands in ")[2] for row in read.bad] == ["line 2 already."] * 2


def test_an_export_is_read_back_as_it_was(operator: Operator, tmp_path: Path) -> None:
    """What comes out goes in again, names with commas and quotes, too."""
    rows = [
        '"Acme, ""the"" Ltd",acme,mxtrax,a.example',
        "'s-Gravenhage,haag,mxtrax,b.example",
        "=HYPERLINK(1),evil,=cmd,c.example",
        "'=x,odd,+plus,d.example",
    ]
    before = fleet_csv.read("\n".join([HEAD, *rows]).encode())
    operator.does("import-domains", "-f", _file(tmp_path, *rows))
    exported = operator.does("export-domains")
    assert fleet_csv.read(exported.encode()).good == before.good


def test_no_formula_gets_out(operator: Operator) -> None:
    """A spreadsheet would run a cell that begins with = + - @, a tab or a carriage return."""
    operator.does("import-domains", "-f", "-", stdin=f"{HEAD}\n=1+1,evil,+cmd|x,a.example\n@x,at,-y,b.example")
    lines = operator.does("export-domains").splitlines()[1:]
    assert lines == ["'=1+1,evil,'+cmd|x,a.example", "'@x,at,'-y,b.example"]


def test_an_export_goes_into_a_file(operator: Operator, tmp_path: Path) -> None:
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
    found = [replace(it, id=0) for it in fleet.in_order()]
    assert found == [replace(domain, id=0), replace(other, id=0)]
