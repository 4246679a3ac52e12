"""The resolver of the network that a function runs in: whose servers accept a domain's mail.

Strangers write what the DNS says: only a limited number of hosts and addresses are used, and only names that are host
names. Whatever could not be learnt raises TryAgain: no answer does not mean that there is nothing.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from typing import Any, Final

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from mxtrax.errors import TryAgain
from mxtrax.model import MailServer, MailServers
from mxtrax.rules.providers import is_public

MOST_HOSTS: Final = 4
"""Hosts of a domain that are used, the best first: SES itself tries no more before it waits."""

MOST_ADDRESSES: Final = 4
"""Addresses of a host that are used, of each kind."""

LONGEST: Final = 3.0
"""Seconds that one question may take."""

CACHED: Final = 1_000
"""Answers that are remembered for as long as they say that they hold."""

_HOST: Final = re.compile(r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")


@dataclass(slots=True)
class Pace:
    """Limits the questions per second, over all threads."""

    per_second: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        """Wait for a turn."""
        with self._lock:
            turn = max(self._next, self.clock())
            self._next = turn + 1 / self.per_second
        if (rest := turn - self.clock()) > 0:
            self.sleep(rest)


class Resolver:
    """Asks the DNS, at a limited pace. `place` is HOST:PORT of a resolver; without it, the system's is used."""

    def __init__(self, place: str, pace: Pace) -> None:
        host, _, port = place.rpartition(":")
        self._dns = dns.resolver.Resolver(configure=not place)
        if place:
            self._dns.nameservers, self._dns.port = [host], int(port)
        self._dns.search, self._dns.lifetime = [], LONGEST
        self._dns.cache = dns.resolver.LRUCache(CACHED)
        self._pace = pace

    def mail_servers(self, domainname: str) -> MailServers:
        """Give the hosts that accept mail for a domain name, with their addresses. Raises TryAgain if no answer came.

        Without an MX it is the domain's own host (RFC 5321, section 5.1); with an MX of "." nobody (RFC 7505).
        """
        found = sorted((mx.preference, _text(mx.exchange)) for mx in self._ask(domainname, "MX"))
        names = [name for _, name in found] or [domainname.lower()]
        hosts = tuple(dict.fromkeys(name for name in names if _HOST.match(name)))[:MOST_HOSTS]
        servers = [MailServer(address, domainname, host) for host in hosts for address in self._addresses(host)]
        return MailServers(domainname, hosts if found or servers else (), tuple(servers))

    def _addresses(self, host: str) -> Iterator[str]:
        """Give a host's addresses, as far as they can be learnt."""
        for kind in ("A", "AAAA"):
            try:
                found = sorted(record.to_text() for record in self._ask(host, kind))
            except TryAgain:
                continue
            yield from [address for address in found if is_public(address)][:MOST_ADDRESSES]

    def _ask(self, name: str, kind: str) -> list[Any]:
        self._pace.wait()
        try:
            answer = self._dns.resolve(name, kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return []
        except dns.exception.DNSException as error:
            raise TryAgain(f"the DNS gives no answer about {name}: {type(error).__name__}") from error
        return list(answer) if answer.rrset is not None else []


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
