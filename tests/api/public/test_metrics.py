"""The fleet in numbers."""

from tests.api.client import Client
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
