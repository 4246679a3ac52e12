"""Rows into dataclasses and back, a file a subject. A field has the same name on both sides.

Only types that DynamoDB lacks are converted. A function needs few subjects, so each file is imported, with its table and
its dataclass, when it is first asked for.
"""

from typing import TYPE_CHECKING

from mxtrax import lazily

if TYPE_CHECKING:
    from mxtrax.store.mapping.days import day_shard, hours_text, rollup, rollup_row, stat, stat_row
    from mxtrax.store.mapping.domain_health import health, health_row, incident, incident_row
    from mxtrax.store.mapping.fleet import (
        config,
        config_settings,
        customer,
        customer_row,
        listing,
        listing_of,
        maildomain,
        maildomain_of,
        maildomain_row,
        window,
        window_row,
    )
    from mxtrax.store.mapping.mailtests import answer, answer_map, mailtest

__all__ = [
    "answer",
    "answer_map",
    "config",
    "config_settings",
    "customer",
    "customer_row",
    "day_shard",
    "health",
    "health_row",
    "hours_text",
    "incident",
    "incident_row",
    "listing",
    "listing_of",
    "maildomain",
    "maildomain_of",
    "maildomain_row",
    "mailtest",
    "rollup",
    "rollup_row",
    "stat",
    "stat_row",
    "window",
    "window_row",
]

__getattr__ = lazily.imported(
    __name__,
    {
        "days": "day_shard hours_text rollup rollup_row stat stat_row",
        "domain_health": "health health_row incident incident_row",
        "fleet": "config config_settings customer customer_row listing listing_of maildomain maildomain_of maildomain_row "
        "window window_row",
        "mailtests": "answer answer_map mailtest",
    },
)
