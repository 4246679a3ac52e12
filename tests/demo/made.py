"""Incidents of the simulated customers, with the mails and messages that MXTRAX makes of them."""

import json
from collections.abc import Sequence
from typing import Any

from infra.demo.act_customers import Found
from infra.demo.captured_alerts import Alert, Message, alert, message
from infra.demo.checks import Check
from infra.local.customers import PROVIDER, TABLE, Customer
from mxtrax.model import Config, DomainHealth, Incident, MailDomain, Notice, NoticeKind, State
from mxtrax.model import Customer as Owner
from mxtrax.notify.wire import wire_form
from mxtrax.report import alert as report
from mxtrax.rules.notices import kind_of

NOW = 1_763_812_800_000


CONFIG = Config(sendinguser="mxtrax@monitor.example.net", alertuser=("alerts@operations.test",))


FAILING = [customer for customer in TABLE if customer.expected.state is State.FAILING]


HOSTED = [customer for customer in TABLE if customer.host]


SOUND = [customer for customer in TABLE if customer.expected.state is State.OK]


WELL = DomainHealth(maildomain="loop@monitor.example.net", state=State.OK)


def incident(customer: Customer, **more: Any) -> Incident:
    """Make the incident of a customer as MXTRAX would open it."""
    values: dict[str, Any] = {
        "id": f"{customer.domain}-{NOW}",
        "opened": NOW,
        "customer": customer.domain.partition(".")[0],
        "cause": customer.expected.cause,
        "evidence": f"Their server said “{customer.expected.told}”. Nothing has come back since.",
        "provider": PROVIDER if customer.host else customer.domain,
    }
    return Incident(maildomain=customer.mailbox, **{**values, **more})


def mail(*told: Incident, joined: int = 0) -> Alert:
    """Write the alert mail of some incidents, and read it as the demonstration does.

    `joined` is how many incidents of the same cause the recipient knows already.
    """
    fleet = [
        report.Line(domain(customer), DomainHealth(maildomain=customer.mailbox, state=State.FAILING))
        for customer in TABLE
    ]
    owners = {it.customer: Owner(codename=it.customer, friendlyname=f"The {it.customer} company") for _, it in pairs()}
    domains = {customer.mailbox: domain for customer, domain in pairs()}
    notices = [
        Notice(
            kind=NoticeKind.CHANGED if joined else kind_of(it),
            at=NOW,
            incident=it,
            domain=domains.get(it.maildomain),
            customer=owners.get(it.customer),
            joined=joined,
        )
        for it in told
    ]
    written = report.compose(NOW, CONFIG, notices, fleet, owners)
    return alert(wire_form(written, CONFIG.sendinguser, CONFIG.alertuser[0], NOW))


def pairs() -> list[tuple[Customer, MailDomain]]:
    """Give each customer with its domain."""
    return [(customer, domain(customer)) for customer in TABLE]


def domain(customer: Customer) -> MailDomain:
    """Make the domain of a customer."""
    return MailDomain(id=1, testuser="test", domainname=customer.domain, customer=customer.domain.partition(".")[0])


def published(*told: Incident) -> list[Message]:
    """Write the messages of some incidents, and read them as they come out of a queue."""
    read = []
    for it in told:
        body, attributes = report.message(Notice(kind=kind_of(it), at=NOW, incident=it))
        given = {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()}
        read.append(message(json.dumps(body), given))
    return read


def failed(checks: Sequence[Check]) -> list[str]:
    """Name the checks that were not passed."""
    return [check.what for check in checks if not check.ok]


def right(customer: Customer) -> Found:
    """Find what should be found."""
    expected = customer.expected
    told = (f"{customer.mailbox} {expected.told}",) if customer in FAILING else ()
    return Found(expected.verdict, expected.cause, expected.state, f"... {expected.sentence} ...", told)
