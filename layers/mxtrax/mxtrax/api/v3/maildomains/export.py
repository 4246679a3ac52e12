"""The fleet as a CSV file, out."""

from typing import Final
from urllib.parse import urlencode

from mxtrax.api import paging
from mxtrax.api.fields import Choice, Text
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.v3 import maildomains
from mxtrax.api.v3.maildomains.import_ import CSV
from mxtrax.rules import fleet_csv
from mxtrax.store import customers, fleet

ROWS: Final = 10_000
"""Domains in one answer of the export."""

router: Final = Router("CSV")


@router.route(
    f"GET {maildomains.PATH}/export",
    "exportDomains",
    query={
        "columns": Choice(of=("wiki", "all"), note="The four columns of the wiki, or also the domains' own settings."),
        "after": Text(shortest=1, longest=15, note="Where this part begins; take it from the Link header."),
    },
    media=CSV,
    gives=str,
)
def give(request: Request) -> Reply:
    """Export customers and domains in the form of the import; formulas for spreadsheets are escaped as text.

    Of a fleet of more than 10,000 domains, the header Link leads to the next part.
    """
    after = paging.number_of("after", request.query.get("after", "0"))
    found = list(fleet.in_order(limit=ROWS + 1, after=after, customer=request.caller.customer))
    part = found[:ROWS]
    whole = request.query.get("columns") == "all"
    text = fleet_csv.write(part, customers.by_codenames(it.customer for it in part), whole=whole).decode()
    headers = {"Content-Disposition": 'attachment; filename="maildomains.csv"'}
    if len(found) > ROWS:
        headers["Link"] = (
            f'<{maildomains.PATH}/export?{urlencode({**request.parameters, "after": part[-1].id})}>; rel="next"'
        )
    return Reply(body=text, media=f"{CSV}; charset=utf-8", headers=headers)
