"""What the DNS says of the servers that take a domain's mail."""

from mxtrax.frozen import dataclass


@dataclass(frozen=True, slots=True)
class MailServer:
    """Mail for a domain name is taken at this address, where a server of this name stands (RFC 5321, section 5.1)."""

    address: str
    domainname: str
    host: str


@dataclass(frozen=True, slots=True)
class MailServers:
    """What the DNS says of a domain name: the hosts that take its mail, best first, and where they stand.

    Of a host whose addresses could not be learnt there is none here.
    """

    domainname: str
    hosts: tuple[str, ...] = ()
    servers: tuple[MailServer, ...] = ()
