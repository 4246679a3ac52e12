"""The fleet as a CSV file, in and out."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from mxtrax.admin.importing import import_fleet
from mxtrax.api import domains, edits
from mxtrax.api.fields import Choice, Flag, Text
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.shapes import TEXT, WHOLE, YES_OR_NO, record, several
from mxtrax.rules import fleet_csv
from mxtrax.store import audit, fleet

CSV: Final = "text/csv"
LONGEST: Final = 4_000_000
"""Bytes of a file: what Lambda takes in one request, packed as API Gateway packs it."""

ROWS: Final = 10_000
"""Domains in one answer of the export."""

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
    f"POST {domains.PATH}/import",
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


@subject.route(
    f"GET {domains.PATH}/export",
    query={
        "columns": Choice(of=("wiki", "all"), note="The wiki's four, or the domains' own settings, too."),
        "after": Text(shortest=1, longest=15, note="Where this part begins; take it from the header Link."),
    },
    media=CSV,
    gives=TEXT,
)
def give(call: Call) -> Given:
    """Export customers and domains as the import reads them; what a spreadsheet would take for a formula is text.

    Of a fleet of more than 10,000 domains, the header Link leads to the next part.
    """
    after = domains.number_of("after", call.query.get("after", "0"))
    found = list(fleet.in_order(limit=ROWS + 1, after=after, customer=call.asker.customer))
    part = found[:ROWS]
    whole = call.query.get("columns") == "all"
    text = fleet_csv.write(part, fleet.customers_named(it.customer for it in part), whole=whole).decode()
    headers = {"Content-Disposition": 'attachment; filename="maildomains.csv"'}
    if len(found) > ROWS:
        headers["Link"] = f'<{domains.PATH}/export?{urlencode({**call.parameters, "after": part[-1].id})}>; rel="next"'
    return Given(body=text, media=f"{CSV}; charset=utf-8", headers=headers)
