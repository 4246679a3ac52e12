"""Who is asking."""

import pytest

from tests.api.client import Client


@pytest.mark.parametrize(
    ("groups", "role", "customer"),
    [
        (["admin"], "admin", None),
        (["viewer", "operator"], "operator", None),
        (["viewer", "customer:acme"], "viewer", "acme"),
    ],
)
def test_people_are_told_who_they_are(client: Client, groups: list[str], role: str, customer: str | None) -> None:
    """Name, the highest role, and whose domains alone they see."""
    answer = client.signed_in(*groups).get("/api/v3/me")
    assert (answer.status, answer.json) == (200, {"name": "bob", "role": role, "customer": customer})


def test_a_machine_is_told_who_it_is(client: Client) -> None:
    """By the id of its client, and the role of its scope."""
    machine = Client(claims={"client_id": "m2m", "scope": "mxtrax/operate"})
    assert machine.get("/api/v3/me").json == {"name": "m2m", "role": "operator", "customer": None}
