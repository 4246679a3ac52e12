"""A fleet's CSV file: what is accepted, what is refused and why."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.errors import Refused
from mxtrax.rules import fleet_csv
from mxtrax.rules.fleet_csv import HEADER

HEAD = ",".join(HEADER)


@pytest.mark.parametrize(
    ("encoding", "end", "delimiter"),
    [
        ("utf-8", "\n", ","),
        ("utf-8-sig", "\r\n", ","),
        ("utf-8-sig", "\r\n", ";"),
        ("utf-16", "\r\n", "\t"),
        ("utf-16-le", "\r\n", "\t"),
        ("utf-16-be", "\n", ";"),
        ("utf-32", "\r\n", ","),
        ("windows-1252", "\r\n", ";"),
    ],
)
def test_what_spreadsheets_make_of_it_is_understood(encoding: str, end: str, delimiter: str) -> None:
    """Byte order mark, CRLF, semicolons, tabs, UTF-16 with its mark or without, Windows-1252."""
    text = end.join([HEAD, "Müller & Söhne,müller,mxtrax,müller.example"]).replace("müller,", "mueller,", 1)
    read = fleet_csv.read(text.replace(",", delimiter).encode(encoding))
    assert not read.bad
    assert read.good[0].customer
    assert read.good[0].customer.friendlyname == "Müller & Söhne"
    assert read.good[0].domain.domainname == "xn--mller-kva.example"


def test_a_line_in_another_encoding_is_told_by_itself() -> None:
    """The file's other lines are accepted."""
    raw = f"{HEAD}\nMüller,m,mxtrax,a.example\n".encode() + "Söhne,s,mxtrax,b.example\n".encode("latin-1")
    read = fleet_csv.read(raw)
    assert [row.domain.domainname for row in read.good] == ["a.example"]
    assert [(row.line, row.reason) for row in read.bad] == [(3, "It is not UTF-8, unlike the rest of the file.")]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "No line names the columns .* The file is empty"),
        (b"name,code\n", "No line names the columns .* It begins with: name, code"),
        (b"\xff\xfe\x00", "encoding is not known"),
        (b"PK\x03\x04\x14\x00", "It is a workbook of a spreadsheet; save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1", "It is a workbook of a spreadsheet; save it as CSV"),
        (HEAD.encode() + b"\n\x81\x8d", "encoding is not known"),
        (b"x" * (fleet_csv.MAX_BYTES + 1), "larger than 20 MB"),
        (
            HEAD.replace("MailDomain.testuser,", "").encode(),
            "The header has no column MailDomain.testuser. It is: Customer",
        ),
        (f"{HEAD},MailDomain.colour".encode(), "The header has unknown columns: MailDomain.colour. The columns are:"),
        (f"{HEAD},MailDomain.testuser".encode(), "The header names MailDomain.testuser twice"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(raw: bytes, why: str) -> None:
    """The sentence says what would be right."""
    with pytest.raises(Refused, match=why):
        fleet_csv.read(raw)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Acme,acme,mxtrax", "3 columns instead of 4"),
        ("Acme,acme,mxtrax,a.example,b", "5 columns instead of 4; a name with the delimiter in it needs quotes"),
        ("Acme,acme,mxtrax,nodot", "'nodot' is not a domain name"),
        ("Acme,acme,mx trax,a.example", "is not valid before the @"),
        ("Acme,acme,m@x,a.example", "is not valid before the @"),
        ('Acme,acme,"mxtrax\nBcc: x@y.example",a.example', "is not valid before the @"),
        ('"Acme\nLtd",acme,mxtrax,a.example', "printable"),
        ('Acme,acme,mxtrax,"a.example\r\nX: y"', "is not a domain name"),
        ("Acme\x1b[2J,acme,mxtrax,a.example", "printable"),
        (",acme,mxtrax,a.example", "friendlyname"),
        ("Acme,,mxtrax,a.example", "codename"),
        ("Acme,acme,mxtrax," + "a" * 64 + ".example", "is not a domain name"),
        ("Acme,acme," + "a" * 65 + ",a.example", "is not valid before the @"),
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
    assert [row.reason.rpartition(" is already in ")[2] for row in read.bad] == ["line 2."] * 2


NAMES = HEAD.split(",")
GOOD = ["Acme", "acme", "mxtrax", "a.example"]


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\n{';'.join(NAMES)}\n{';'.join(GOOD)}\n",
        f"{';'.join(NAMES)};\n{';'.join(GOOD)};\n",
        f"{HEAD}\n{','.join(GOOD)},,\n",
        f"{HEAD.lower()}\n{','.join(GOOD)}\n",
        f"{','.join(reversed(NAMES))}\n{','.join(reversed(GOOD))}\n",
        f"\n\nOur customers,,,\nas of November,,,\n{HEAD}\n,,,\n{','.join(GOOD)}\n",
        f"The columns; as of November; are those of MailDomain.tags; and others\n{HEAD}\n{','.join(GOOD)}\n",
        f"{HEAD},MailDomain.tags\n{','.join(GOOD)},\n",
        f"{HEAD}\r{','.join(GOOD)}\r",
    ],
)
def test_what_people_and_spreadsheets_make_of_it_is_read(text: str) -> None:
    """A line for Excel, empty columns, other case and order, titles above, some of the settings."""
    read = fleet_csv.read(text.encode())
    assert [(row.customer and row.customer.codename, row.domain.address) for row in read.good] == [
        ("acme", "mxtrax@a.example")
    ]
    assert not read.bad


def test_a_quote_that_never_ends_costs_its_own_line_alone() -> None:
    """What follows is read, and each row below the header is counted once."""
    read = fleet_csv.read(
        f'{HEAD}\n"Korn,korn,mxtrax,korn.example\nAcme,acme,mxtrax,a.example\nB,b,mx,b.example\n'.encode()
    )
    assert [(row.line, row.reason) for row in read.bad] == [(2, "A quote opens in this line and is never closed.")]
    assert [row.line for row in read.good] == [3, 4]


def test_a_cell_may_go_over_lines_where_its_quote_ends() -> None:
    """It is one row, reported by the line that it begins on."""
    read = fleet_csv.read(f'{HEAD}\n"Acme\nLtd",acme,mxtrax,a.example\nB,b,mx,b.example\n'.encode())
    assert [row.line for row in read.bad] == [2]
    assert [row.line for row in read.good] == [4]


@given(st.text(st.sampled_from('ab",;\n\r '), max_size=80))
def test_no_row_is_lost_without_a_word(text: str) -> None:
    """Whatever is below the header, each line that is not blank is in a row, good or bad."""
    read = fleet_csv.read(f"{HEAD}\n{text}".encode())
    lines = [line for line in re.split(r"[\r\n]", text) if line.strip()]
    filled = [line for line in lines if line.replace(",", "").strip()]
    assert read.rows <= len(lines)
    assert read.rows == len(filled) or '"' in text
    assert read.rows or not re.search(r"[ab;]", text)
