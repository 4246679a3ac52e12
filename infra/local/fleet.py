"""A fleet in CSV: customers and their mailboxes."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.trouble import Trouble
from mxtrax.checks import check_customer, check_domainname, check_testuser
from mxtrax.errors import Refused
from mxtrax.model import Customer, MailDomain
from mxtrax.store import fleet

HEADER: Final = ("Customer.friendlyname", "Customer.codename", "MailDomain.testuser", "MailDomain.domainname")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a mailbox and whose it is."""

    customer: Customer
    domain: MailDomain


def read(path: Path) -> list[Row]:
    """Read and check a fleet. Raises Trouble with the line and what would be right; nothing is half read."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file, strict=True)
            header = tuple(name.strip() for name in next(lines, ()))
            if header != HEADER:
                raise Trouble(f"{path}: the first line should be {','.join(HEADER)}.")
            rows = [_row(path, lines.line_num, line) for line in lines if any(map(str.strip, line))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Trouble(f"{path} cannot be read as CSV: {why}.") from error
    if not rows:
        raise Trouble(f"{path}: there is no mailbox in it.")
    return rows


def save(rows: Sequence[Row]) -> int:
    """Add what is not there yet, and give how many mailboxes were added."""
    for customer in {row.customer.codename: row.customer for row in rows}.values():
        fleet.add_customer(customer)
    return len(fleet.add(list({row.domain.key: row.domain for row in rows}.values())))


def _row(path: Path, number: int, line: Sequence[str]) -> Row:
    if len(line) != len(HEADER):
        raise Trouble(f"{path}, line {number}: {len(line)} fields instead of {len(HEADER)}.")
    friendlyname, codename, testuser, domainname = line
    try:
        customer = check_customer(Customer(codename=codename, friendlyname=friendlyname))
        user, domain = check_testuser(testuser), check_domainname(domainname)
    except Refused as refused:
        raise Trouble(f"{path}, line {number}: {refused}") from refused
    return Row(customer, MailDomain(id=0, testuser=user, domainname=domain, customer=customer.codename))
