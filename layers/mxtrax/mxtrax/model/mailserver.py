"""What the DNS says about the servers that accept a domain's mail."""

from mxtrax.frozen import dataclass


@dataclass(frozen=True, slots=True)
class MailServer:
    """Mail for a domain name is accepted at this address, by a server of this name (RFC 5321, section 5.1)."""

    address: str
    domainname: str
    host: str


@dataclass(frozen=True, slots=True)
class MailServers:
    """What the DNS says about a domain name: the hosts that accept its mail, best first, and their addresses.

    A host whose addresses could not be learnt has none here.
    """

    domainname: str
    hosts: tuple[str, ...] = ()
    servers: tuple[MailServer, ...] = ()
