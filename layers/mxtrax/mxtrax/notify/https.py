"""The one client for calls outside AWS: only https, only public addresses, no redirects, limits on everything.

Error messages leave out the URL's path, because many services put their secret there.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Timer
from typing import Final

from mxtrax.errors import Refused, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Millis
from mxtrax.notify.fence import PUBLIC, Fence

CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 8
TOTAL_SECONDS: Final = 12
"""From the first packet to the last: a server that gives a byte now and then would outlive any other limit."""

ADDRESSES: Final = 3
"""How many addresses of a name are tried at most."""

MOST: Final = 2_048
"""Bytes of an answer that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered: the first bytes of the body, and the header fields by their names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def taken(self) -> bool:
        """Say whether the server says that it did what was asked. A redirect does not count: it is never followed."""
        return 200 <= self.status < 300

    def retry_after(self, now: Millis) -> float | None:
        """Give how many seconds the server wants us to wait (RFC 9110, 10.2.3); None if it does not say."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal() and said.isascii():
            return float(said[:9])
        with suppress(ValueError, OverflowError):
            at = parsedate_to_datetime(said)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            return max(0.0, (at - datetime.fromtimestamp(now / SECOND, UTC)).total_seconds())
        return None


def call(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    most: int = MOST,
    fence: Fence = PUBLIC,
) -> Answer:
    """Call a URL once, and give what was answered, whatever its status is.

    Raises Refused if the URL leads through the fence or the request cannot be written, TryAgain if no answer came.
    """
    host, path = fence.split(url)
    with _connection(host, fence) as connection:
        try:
            connection.request(method, path, body, {"User-Agent": "MXTRAX", "Connection": "close", **(headers or {})})
        except ValueError:  # Before a byte is out: http.client lets no line break into what it writes.
            raise Refused("url", "The request has a character in it that no request can have.") from None
        response = connection.getresponse()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, body=response.read(most), headers=fields)


@contextmanager
def _connection(host: str, fence: Fence) -> Iterator[http.client.HTTPConnection]:
    """Connect to one of a host's addresses, within the time limit whatever happens."""
    addresses = fence.lead_to(host)
    try:
        with _plain(addresses[:ADDRESSES], fence.port) as plain:
            plain.settimeout(READ_SECONDS)
            with fence.trusts().wrap_socket(plain, server_hostname=host) as tls, _in_time(tls):
                connection = http.client.HTTPConnection(_named(host, fence.port))
                connection.sock = tls
                yield connection
    except ssl.SSLCertVerificationError as error:
        raise TryAgain(f"{host} has a certificate that is not valid: {error.verify_message}.") from error
    except TimeoutError as error:
        raise TryAgain(f"{host} did not answer in time.") from error
    except (OSError, http.client.HTTPException) as error:
        raise TryAgain(f"{host} could not be called: {_word(error)}.") from error


def _plain(addresses: list[str], port: int) -> socket.socket:
    """Connect to the first address that accepts."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), CONNECT_SECONDS)
    return socket.create_connection((last, port), CONNECT_SECONDS)


@contextmanager
def _in_time(tls: ssl.SSLSocket) -> Iterator[None]:
    """Cut the connection when its time is over."""
    over = Timer(TOTAL_SECONDS, _cut, [tls])
    over.daemon = True
    over.start()
    try:
        yield
    finally:
        over.cancel()


def _cut(tls: ssl.SSLSocket) -> None:
    """Cut the connection below TLS: a read that waits for a byte wakes up and ends."""
    with suppress(OSError):
        socket.socket.shutdown(tls, socket.SHUT_RDWR)


def _named(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == 443 else f"{name}:{port}"


def _word(error: BaseException) -> str:
    """Name an error without what a server wrote into it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
