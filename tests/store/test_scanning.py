"""A pass over the fleet reads what single reads do."""

from mxtrax.model import MailDomain
from mxtrax.rules.status import Listing
from mxtrax.store import fleet
from mxtrax.store.tables import MailDomainRow
from tests.stage import Stage


def test_a_pass_over_the_fleet_gives_each_domain_as_it_is(it: Stage) -> None:
    """With all that may be set, and with nothing but what must be."""
    plain = it.domain("plain.example")
    full = it.domain(
        "full.example",
        maintmode=True,
        control=True,
        returns_bounce=True,
        interval_minutes=5,
        maxreturntime=60,
        max_sec_until_fail=600,
        maxfailnumber=2,
        maxfailpercentage=2.5,
        maxlatenumber=3,
        maxlatepercentage=10.0,
        tags=frozenset({"vip", "linz"}),
    )
    found: dict[str, MailDomain] = {domain.key: domain for domain in fleet.everyone()}
    assert found == {plain.key: fleet.by_key(plain.key), full.key: fleet.by_key(full.key)}


def test_a_pass_over_the_fleet_gives_how_each_stands_in_the_lists(it: Stage) -> None:
    """As a look at the single domain does: status, provider and early mark."""
    plain, known = it.domain("plain.example"), it.domain("known.example")
    row = MailDomainRow
    row(known.key).update(actions=[row.provider.set("outlook.com"), row.early_mark.set(60), row.urgency.set(7)])
    found = {each.domain.key: each for each in fleet.everyone_listed()}
    assert found[known.key].listing == Listing(7, "outlook.com", 60)
    listed = fleet.listed([plain.key, known.key])
    assert {key: (each.domain, each.listing) for key, each in found.items()} == {
        key: (each.domain, each.listing) for key, each in listed.items()
    }
