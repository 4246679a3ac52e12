"""Who changed what."""

from dataclasses import replace
from itertools import pairwise

from tests.api.client import NOW, Client


def test_changes_are_listed_latest_first(client: Client) -> None:
    """The audit is paged like every list."""
    for number in range(5):
        later = replace(client, now=NOW + number)
        later.ask("POST", "/api/v3/customers", {"codename": f"c{number}", "friendlyname": "C"})
    moments, link = [], "/api/v3/audit?limit=2"
    while link:
        page = client.get(link).json
        moments += [it["target"] for it in page["items"]]
        link = page["next"]
    assert all(one > other for one, other in pairwise(moments))
    assert len(moments) == 5
