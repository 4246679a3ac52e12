"""Twelve calls by the client that openapi-python-client makes, run by its own Python: `calls.py URL`."""

import json
import sys
from datetime import date
from typing import Any

from mxtrax_client import AuthenticatedClient
from mxtrax_client import models as m
from mxtrax_client.api.config import get_api_v3_config
from mxtrax_client.api.customers import patch_api_v3_customers_codename, post_api_v3_customers
from mxtrax_client.api.domains import (
    get_api_v3_maildomains,
    get_api_v3_maildomains_number,
    post_api_v3_maildomains,
)
from mxtrax_client.api.figures import get_api_v3_maildomains_number_stats, get_api_v3_stats
from mxtrax_client.api.health import get_health
from mxtrax_client.api.incidents import get_api_v3_incidents
from mxtrax_client.api.overview import get_api_v3_overview
from mxtrax_client.api.tests import get_api_v3_maildomains_number_mailtests

MISSING = 99_999
DAY = date(2025, 11, 22)


def said(client: Any) -> dict[str, Any]:
    """Give what each answer says, read by the names of the generated classes."""
    acme = m.PostApiV3CustomersBody(codename="beta", friendlyname="Beta")
    mailbox = m.PostApiV3MaildomainsBody(testuser="user", domainname="new.example")
    renamed = m.PatchApiV3CustomersCodenameBody(friendlyname="Beta Ltd")
    added = post_api_v3_customers.sync(client=client, body=acme)
    missing = get_api_v3_maildomains_number.sync(MISSING, client=client)
    days = {"from_": DAY, "to": DAY}
    return {
        "overview": get_api_v3_overview.sync(client=client, limit=1).counts.total,
        "domains": [it.domainname for it in get_api_v3_maildomains.sync(client=client).items],
        "domain": get_api_v3_maildomains_number.sync(1, client=client).address,
        "tests": [it.verdict.value for it in get_api_v3_maildomains_number_mailtests.sync(1, client=client).items],
        "days": get_api_v3_maildomains_number_stats.sync(1, client=client, **days).days[0].day.isoformat(),
        "fleet": get_api_v3_stats.sync(client=client, **days).total.ontime_num,
        "incidents": get_api_v3_incidents.sync(client=client).items[0].id,
        "config": get_api_v3_config.sync(client=client).maxreturntime,
        "health": get_health.sync(client=client).status,
        "customer": [added.codename, patch_api_v3_customers_codename.sync("beta", client=client, body=renamed).version],
        "mailbox": post_api_v3_maildomains.sync(client=client, body=mailbox).address,
        "missing": [type(missing).__name__, missing.status],
    }


if __name__ == "__main__":
    json.dump(said(AuthenticatedClient(base_url=sys.argv[1], token="-")), sys.stdout)  # noqa: S106 -- it names nobody
