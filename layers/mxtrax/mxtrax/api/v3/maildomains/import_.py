"""The fleet as a CSV file, in."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin.importing import import_fleet
from mxtrax.api import edits
from mxtrax.api.fields import Flag
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import TEXT, WHOLE, YES_OR_NO, record, several
from mxtrax.api.v3 import maildomains
from mxtrax.rules import fleet_csv
from mxtrax.store import audit

CSV: Final = "text/csv"
LONGEST: Final = 4_000_000
"""Bytes of a file: what Lambda takes in one request, packed as API Gateway packs it."""

NAMED: Final = 1_000
"""Bad rows that are told of one by one."""

subject: Final = Subject("CSV")

_OUTCOME: Final = record(
    imported=WHOLE,
    already_there=WHOLE,
    problematic=WHOLE,
    rows=WHOLE,
    adds_up=YES_OR_NO,
    dry_run=YES_OR_NO,
    bad=several(record(line=WHOLE, reason=TEXT)),
)


@subject.route(
    f"POST {maildomains.PATH}/import",
    query={"dry_run": Flag(note="Only tell what would be done.")},
    takes=CSV,
    longest=LONGEST,
    gives=_OUTCOME,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def take(call: Call) -> dict[str, Any]:
    """Import customers and domains from a CSV file, with the wiki's four counts. Safe to repeat.

    Its first line is Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname, or that of an export
    with all columns. What is there already stays as it is.
    """
    dry_run = bool(call.query.get("dry_run"))
    done = import_fleet(fleet_csv.read(call.raw, edits.config(call)), dry_run=dry_run)
    counts = {"imported": done.imported, "already_there": done.there, "problematic": len(done.bad), "rows": done.rows}
    if done.imported and not dry_run:
        audit.note(edits.of(call, "maildomain.import", "fleet", None, counts))
    bad = [{"line": row.line, "reason": row.reason} for row in done.bad[:NAMED]]
    return {**counts, "adds_up": done.adds_up, "dry_run": dry_run, "bad": bad}
