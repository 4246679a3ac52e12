"""The hours of a domain."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import days, records
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import record, several
from mxtrax.api.v3 import maildomains
from mxtrax.store import domain_health

MOST_DAYS: Final = 31
DEFAULT_DAYS: Final = 6

subject: Final = Subject("Figures")


@subject.route(
    "GET /api/v3/maildomains/<number>/hours",
    query=days.fields(DEFAULT_DAYS),
    gives=record(items=several(records.HOUR)),
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def hours_of_domain(call: Call, number: str) -> dict[str, Any]:
    """Count a domain's tests by the hour of their sending (UTC); hours without tests are left out."""
    domain = maildomains.known(call, number)
    first, last = days.asked(call, MOST_DAYS, DEFAULT_DAYS)
    return {"items": records.hours(domain_health.stats_of_domain(domain.key, first, last))}
