"""The fleet as a CSV file, in."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import importing
from mxtrax.api.fields import Flag
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import of
from mxtrax.api.v3 import maildomains
from mxtrax.frozen import dataclass
from mxtrax.rules.fleet_csv import BadRow

CSV: Final = "text/csv"
LONGEST: Final = 4_000_000
"""Bytes of a file: what Lambda takes in one request, packed as API Gateway packs it."""

NAMED: Final = 1_000
"""Bad rows that are named one by one."""

router: Final = Router("CSV")


@dataclass(frozen=True, kw_only=True)
class ImportOutcome:
    """What was imported, or would be: the wiki's four counts, and the bad rows."""

    imported: int
    already_there: int
    problematic: int
    rows: int
    adds_up: bool
    dry_run: bool
    bad: tuple[BadRow, ...]


@router.route(
    f"POST {maildomains.PATH}/import",
    "importDomains",
    query={"dry_run": Flag(note="Only show what would be done.")},
    takes=CSV,
    longest=LONGEST,
    gives=ImportOutcome,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def take(request: Request) -> ImportOutcome:
    """Import customers and domains from a CSV file, and give the wiki's four counts. Safe to repeat.

    Its first line is Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname, or that of an export
    with all columns. What is there already stays as it is.
    """
    dry_run = bool(request.query.get("dry_run"))
    roster = importing.read(request.raw, request.settings)
    done = importing.import_fleet(request.caller, request.now, roster, dry_run=dry_run)
    return of(ImportOutcome, done, **done.counts, dry_run=dry_run, bad=done.bad[:NAMED])
