"""The settings."""

from typing import Any

from tests.api.client import Client


def _audit(client: Client, target: str = "") -> list[dict[str, Any]]:
    return list(client.get(f"/api/v3/audit?target={target}" if target else "/api/v3/audit").json["items"])


def test_config_is_given_back_as_it_was_read(client: Client) -> None:
    """PUT accepts what GET shows; the second of two concurrent changes is refused."""
    shown = client.get("/api/v3/config")
    assert (shown.json["maxreturntime"], shown.json["maxfailnumber"], shown.headers["ETag"]) == (300, 0, '"0"')
    body = {**shown.json, "maxreturntime": 120, "alertuser": ["Ops@Example.ORG"]}
    saved = client.ask("PUT", "/api/v3/config", body)
    assert (saved.status, saved.json["version"], saved.json["alertuser"]) == (200, 1, ["Ops@example.org"])
    again = client.ask("PUT", "/api/v3/config", {**body, "maxreturntime": 90})
    assert (again.status, again.json["current"]["maxreturntime"], again.json["asked"]["maxreturntime"]) == (
        409,
        120,
        90,
    )
    (kept,) = _audit(client, "config")
    assert (kept["before"]["maxreturntime"], kept["after"]["maxreturntime"]) == (300, 120)


def test_config_makes_sense_or_is_refused(client: Client) -> None:
    """Settings are checked against each other, and none is saved without its version."""
    shown = client.get("/api/v3/config").json
    refused = client.ask("PUT", "/api/v3/config", {**shown, "maxreturntime": 600, "max_sec_until_fail": 60})
    assert (refused.status, refused.json["field"]) == (422, "maxreturntime")
    assert client.ask("PUT", "/api/v3/config", {**shown, "timezone": "Mars/Olympus"}).json["field"] == "timezone"
    del shown["version"]
    assert client.ask("PUT", "/api/v3/config", shown).json["field"] == "version"


def test_reminders_may_be_none_and_a_second_list_is_optional(client: Client) -> None:
    """Fields that an older client does not send stay as they are; null means never, and other invalid values are refused."""
    shown = client.get("/api/v3/config").json
    assert (shown["remind_minutes"], shown["escalate_minutes"], shown["escalateuser"]) == (60, None, [])
    wanted = {**shown, **LIMITS, "remind_minutes": None, "escalate_minutes": 15, "escalateuser": ["boss@example.org"]}
    saved = client.ask("PUT", "/api/v3/config", wanted).json
    assert (saved["remind_minutes"], saved["escalate_minutes"]) == (None, 15)
    older = {name: value for name, value in saved.items() if not name.startswith("escalate")}
    kept = client.ask("PUT", "/api/v3/config", older).json
    assert (kept["escalate_minutes"], kept["escalateuser"]) == (15, ["boss@example.org"])
    for name, value in (("escalate_minutes", 0), ("escalateuser", ["nobody"]), ("remind_minutes", -1)):
        refused = client.ask("PUT", "/api/v3/config", {**kept, name: value})
        assert (refused.status // 100, name in str(refused.json)) == (4, True)


LIMITS = {"maxfailpercentage": 0.0, "maxlatepercentage": 0.0}
