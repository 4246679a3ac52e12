"""The fleet as a CSV file in the wiki's format: one domain per row, with its customer.

Header: Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname. There may be further columns
with the domains' own settings (csv_columns.py). Whatever people and spreadsheets do to such a file is understood:
columns in any order and case, titles above the header, empty columns after it, a byte order mark, CRLF, semicolons or
tabs, UTF-16, Windows-1252.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import Config, Customer, MailDomain
from mxtrax.rules import csv_columns, spreadsheet
from mxtrax.rules.domainnames import check_domainname
from mxtrax.rules.formulas import guarded, unguarded
from mxtrax.rules.validation import check_customer, check_domain, check_testuser

HEADER: Final = ("Customer.friendlyname", "Customer.codename", "MailDomain.testuser", "MailDomain.domainname")
WHOLE_HEADER: Final = (*HEADER, *csv_columns.HEADER)
MAX_BYTES: Final = 20 * 1024 * 1024
MAX_CELL: Final = 1_000

ENOUGH: Final = 2
"""Names of columns that make a row the header."""

_COLUMNS: Final = {name.casefold(): name for name in WHOLE_HEADER}
_BY_ITSELF: Final = Config()

_WIDE: Final = (
    (re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff"), "utf-32"),
    (re.compile(rb"\xff\xfe|\xfe\xff"), "utf-16"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
)
"""How files with characters of two or four octets begin, with or without a byte order mark."""

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel and LibreOffice that are not CSV begin."""

_UNDECODED: Final = re.compile(r"[\udc80-\udcff]")
"""What Python turns bytes that are not UTF-8 into (surrogateescape)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A good row, and the line of the file that it begins on. If settings follow, a domain may have no customer."""

    line: int
    customer: Customer | None
    domain: MailDomain


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be imported, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A file that was read. Every row below the header is either good or bad."""

    good: tuple[Row, ...]
    bad: tuple[BadRow, ...]

    @property
    def rows(self) -> int:
        """The number of rows below the header."""
        return len(self.good) + len(self.bad)


def read(raw: bytes, config: Config = _BY_ITSELF) -> Roster:
    """Read a fleet. Raises Refused if the file as a whole is not such a CSV; a bad row is reported, the others are read.

    A domain's own settings are checked beside those of `config`.
    """
    if len(raw) > MAX_BYTES:
        raise Refused("file", f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; split it.")
    if raw.startswith(_WORKBOOKS):
        raise Refused("file", "It is a workbook of a spreadsheet; save it as CSV.")
    rows = spreadsheet.rows(_decoded(raw), "maildomain.")
    header = _header(rows)
    good, bad, first_seen = list[Row](), list[BadRow](), dict[str, int]()
    for line, cells, problem in rows:
        try:
            row = _new(_row(line, _cells(cells, header, problem), config), first_seen)
        except Refused as refused:
            bad.append(BadRow(line, str(refused)))
        else:
            good.append(row)
    return Roster(good=tuple(good), bad=tuple(bad))


def _header(rows: Iterator[spreadsheet.Line]) -> list[str]:
    """Find the header: the first row that names at least two of the columns. Raises Refused if it is not ours."""
    first: list[str] = []
    for _, cells, _ in islice(rows, spreadsheet.MOST_ABOVE):
        named = [cell.strip() for cell in cells]
        first = first or named
        names = [_COLUMNS.get(cell.casefold(), cell) for cell in named]
        if len(set(names) & set(WHOLE_HEADER)) < ENOUGH:
            continue
        while names and not names[-1]:
            names.pop()
        _check_header(names)
        return names
    was = f"It begins with: {', '.join(first)[:200]}" if first else "The file is empty"
    raise Refused("file", f"No line names the columns {', '.join(HEADER)}. {was}.")


def _check_header(names: Sequence[str]) -> None:
    """Check the names of the columns. Each of the four must be there; unknown ones are not ignored silently."""
    if missing := [name for name in HEADER if name not in names]:
        shown = ", ".join(names)[:300]
        raise Refused("file", f"The header has no column {' and no column '.join(missing)}. It is: {shown}.")
    if unknown := [name for name in names if name not in WHOLE_HEADER]:
        shown = ", ".join(name or "(no name)" for name in unknown)[:200]
        raise Refused("file", f"The header has unknown columns: {shown}. The columns are: {', '.join(WHOLE_HEADER)}.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused("file", f"The header names {', '.join(twice)} twice.")


def write(domains: Iterable[MailDomain], customers: Mapping[str, Customer], *, whole: bool = False) -> bytes:
    """Write a fleet as `read` reads it; the `whole` includes its domains' own settings.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(WHOLE_HEADER if whole else HEADER)
    for domain in domains:
        customer = customers.get(domain.customer)
        name = customer.friendlyname if customer else domain.customer
        cells = [name, domain.customer, domain.testuser, domain.domainname]
        cells += csv_columns.written(domain) if whole else []
        rows.writerow(map(guarded, cells))
    return file.getvalue().encode("utf-8-sig")  # without the mark, Excel assumes another encoding


def _cells(cells: list[str], header: Sequence[str], problem: str) -> dict[str, str]:
    """Give the cells by the names of their columns; empty ones after the last column are ignored."""
    if problem:
        raise Refused("row", problem)
    if extra := [cell for cell in cells[len(header) :] if cell.strip()]:
        raise Refused(
            "row",
            f"{len(header) + len(extra)} columns instead of {len(header)}; a name with the delimiter in it needs quotes.",
        )
    if len(cells) < len(header):
        raise Refused("row", f"{len(cells)} columns instead of {len(header)}.")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Refused("row", f"A cell is longer than {MAX_CELL} characters.")
    if any(map(_UNDECODED.search, cells)):
        raise Refused("row", "It is not UTF-8, unlike the rest of the file.")
    return {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)}


def _row(line: int, cells: Mapping[str, str], config: Config) -> Row:
    friendlyname, codename, testuser, domainname = (cells[name] for name in HEADER)
    settings = {name.partition(".")[2]: cell for name, cell in cells.items() if name not in HEADER}
    nobody = bool(settings) and not friendlyname.strip() and not codename.strip()
    customer = None if nobody else check_customer(Customer(codename=codename, friendlyname=friendlyname))
    domain = MailDomain(
        id=0,
        testuser=check_testuser(testuser),
        domainname=check_domainname(domainname),
        customer=customer.codename if customer else "",
    )
    if settings:
        domain = check_domain(replace(domain, **csv_columns.read(settings)), config)
    return Row(line, customer, domain)


def _new(row: Row, first_seen: dict[str, int]) -> Row:
    if (before := first_seen.setdefault(row.domain.key, row.line)) != row.line:
        raise Refused("domainname", f"{row.domain.address} is already in line {before}.")
    return row


def _decoded(raw: bytes) -> str:
    """Decode a file by its byte order mark, by where it has zero octets, as UTF-8, or else as Windows-1252.

    If only some lines are not UTF-8, these lines are reported.
    """
    wide = next((encoding for begins, encoding in _WIDE if begins.match(raw)), "")
    for encoding in (wide,) if wide else ("utf-8-sig", "windows-1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            text = "" if wide else raw.decode("utf-8-sig", "surrogateescape")
            if not _UNDECODED.sub("", text).isascii():
                return text
    raise Refused("file", "The file's encoding is not known; save it as UTF-8.")
