"""Who runs a mail server, by what can be known of it."""

import pytest

from mxtrax.model import MailTest, SmtpReply
from mxtrax.rules.providers import better, provider_of, registered_domain
from tests.unit.rules.made import START, a_test

EXCHANGE = (
    "250 2.6.0 <0102@email.amazonses.com> [InternalId=1, Hostname=DB9PR01MB1.eurprd01.prod.exchangelabs.com] Queued"
)
NOT_HERE = "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT012.eop-EUR02.prod.protection.outlook.com]"


def said(text: str = "", server: str = "") -> SmtpReply:
    """Make an answer."""
    return SmtpReply(at=START, text=text, server=server)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("am0-obe.outbound.protection.outlook.com", "outlook.com"),
        ("mx1.mail.hoster.co.uk.", "hoster.co.uk"),
        ("MX.Customer.Example", "customer.example"),
        ("co.uk", ""),
        ("mx", ""),
        ("", ""),
        ("exchange.corp.local", ""),
        ("localhost.localdomain", ""),
        ("192.0.2.7", ""),
        ("foo.github.io", "github.io"),
    ],
)
def test_a_host_belongs_to_who_registered_its_domain(host: str, domain: str) -> None:
    """By the public suffixes of the registries; what only a private network knows belongs to nobody."""
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    ("test", "provider"),
    [
        (a_test(), ""),
        (a_test(via="db9.eurprd01.prod.outlook.com", delivered=said("250 ok", "8.8.8.8")), "outlook.com"),
        (a_test(via="mail.corp.local", delivered=said("250 ok", "8.8.8.8")), "8.8.8.0/24"),
        (a_test(via="mail.corp.local", delivered=said(EXCHANGE)), "exchangelabs.com"),
        (a_test(refused=said(NOT_HERE, "dns; a8-70.smtp-out.amazonses.com")), "outlook.com"),
        (a_test(refused=said("550 no", "dns; mx2.hoster.example")), "hoster.example"),
        (a_test(delivered=said("250 ok", "2001:4860:4860::8888")), "2001:4860:4860::/48"),
        (a_test(delivered=said("250 ok", "127.0.0.1")), ""),
        (a_test(delivered=said("250 ok", "a8-70.smtp-out.amazonses.com")), ""),
        (a_test(delivered=said("250 ok", "no address at all")), ""),
    ],
)
def test_the_most_telling_evidence_counts(test: MailTest, provider: str) -> None:
    """A name goes before a network, and SES's own servers are not theirs."""
    assert provider_of(test) == provider


@pytest.mark.parametrize(
    ("known", "found", "chosen"),
    [
        ("", "8.8.8.0/24", "8.8.8.0/24"),
        ("outlook.com", "8.8.8.0/24", "outlook.com"),
        ("8.8.8.0/24", "9.9.9.0/24", "9.9.9.0/24"),
        ("8.8.8.0/24", "outlook.com", "outlook.com"),
        ("outlook.com", "google.com", "google.com"),
        ("outlook.com", "", "outlook.com"),
    ],
)
def test_newer_evidence_counts_unless_it_tells_less(known: str, found: str, chosen: str) -> None:
    """A domain that moves has another provider; a test that tells nothing changes nothing."""
    assert better(known, found) == chosen
