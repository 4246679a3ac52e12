"""The fleet in numbers."""

from typing import Any

from mxtrax.model import Cause, Incident, Reason
from mxtrax.store import mapping
from tests.api.client import NOW, Client
from tests.api.stored import add_domains, fail


def test_metrics_are_openmetrics(client: Client) -> None:
    """WindowCounts, the failing domains by name, and the end that the format asks for."""
    domain, *_ = add_domains(2)
    fail(domain)
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    lines = answer.body.splitlines()
    assert {'mxtrax_domains{status="down"} 1', 'mxtrax_domains{status="setup"} 1'} <= set(lines)
    assert 'mxtrax_domain_failing{domain="user@domain1.com",customer=""} 1' in lines
    assert answer.body.endswith("# EOF\n")


def test_open_incidents_are_counted_by_cause_and_reason(client: Client) -> None:
    """What is over is not among them."""
    (domain,) = add_domains(1)
    full, over = {"reason": Reason.MAILBOX_FULL}, {"closed": NOW}
    for number, more in (("a", {}), ("b", full), ("c", over)):
        known: dict[str, Any] = {"cause": Cause.REFUSED, "due": NOW, **more}
        mapping.incident_row(Incident(id=number, maildomain=domain.key, opened=NOW, **known)).save()
    lines = client.get("/metrics").body.splitlines()
    assert [line for line in lines if line.startswith("mxtrax_incidents_open")] == [
        'mxtrax_incidents_open{cause="refused",reason=""} 1',
        'mxtrax_incidents_open{cause="refused",reason="mailbox_full"} 1',
    ]


def test_who_asks_for_text_alone_is_given_prometheus_own(client: Client) -> None:
    """As Prometheus negotiates: OpenMetrics where it is taken, the older text where nothing else is."""
    newer = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
    assert "openmetrics" in client.ask("GET", "/metrics", headers={"accept": newer}).headers["Content-Type"]
    answer = client.ask("GET", "/metrics", headers={"accept": "text/plain;version=0.0.4"})
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "mxtrax_domains" in answer.body
    assert not any(line.startswith(("# EOF", "# UNIT")) for line in answer.body.splitlines())
