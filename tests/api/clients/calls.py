"""Twelve calls by the client that openapi-python-client makes, run by its own Python: `calls.py URL`."""

import json
import sys
from datetime import date
from typing import Any

from mxtrax_client import AuthenticatedClient
from mxtrax_client import models as m
from mxtrax_client.api.config import get_config
from mxtrax_client.api.customers import create_customer, update_customer
from mxtrax_client.api.domains import create_domain, get_domain, list_domains
from mxtrax_client.api.figures import get_domain_stats, get_stats
from mxtrax_client.api.health import check_health
from mxtrax_client.api.incidents import list_incidents
from mxtrax_client.api.overview import get_overview
from mxtrax_client.api.tests import list_tests

MISSING = 99_999
DAY = date(2025, 11, 22)


def said(client: Any) -> dict[str, Any]:
    """Give what each answer says, read by the names of the generated classes."""
    beta = m.CreateCustomerBody(codename="beta", friendlyname="Beta")
    mailbox = m.CreateDomainBody(testuser="user", domainname="new.example")
    renamed = m.UpdateCustomerBody(friendlyname="Beta Ltd")
    added = create_customer.sync(client=client, body=beta)
    missing = get_domain.sync(MISSING, client=client)
    days = {"from_": DAY, "to": DAY}
    return {
        "overview": get_overview.sync(client=client, limit=1).counts.total,
        "domains": [it.domainname for it in list_domains.sync(client=client).items],
        "domain": get_domain.sync(1, client=client).address,
        "tests": [it.verdict.value for it in list_tests.sync(1, client=client).items],
        "days": get_domain_stats.sync(1, client=client, **days).days[0].day.isoformat(),
        "fleet": get_stats.sync(client=client, **days).total.ontime_num,
        "incidents": list_incidents.sync(client=client).items[0].id,
        "config": get_config.sync(client=client).maxreturntime,
        "health": check_health.sync(client=client).status,
        "customer": [added.codename, update_customer.sync("beta", client=client, body=renamed).version],
        "mailbox": create_domain.sync(client=client, body=mailbox).address,
        "missing": [type(missing).__name__, missing.status],
    }


if __name__ == "__main__":
    json.dump(said(AuthenticatedClient(base_url=sys.argv[1], token="-")), sys.stdout)  # noqa: S106 -- it names nobody
