"""What a person names on the command line: a domain by its address, its number or its name."""

from mxtrax.admin import domains
from mxtrax.errors import Refused
from mxtrax.model import MailDomain
from mxtrax.rules.domainnames import plain
from mxtrax.store import fleet


def domain(text: str) -> MailDomain:
    """Find a domain. Raises Missing if there is none, Refused if the name alone means several."""
    wanted = text.strip().lower()
    if "@" in wanted:
        found = [each] if (each := fleet.by_key(_plain(wanted))) else []
    elif wanted.isdecimal():
        found = [each] if (each := fleet.by_id(int(wanted))) else []
    else:
        name = _plain(wanted)
        found = [each for each in fleet.everyone() if each.domainname == name]
    if not found:
        raise domains.missing(text)
    if len(found) > 1:
        raise Refused("maildomain", f"{text!r} has several mailboxes: {', '.join(sorted(d.key for d in found))}.")
    return found[0]


def _plain(text: str) -> str:
    """Give a name with its domain as A-labels, as stored; a name that has no such form is not stored."""
    user, at, host = text.rpartition("@")
    return user + at + (plain(host) or host)
