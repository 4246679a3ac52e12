"""DNS records as a real name server gives them."""

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from infra.cli.doctor.dns import NoResolver, lookup

ZONE = {
    ("one.example.", "CNAME"): "two.example.",
    ("inbox.example.", "MX"): "10 inbound-smtp.eu-west-1.amazonaws.com.",
    ("bounce.example.", "TXT"): '"v=spf1 include:amazonses.com" " -all"',
}


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[dns.resolver.Resolver]:
    """Serve the zone on a loopback port, as the only resolver."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)

        def serve() -> None:
            while True:
                try:
                    query, who = server.recvfrom(4096)
                except OSError:
                    return
                asked = dns.message.from_wire(query)
                answer = dns.message.make_response(asked)
                question = asked.question[0]
                kind = question.to_text().split()[-1]
                if value := ZONE.get((question.name.to_text(), kind)):
                    answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, value))
                elif question.name.to_text() not in {name for name, _ in ZONE}:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                server.sendto(answer.to_wire(), who)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield resolver


@pytest.mark.usefixtures("name_server")
def test_values_are_given_as_text() -> None:
    """A TXT record's strings, joined."""
    assert lookup("one.example", "CNAME") == ["two.example."]
    assert lookup("inbox.example", "MX") == ["10 inbound-smtp.eu-west-1.amazonaws.com."]
    assert lookup("bounce.example", "TXT") == ["v=spf1 include:amazonses.com -all"]


@pytest.mark.usefixtures("name_server")
def test_a_record_that_is_not_there_is_none() -> None:
    """Whether its name is there or not."""
    assert lookup("nobody.example", "MX") == []
    assert lookup("one.example", "MX") == []


def test_a_name_server_that_is_silent_is_told_apart(
    name_server: dns.resolver.Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing is claimed about the records."""
    monkeypatch.setattr("infra.cli.doctor.dns.SECONDS", 0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        name_server.port = deaf.getsockname()[1]
        with pytest.raises(NoResolver, match="no name server answered"):
            lookup("one.example", "MX")
