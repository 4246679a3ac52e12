"""Who runs a mail server, by what can be known about it."""

import pytest

from mxtrax.model import MailServer, MailServers, MailTest, SmtpReply
from mxtrax.rules.providers import addresses, named_by, network, provider_of, registered_domain
from tests.unit.rules.made import START, a_test

EXCHANGE = (
    "250 2.6.0 <0102@email.amazonses.com> [InternalId=1, Hostname=DB9PR01MB1.eurprd01.prod.exchangelabs.com] Queued"
)
NOT_HERE = "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT012.eop-EUR02.prod.protection.outlook.com]"


HERE, THERE = "81.20.4.10", "81.21.9.10"


def mx(domainname: str, *hosts: str, at: str = HERE) -> MailServers:
    """Let a domain's MX be these hosts, all at one address."""
    return MailServers(domainname, hosts, tuple(MailServer(at, domainname, host) for host in hosts))


def taking(address: str, **hosts: str) -> dict[str, list[MailServer]]:
    """Let an address take the mail of some domains, by the names that each of them gives it."""
    return {address: [MailServer(address, f"{name}.example", host) for name, host in hosts.items()]}


def said(text: str = "", server: str = "") -> SmtpReply:
    """Make an answer."""
    return SmtpReply(at=START, text=text, server=server)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("am0-obe.outbound.protection.outlook.com", "outlook.com"),
        ("mx1.mail.hoster.co.uk.", "hoster.co.uk"),
        ("MX.Customer.Example", "customer.example"),
        ("foo.github.io", "github.io"),
    ],
)
def test_a_host_belongs_to_who_registered_its_domain(host: str, domain: str) -> None:
    """By the public suffixes of the registries."""
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    "host", ["co.uk", "mx", "", "exchange.corp.local", "localhost.localdomain", "192.0.2.7"], ids=repr
)
def test_what_nobody_has_registered_belongs_to_nobody(host: str) -> None:
    """A public suffix by itself, an address, and what only a private network knows."""
    assert registered_domain(host) == ""


def test_the_address_goes_before_the_mx() -> None:
    """Neither the domain's own name nor an invented one hides whose server it is."""
    known = taking(HERE, a="mx.hoster.net", b="mx.hoster.net", customer="mail.customer.example", c="mx.invented0.net")
    for host in ("mail.customer.example", "mx.invented0.net"):
        assert provider_of(mx("customer.example", host), HERE, known) == "hoster.net"


def test_an_owner_of_many_domains_has_one_voice() -> None:
    """Inventing many names below one's own domain does not help."""
    invented = [MailServer(HERE, f"n{number}.forger.example", "mx.invented.net") for number in range(9)]
    known = {HERE: [*invented, *taking(HERE, a="mx.hoster.net", b="mx.hoster.net")[HERE]]}
    assert provider_of(mx("customer.example", "mx.hoster.net"), HERE, known) == "hoster.net"


def test_an_address_of_which_nothing_is_known_leaves_it_to_the_mx() -> None:
    """Large providers deliver to more addresses than the DNS gives at a time; the best MX that somebody can own counts."""
    dns = mx("customer.example", "mx.internal.local", "aspmx.l.google.com", "backup.example.net")
    assert provider_of(dns, THERE, {}) == "google.com"
    assert provider_of(dns, "", {}) == "google.com"


def test_a_name_of_ones_own_is_looked_behind() -> None:
    """Where it is not known where SES delivered to, the addresses of the domain's own host may be another's."""
    own = mx("customer.example", "mail.customer.example")
    assert provider_of(own, "", taking(HERE, a="mx.hoster.net", customer="mail.customer.example")) == "hoster.net"
    assert provider_of(own, "", taking(HERE, customer="mail.customer.example")) == "customer.example"
    assert provider_of(own, "", {}) == "customer.example"


def test_many_owners_under_their_own_names_at_one_address_are_the_network() -> None:
    """One host has many customers, each by a name of theirs: they share a fate, and nobody's name is all of them."""
    known = taking(HERE, a="mail.a.example", b="mail.b.example", customer="customer.example")
    assert provider_of(mx("customer.example", "customer.example"), HERE, known) == "81.20.4.0/24"


def test_without_a_name_the_network_counts() -> None:
    """Neither MX nor known address: 256 neighbours count as one."""
    assert provider_of(MailServers("customer.example"), HERE, {}) == "81.20.4.0/24"
    assert provider_of(MailServers("customer.example"), "", {}) == ""
    assert provider_of(mx("customer.example", "mx.corp.local"), "10.0.0.1", {}) == ""


def test_names_in_mails_only_decide_between_equals() -> None:
    """What a mail says confirms what the DNS knows, and brings in no name of its own."""
    known = taking(HERE, a="mx.one.net", b="mx.two.net")
    assert provider_of(mx("customer.example", "mx.one.net"), HERE, known, {"one.net", "invented.net"}) == "one.net"
    assert provider_of(mx("customer.example", "mx.one.net"), HERE, known, {"two.net"}) == "two.net"
    assert (
        provider_of(mx("customer.example", "mx.one.net"), HERE, taking(HERE, a="mx.one.net"), {"two.net"}) == "one.net"
    )


def test_only_what_may_tell_is_asked_for() -> None:
    """The address of the delivery, and where a domain's host is its own; no address that SES cannot reach."""
    assert addresses(mx("customer.example", "mx.hoster.net"), THERE) == [THERE]
    assert addresses(mx("customer.example", "mail.customer.example"), THERE) == [THERE, HERE]
    assert addresses(mx("customer.example", "mail.customer.example", at="10.0.0.1"), "") == []


@pytest.mark.parametrize(
    ("test", "names"),
    [
        (a_test(), set()),
        (a_test(via="db9.eurprd01.prod.outlook.com"), {"outlook.com"}),
        (a_test(via="mail.corp.local", delivered=said(EXCHANGE, "8.8.8.8")), {"exchangelabs.com"}),
        (a_test(refused=said(NOT_HERE, "dns; mx2.hoster.example")), {"outlook.com", "hoster.example"}),
    ],
)
def test_mails_and_answers_name_servers(test: MailTest, names: set[str]) -> None:
    """By the chain of what came back, by a report, and in brackets."""
    assert named_by([test]) == names


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("8.8.8.8", "8.8.8.0/24"),
        ("2001:4860:4860::8888", "2001:4860:4860::/48"),
    ],
)
def test_an_address_says_as_much_as_its_network(address: str, found: str) -> None:
    """256 neighbours, or an IPv6 site."""
    assert network(address) == found


@pytest.mark.parametrize("address", ["127.0.0.1", "a8-70.smtp-out.amazonses.com", ""], ids=repr)
def test_what_is_no_public_address_says_nothing(address: str) -> None:
    """Neither an address of one's own, nor a name, nor nothing."""
    assert network(address) == ""
