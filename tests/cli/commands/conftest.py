"""Fixtures for several commands."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from infra.cli.commands import send, sendtests
from mxtrax.model import Customer, MailDomain
from mxtrax.store import customers, fleet
from tests.cli.operator import Operator
from tests.stage import Sent


@pytest.fixture
def fleeted(operator: Operator) -> Operator:
    """Give the operator three domains of two customers; one of them fails."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    customers.add(Customer(codename="globex", friendlyname="Globex", alertuser=("noc@globex.example",)))
    one = MailDomain(id=0, testuser="mxtrax", domainname="one.example", customer="acme")
    two = replace(one, domainname="two.example", interval_minutes=5, tags=frozenset({"eu", "big"}))
    fleet.add([one, two, replace(one, testuser="Test", domainname="xn--bcher-kva.example", customer="globex")])
    operator.it.refused(max(operator.it.tick(), key=lambda sent: sent.to))
    operator.it.fold()
    operator.it.wait(1)
    return operator


@pytest.fixture
def late(operator: Operator) -> Sent:
    """Let one test come back late, after their server deferred it."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    it.wait(2)
    it.delivered(sent)
    it.wait(400)
    it.fold()
    it.comes_back(sent)
    it.fold()
    return sent


@pytest.fixture
def meanwhile(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let things happen while the command waits, one at each poll; then time passes."""

    def script(*steps: Callable[[], object]) -> None:
        left = list(steps)

        def sleep(seconds: float) -> None:
            operator.it.wait(seconds)
            if left:
                left.pop(0)()

        for module in (send, sendtests):
            monkeypatch.setattr(module, "sleep", sleep)

    return script
