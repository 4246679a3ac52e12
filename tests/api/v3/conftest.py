"""Fleets and settings for the tests of several paths."""

from dataclasses import replace

import pytest

from mxtrax.model import Customer, DomainHealth, MailDomain, State
from mxtrax.rules import status
from mxtrax.store import customers, fleet
from tests.api.client import HOME, NOW, Client
from tests.api.stored import move, put_health


@pytest.fixture
def seven(client: Client) -> list[MailDomain]:
    """Give seven domains: two failing, one in maintenance, one suspect, one ok, two new."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    names = ("golf", "foxtrot", "echo", "delta", "charlie", "bravo", "alpha")
    domains = fleet.add(
        [
            MailDomain(
                id=0,
                testuser="mx",
                domainname=f"{name}.example",
                customer="acme" if name in {"golf", "alpha"} else "",
                tags=frozenset({"vip"} if name in {"golf", "delta"} else ()),
            )
            for name in names
        ]
    )
    known = {
        "golf": DomainHealth(maildomain="", state=State.FAILING, since=NOW - 5_000, trouble_from=1),
        "foxtrot": DomainHealth(maildomain="", state=State.FAILING, since=NOW - 1_000, trouble_from=1),
        "delta": DomainHealth(maildomain="", state=State.OK, since=NOW, retest=1),
        "charlie": DomainHealth(maildomain="", state=State.OK, since=NOW),
    }
    for domain in domains:
        if health := known.get(domain.domainname.partition(".")[0]):
            urgency = status.urgency(health, maintmode=False)
            move(domain, urgency)
            put_health(replace(health, maildomain=domain.key))
    client.ask("PATCH", f"{HOME}/3", {"maintmode": True})
    return domains
