"""Which domains' mail an address accepts, and under which names: what the DNS said, kept for some days."""

from collections.abc import Sequence
from typing import Final

from mxtrax.model import DAY, SECOND, MailServer, Millis
from mxtrax.store.tables import MailServerRow

KEPT: Final = 8 * DAY
"""How long a record is kept. It is checked each day, and rewritten about every fourth."""

SAMPLE: Final = 100
"""Domains of an address that are read: a large provider's address has tens of thousands, which all say the same."""


def at(address: str) -> list[MailServer]:
    """Read some of the domains whose mail an address accepts."""
    rows = MailServerRow.query(address, limit=SAMPLE)
    return [MailServer(row.address, row.domainname, row.host) for row in rows]


def note(servers: Sequence[MailServer], now: Millis) -> None:
    """Record what was seen. A record that stays valid for some more days is not rewritten."""
    wanted = {(it.address, it.domainname): it for it in servers}
    known = {(row.address, row.domainname): row for row in MailServerRow.batch_get(list(wanted))} if wanted else {}
    for key, it in wanted.items():
        row = known.get(key)
        if row is None or row.host != it.host or row.expires * SECOND < now + KEPT // 2:
            MailServerRow(it.address, it.domainname, host=it.host, expires=(now + KEPT) // SECOND).save()
