"""Who runs a domain's mail server: the registered domain of the server's name, such as outlook.com.

Of what SES tells of a delivery, the reporting server is SES's own; theirs is known by its address and its words alone.
Better are the names that their servers give themselves: in the Received chain of what came back, in a report's
Reporting-MTA, in an answer that names its host. An address says as much as its network. Names that only a private
network knows say nothing.
"""

import re
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Final

from publicsuffixlist import PublicSuffixList

from mxtrax.model import MailTest

_OURS: Final = frozenset({"amazonses.com", "amazonaws.com", "amazon.com"})
_PRIVATE: Final = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost"}
)
_NAMED: Final = re.compile(r"(?:\[|hostname=)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
"""A host in an answer, as Exchange gives it: [AM0.eop-EUR02.prod.protection.outlook.com], Hostname=DB9.prod.outlook.com."""


@cache
def _suffixes() -> PublicSuffixList:
    """Read the list, once and not before somebody asks."""
    return PublicSuffixList(only_icann=True)


def registered_domain(host: str) -> str:
    """Give the domain under which somebody registered a host name; empty where nobody can have."""
    name = host.strip().rstrip(".").lower()
    if "." not in name or name.rpartition(".")[2] in _PRIVATE or _address(name):
        return ""
    return _suffixes().privatesuffix(name) or ""


def provider_of(test: MailTest) -> str:
    """Give who runs the server that dealt with a test, by the most telling evidence; empty where nothing tells."""
    for name in _names(test):
        if (found := registered_domain(name)) and found not in _OURS:
            return found
    return _network(test.delivered.server) if test.delivered else ""


def better(known: str, found: str) -> str:
    """Choose between what is known of a domain's provider and what a newer test tells: a name outweighs a network."""
    return known if not found or ("/" in found and known and "/" not in known) else found


def _names(test: MailTest) -> Iterator[str]:
    yield test.via
    for said in (test.refused, test.deferred, test.delivered):
        if said:
            yield said.server.rpartition(";")[2]
            yield from _NAMED.findall(said.text)


def _address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _network(address: str) -> str:
    """Give the network of a public address, 256 neighbours or an IPv6 site; of any other nothing."""
    if not _address(address) or not (ip := ip_address(address)).is_global:
        return ""
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))
