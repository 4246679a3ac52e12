"""The fence around our HTTPS calls: where a URL may lead, no matter who wrote it.

A URL can come from anybody who may edit a channel, and a name from anybody who has a domain. Neither may reach what a
function can reach and strangers cannot: the Lambda runtime, link-local services, a private network. So a name is
resolved once, all of its addresses must be public, and the call goes to one of the addresses that were checked: if the
name server gives another answer a moment later, that changes nothing.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from mxtrax.errors import Refused, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.runtime.memory import kept

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

RESOLVE_SECONDS: Final = 4
"""How long resolving a name may take; the C library would wait several times longer."""

LONGEST: Final = 2_000
"""Characters of a URL."""

_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_PATH: Final = re.compile(r"[!-~]*")
_OLD_RELAYS: Final = ipaddress.ip_network("192.88.99.0/24")  # RFC 7526: 6to4, taken out of use


def is_public(address: Address) -> bool:
    """Say whether an address is public, and has no other address embedded in it (NAT64, mapped IPv4)."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return isinstance(address, ipaddress.IPv6Address) or address not in _OLD_RELAYS


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Resolve a name, also an address in any of the ways to write one. Raises TryAgain if that fails."""
    found = SimpleQueue[Sequence[str] | OSError]()

    def resolve() -> None:
        try:
            every = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            found.put(OSError(str(error)))
        else:
            found.put(list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in every)))

    Thread(target=resolve, daemon=True).start()
    try:
        answer = found.get(timeout=RESOLVE_SECONDS)
    except Empty:
        raise TryAgain(f"The name {host} was not resolved within {RESOLVE_SECONDS} seconds.") from None
    if isinstance(answer, OSError):
        raise TryAgain(f"The name {host} cannot be resolved.") from answer
    return answer


@kept
def trusted() -> ssl.SSLContext:
    """Give the certificates that are trusted, and TLS 1.2 or later."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """Where a call may lead. One fence is for all calls, `PUBLIC`."""

    resolve: Callable[[str, int], Sequence[str]] = addresses_of
    allows: Callable[[Address], bool] = is_public
    port: int = 443
    trusts: Callable[[], ssl.SSLContext] = trusted

    def check(self, url: str) -> str:
        """Check a URL before it is stored. Raises Refused with a sentence; no name is resolved."""
        self.split(url)
        return url

    def split(self, url: str) -> tuple[str, str]:
        """Give host and path of a URL. Raises Refused if it leads, or may lead, through the fence."""
        if len(url) > LONGEST or not _PATH.fullmatch(url):
            raise Refused(
                "url", f"A URL has at most {LONGEST:,} characters, all of them printable ASCII without blanks."
            )
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Refused("url", "This is not a URL; use one such as https://hooks.example.com/abc.") from None
        if parts.scheme != "https":
            raise Refused("url", "The URL must begin with https://.")
        if parts.username is not None or parts.password is not None:
            raise Refused("url", "The URL must not name a user or a password.")
        if port not in {None, self.port}:
            raise Refused("url", f"The URL must not use a port other than {self.port}.")
        host = (parts.hostname or "").rstrip(".")
        if not _HOST.fullmatch(host) and not _is_ipv6(host):
            raise Refused("url", "The URL must name a host, such as hooks.example.com.")
        path = parts.path or "/"
        return host, f"{path}?{parts.query}" if parts.query else path

    def lead_to(self, host: str) -> list[str]:
        """Give the addresses of a host that may be called, IPv4 first: functions have no way out by IPv6.

        Raises Refused if one of them is not public: such a name is not to be trusted with the others either.
        """
        found = [ipaddress.ip_address(it) for it in self.resolve(host, self.port)]
        if not found:
            raise TryAgain(f"The name {host} has no address.")
        if not all(map(self.allows, found)):
            raise Refused("url", f"{host} is not a public address.")
        return [str(it) for it in sorted(found, key=lambda it: it.version)]


PUBLIC: Final = Fence()


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
