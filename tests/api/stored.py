"""What the tests find in the tables."""

from dataclasses import replace
from typing import Any

from mxtrax.model import (
    HOUR,
    Cause,
    Customer,
    DomainHealth,
    Incident,
    Kind,
    MailDomain,
    MailTest,
    Recent,
    Stat,
    State,
    Verdict,
)
from mxtrax.rules import status
from mxtrax.store import customers, fleet, mailtests, mapping, tables
from tests.api.client import NOW, Client

TESTID = "0a0a0a0a-0000-4000-8000-000000000001"


def add_domains(how_many: int) -> list[MailDomain]:
    """Add user@domain1.com and so on."""
    return fleet.add([MailDomain(id=0, testuser="user", domainname=f"domain{n}.com") for n in range(1, how_many + 1)])


def put_health(health: DomainHealth) -> None:
    """Write a domain's health, as a fold does."""
    mapping.health_row(replace(health, version=max(1, health.version))).save()


def fail(domain: MailDomain) -> None:
    """Make a domain count as failing for an hour, with people notified."""
    failing = DomainHealth(maildomain=domain.key, state=State.FAILING, since=NOW - HOUR, trouble_from=NOW - HOUR)
    put_health(failing)
    urgency = status.urgency(failing, maintmode=False)
    move(domain, urgency)


def add_stat(domain: MailDomain, d: str, **figures: Any) -> None:
    """Give a domain the figures of a day."""
    mapping.stat_row(Stat(maildomain=domain.key, d=d, version=1, **figures)).save()


def move(domain: MailDomain, urgency: int) -> None:
    """Move a domain to the place of its urgency, as aggregate does."""
    row = tables.MailDomainRow
    row(domain.key).update(actions=[row.urgency.set(urgency), row.status.set(status.word_of(urgency))])


def add_failing(**values: object) -> MailDomain:
    """Add a failing domain of Acme's with an open incident; its newest returned test came back as an auto-reply."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example", customer="acme", maxlatenumber=7)])
    back, lost = NOW - 120_000, NOW - 60_000
    known = DomainHealth(
        maildomain=domain.key,
        state=State.FAILING,
        since=NOW,
        recent=(Recent(back, Verdict.ONTIME, 1_500), Recent(lost, Verdict.OVERDUE, None, Cause.NO_WORD)),
        incident="1-1",
        trouble_from=lost,
        retest=1,
    )
    put_health(replace(known, **values))  # type: ignore[arg-type]
    mapping.incident_row(
        Incident(id="1-1", maildomain=domain.key, customer="acme", opened=NOW, evidence="Nothing came back.")
    ).save()
    for testid, sendtime in (("t1", back), ("t2", lost)):
        test = MailTest(
            testid=testid, maildomain=domain.key, sendtime=sendtime, maxreturntime=30, max_sec_until_fail=600
        )
        mailtests.create([test], keep_days=90)
    mailtests.accepted({"t1": "ses1", "t2": "ses2"}, lost)
    mailtests.returned("t1", back + 1_500, Kind.AUTO_REPLY, "mail1", None)
    return domain


def make_link(operator: Client) -> str:
    """Give Acme a public page; the path of it."""
    answer = operator.ask("POST", "/api/v3/customers/acme/link")
    assert answer.status == 200
    return str(answer.json["link"])
