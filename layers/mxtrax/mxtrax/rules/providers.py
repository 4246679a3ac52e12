"""Who runs a domain's mail server: the registered domain of the server's name, such as outlook.com.

Only what a customer cannot forge counts. First comes the address that SES delivered to, by the names under which the
DNS knows it: a name that serves the domains of others weighs more than one that a domain gives itself, and each owner
counts once. Then comes the domain's own MX, then the network of the address. Anybody can invent the names that mails
and servers give themselves: these only break ties between names in the DNS.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Final

from publicsuffixlist import PublicSuffixList

from mxtrax.model import MailServer, MailServers, MailTest

_PRIVATE: Final = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost"}
)
_NAMED: Final = re.compile(r"(?:\[|hostname=)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
"""A host in an answer, in the form of Exchange: [AM0.eop-EUR02.prod.protection.outlook.com],
Hostname=DB9.prod.outlook.com."""

MOST_ASKED: Final = 3
"""How many addresses of a domain's own servers are checked for whose mail they accept."""

type Neighbours = Mapping[str, Sequence[MailServer]]
"""What is known about addresses: which domains' mail they accept, and under which names."""


@cache
def _suffixes() -> PublicSuffixList:
    """Read the list once, when it is first needed."""
    return PublicSuffixList(only_icann=True)


def registered_domain(host: str) -> str:
    """Give the registered domain of a host name; empty if nobody can have registered one."""
    name = host.strip().rstrip(".").lower()
    if "." not in name or name.rpartition(".")[2] in _PRIVATE or _address(name):
        return ""
    return _suffixes().privatesuffix(name) or ""


def provider_of(dns: MailServers, delivered_to: str, known: Neighbours, said: Collection[str] = ()) -> str:
    """Give the provider that accepts a domain's mail; empty if that is not known.

    `delivered_to` is the address that SES last delivered to, where there is one. `said` are the names that mails gave.
    """
    if found := _run_by(delivered_to, known, said):
        return found
    by_name = next((name for host in dns.hosts if (name := registered_domain(host))), "")
    if by_name and by_name == _owner(dns.domainname):  # Its own name may be that of somebody else's server.
        return next((name for it in dns.servers if (name := _run_by(it.address, known, said))), by_name)
    return by_name or network(delivered_to)


def addresses(dns: MailServers, delivered_to: str) -> list[str]:
    """Give the addresses about which `provider_of` must know whose mail they accept."""
    own = [it.address for it in dns.servers if registered_domain(it.host) == _owner(dns.domainname)]
    return [it for it in dict.fromkeys((delivered_to, *own[:MOST_ASKED])) if is_public(it)]


def named_by(tests: Iterable[MailTest]) -> set[str]:
    """Give the registered domains that mails and answers name as theirs."""
    return {found for test in tests for name in _names(test) if (found := registered_domain(name))}


def network(address: str) -> str:
    """Give the network of a public address, 256 neighbours or an IPv6 site; empty for any other."""
    if not is_public(address):
        return ""
    ip = ip_address(address)
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


def is_public(address: str) -> bool:
    """Say whether this is an address that SES can deliver to."""
    return _address(address) and ip_address(address).is_global


def _run_by(address: str, known: Neighbours, said: Collection[str]) -> str:
    """Give the provider of the server at an address, by its names in domains' DNS records; empty if there are none."""
    by_others, by_itself = defaultdict[str, set[str]](set), set[str]()
    for it in known.get(address, ()):
        if name := registered_domain(it.host):
            owner = _owner(it.domainname)
            if name == owner:
                by_itself.add(name)
            else:
                by_others[name].add(owner)
    if by_others:
        return max(by_others, key=lambda name: (len(by_others[name]), name in said, name))
    return by_itself.pop() if len(by_itself) == 1 else network(address) if by_itself else ""


def _owner(domainname: str) -> str:
    return registered_domain(domainname) or domainname


def _names(test: MailTest) -> Iterator[str]:
    yield test.via
    for reply in (test.refused, test.deferred, test.delivered):
        if reply and not reply.by_mail:
            yield reply.server.rpartition(";")[2]
            yield from _NAMED.findall(reply.text)


def _address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
