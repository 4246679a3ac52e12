"""The wallboard behind a link of its own: it shows the fleet, can change nothing, and is ended at any time."""

from dataclasses import replace

import pytest

from mxtrax.model import HOUR, MINUTE, MONITOR, Incident, MailDomain, Scope, Window
from mxtrax.rules import selfcheck
from mxtrax.store import audit, fleet, mapping, tables, walls, windows
from mxtrax.web.status import wall
from mxtrax.web.status.page import digest_of
from tests.api.client import NOW, Client
from tests.api.stored import fail as failing

HOSTILE = "<script>alert(1)</script>"
LINKS = "/api/v3/wall-links"


@pytest.fixture
def admin(operator: Client) -> Client:
    """Sign in as an admin."""
    return operator.signed_in("admin")


def make(admin: Client) -> tuple[str, str]:
    """Make a link, and give its id and its path."""
    answer = admin.ask("POST", LINKS, {"name": "Kitchen"})
    assert answer.status == 201
    return answer.json["id"], answer.json["link"]


def domain(number: int) -> MailDomain:
    """Find a domain."""
    found = fleet.by_id(number)
    assert found
    return found


def test_who_has_the_link_sees_how_the_fleet_is(admin: Client, stranger: Client) -> None:
    """How many domains have each status, and the worst with their customers; it reloads by itself, and does no more."""
    admin.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": HOSTILE})
    failing(domain(2))
    page = stranger.get(make(admin)[1])
    assert page.status == 200
    assert '<li class="down some"><b>1</b>' in page.body
    assert "<bdi>mail2.example</bdi>" in page.body
    assert "&lt;script&gt;alert(1)" in page.body
    assert "<title>(1) Mail now</title>" in page.body
    assert page.body.count("<script>") == 1
    assert "@" not in page.body.partition("<body>")[2]
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    script = page.body.partition("<script>")[2].partition("</script>")[0]
    assert f"script-src '{digest_of(script)}'; connect-src 'self'; " in policy


def test_a_link_is_void_once_it_is_ended(admin: Client, stranger: Client) -> None:
    """Within ten seconds, also for workers that have shown it; everything else stays closed."""
    number, link = make(admin)
    assert stranger.get(link).status == 200
    assert admin.ask("DELETE", f"{LINKS}/{number}").status == 204
    assert replace(stranger, now=NOW + 10_000).get(link).status == 404
    assert stranger.get(f"/status/wall/{'x' * 32}").status == 404
    assert stranger.get("/status/wall/").status == 404
    assert admin.ask("DELETE", f"{LINKS}/{number}").status == 404


def test_what_opens_a_link_is_told_once_and_kept_nowhere(admin: Client) -> None:
    """Neither in the list, nor in the audit, nor in the table."""
    number, link = make(admin)
    token = link.rpartition("/")[2]
    shown = admin.get(LINKS)
    assert [(it["id"], it["name"], it["by"]) for it in shown.json["items"]] == [(number, "Kitchen", "bob")]
    kept = str([row.attribute_values for row in tables.ConfigRow.scan()])
    changes = audit.latest(10).items
    assert [(it.what, it.target, it.after) for it in changes] == [("wall.add", f"wall {number}", {"name": "Kitchen"})]
    for text in (shown.body, kept, str(changes)):
        assert token not in text
    assert walls.load().them[0].digest in kept
    replace(admin, now=NOW + 1).ask("DELETE", f"{LINKS}/{number}")
    assert audit.latest(1).items[0].what == "wall.remove"


def test_a_link_gives_no_right_but_to_look(admin: Client, stranger: Client) -> None:
    """It is not a token of the API, and opens neither a customer's page nor anything else."""
    _, link = make(admin)
    token = link.rpartition("/")[2]
    for path in ("/api/v3/now", "/api/v3/wall-links"):
        assert stranger.ask("GET", path, headers={"authorization": f"Bearer {token}"}).status == 401
    for path in (f"/status/{token}", f"{link}/status.json", f"{link}/month", f"/act/{token}"):
        assert stranger.get(path).status == 404


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_links_are_made_and_ended_by_admins(admin: Client, role: str) -> None:
    """They show the whole fleet to anybody who has them."""
    number, _ = make(admin)
    other = admin.signed_in(role)
    assert other.get(LINKS).status == 403
    assert other.ask("POST", LINKS, {"name": "x"}).status == 403
    assert other.ask("DELETE", f"{LINKS}/{number}").status == 403


def test_there_are_not_endlessly_many(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each has a name that one can read."""
    assert admin.ask("POST", LINKS, {"name": "a\nb"}).status == 422
    monkeypatch.setattr("mxtrax.admin.walls.MOST", 1)
    make(admin)
    answer = admin.ask("POST", LINKS, {"name": "Hall"})
    assert (answer.status, "end one first" in answer.body) == (422, True)


def test_trouble_of_the_monitor_itself_is_shown(admin: Client, stranger: Client) -> None:
    """That no tests go out, and since when the fault may be ours."""
    _, link = make(admin)
    tables.RuntimeRow("heartbeat-plan", number=NOW).save()
    assert 'class="alarm"' not in stranger.get(link).body
    tables.RuntimeRow("heartbeat-plan", number=NOW - HOUR).save()
    mapping.incident_row(Incident(id=selfcheck.ID, maildomain=MONITOR, opened=NOW - 5 * MINUTE)).save()
    body = replace(stranger, now=NOW + 10_000).get(link).body
    assert "No tests go out" in body
    assert "in trouble for 5 min" in body


def test_what_is_quiet_and_what_has_no_room_is_said(
    admin: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open window is shown next to the customer; the others are counted."""
    for number in (1, 2):
        failing(domain(number))
    windows.save(Window(id="w", scope=Scope.ALL, start="2025-11-22T11:00", end="2025-11-22T13:00"))
    monkeypatch.setattr(wall, "ROOM", 1)
    body = stranger.get(make(admin)[1]).body
    assert body.count(" · quiet") == 1
    assert "and 1 more" in body


def test_a_worker_reads_it_once_in_ten_seconds(admin: Client, stranger: Client) -> None:
    """However many screens look."""
    _, link = make(admin)
    assert "Nothing is failing." in stranger.get(link).body
    failing(domain(1))
    assert "Nothing is failing." in replace(stranger, now=NOW + 9_999).get(link).body
    assert "mail1.example" in replace(stranger, now=NOW + 10_000).get(link).body
