"""One change to many domains."""

from tests.api.client import HOME, Client
from tests.api.stored import add_domains


def test_many_domains_are_changed_at_once_after_a_preview(client: Client) -> None:
    """The preview shows what the change then does, for each domain."""
    add_domains(3)
    body = {"ids": [1, 2, 99], "change": {"interval_minutes": 5}, "add_tags": ["vip"], "preview": True}
    preview = client.ask("POST", f"{HOME}/bulk", body).json
    assert [it["id"] for it in preview["changed"]] == [1, 2]
    assert preview["changed"][0]["after"] == {"tags": ["vip"], "interval_minutes": 5}
    assert preview["refused"] == [{"id": 99, "reason": "There is no domain '99'."}]
    assert client.get(f"{HOME}/1").json["tags"] == []
    done = client.ask("POST", f"{HOME}/bulk", {**body, "preview": False}).json
    assert done == {**preview, "preview": False}
    assert client.get(f"{HOME}/1").json["interval_minutes"] == 5
    assert client.ask("POST", f"{HOME}/bulk", body).json["unchanged"] == [1, 2]
    assert [it["id"] for it in client.get(f"{HOME}?tag=vip&sort=id").json["items"]] == [1, 2]
