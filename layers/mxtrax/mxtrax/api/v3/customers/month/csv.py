"""A customer's month as a CSV file."""

from http import HTTPStatus
from typing import Final

from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.v3.customers import month
from mxtrax.api.v3.maildomains.import_ import CSV
from mxtrax.report.month import render

router: Final = Router("CSV")


@router.route(
    f"GET {month.PATH}/csv",
    "exportCustomerMonth",
    query=month.QUERY,
    media=CSV,
    gives=str,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def give(request: Request, codename: str) -> Reply:
    """Export a customer's month, one row per domain and one for the total."""
    found, whose, config = month.asked(request, codename)
    headers = {"Content-Disposition": f'attachment; filename="{codename}-{found.name}.csv"'}
    return Reply(
        body=render(found, whose.friendlyname, config.target_percent).decode(),
        media=f"{CSV}; charset=utf-8",
        headers=headers,
    )
