"""The hours of a domain."""

from mxtrax.model import HourOfDay
from tests.api.client import HOME, Client
from tests.api.stored import add_domains, add_stat


def test_hours_are_shown_of_a_domain(client: Client) -> None:
    """Each by its moment; hours in which nothing was sent are left out, and so are other days."""
    (domain,) = add_domains(1)
    add_stat(domain, "2025-11-21", hours={23: HourOfDay(ontime=4)})
    add_stat(domain, "2025-11-22", hours={9: HourOfDay(3, 1, 2, 5, 6), 0: HourOfDay(ontime=4)})
    shown = client.get(f"{HOME}/1/hours?from=2025-11-22&to=2025-11-22").json["items"]
    assert [it["at"] for it in shown] == ["2025-11-22T00:00:00Z", "2025-11-22T09:00:00Z"]
    assert shown[1] == {
        "at": "2025-11-22T09:00:00Z", "ontime": 3, "late": 1, "missed": 2, "unsent": 5, "quiet": 6, "total": 6,
    }  # fmt: skip
    assert len(client.get(f"{HOME}/1/hours").json["items"]) == 3
    assert client.get(f"{HOME}/1/hours?from=2025-10-01&to=2025-11-22").json["field"] == "from"
    assert client.get(f"{HOME}/99/hours").status == 404
