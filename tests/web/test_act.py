"""The page behind a link in a notice: what it shows, what a button does, and what does nothing."""

import re
from dataclasses import replace
from typing import Any

import pytest

from mxtrax.model import DAY, HOUR, MONITOR, Cause, Door, Incident, Scope
from mxtrax.rules import act_token
from mxtrax.rules.act_token import ActToken
from mxtrax.store import audit, fleet, incidents, mapping, runtime, windows
from tests.api.client import NOW, Answer, Client

KEY = "secret-mailbox@mail1.example"
HOSTILE = """<script>alert(1)</script>"'&{{}}<img src=x onerror=x>"""


def fail(**more: Any) -> Incident:
    """Let a domain fail."""
    known: dict[str, Any] = {"maildomain": KEY, "customer": "acme", "cause": Cause.REFUSED, "evidence": HOSTILE}
    incident = Incident(id="1-1", opened=NOW - HOUR, **{**known, **more})
    mapping.incident_row(incident).save()
    return incident


def link(incident: Incident, **more: Any) -> str:
    """Give the path of an incident's link."""
    known: dict[str, Any] = {"expires": NOW + 7 * DAY, "zone": "Europe/Berlin", "way": "mail"}
    token = ActToken(incident=incident.id, opened=incident.opened, **{**known, **more})
    return f"/act/{act_token.sign(runtime.act_key(), token)}"


def press(stranger: Client, path: str, do: str, who: str = "", **headers: str) -> Answer:
    """Send the form."""
    return stranger.ask("POST", path, f"who={who}&do={do}".encode(), headers or {"sec-fetch-site": "same-origin"})


def now(number: str = "1-1") -> Incident:
    """Read an incident."""
    found = incidents.get(number)
    assert found
    return found


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_looking_changes_nothing(stranger: Client, method: str) -> None:
    """However often, and by any means other than the form."""
    before = fail()
    answer = stranger.ask(method, link(before))
    assert answer.status == (200 if method in {"GET", "HEAD"} else 405)
    assert (now(), windows.everything(), audit.latest(9).items) == (before, [], [])


def test_the_page_shows_the_incident_as_it_is_now(stranger: Client) -> None:
    """What, since when by the reader's clock, who is on it; a stranger's words are not markup."""
    path = link(fail())
    page = stranger.get(path).body
    assert "secret-mailbox@mail1.example" in page
    assert "2025-11-22 12:00:00 CET (11:00 UTC)" in page
    assert "nobody yet" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    fail(acknowledged=NOW, acknowledged_by=HOSTILE)
    page = stranger.get(path).body
    assert "I am on it" not in page
    assert "<img" not in page


def test_a_button_says_who_is_on_it(stranger: Client) -> None:
    """By their name and the notice's channel; reminders end, and the audit has it."""
    path = link(fail())
    answer = press(stranger, path, "acknowledge", "Anna")
    assert answer.status == 200
    assert "Anna (by mail)</bdi>, since 2025-11-22 13:00:00 CET" in answer.body
    assert (now().acknowledged, now().acknowledged_by) == (NOW, "Anna (by mail)")
    (change,) = audit.latest(9).items
    assert (change.who, change.door, change.what) == ("Anna (by mail)", Door.LINK, "incident.change")
    assert press(stranger, path, "acknowledge", "Bob").status == 200
    assert now().acknowledged_by == "Anna (by mail)"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", "Somebody"),
        ("%3Cb%3ECall+555%3C/b%3E", "bCall 555b"),
        ("J%C3%B6rg+O'Neil", "Jörg O'Neil"),
        ("http://evil.example/", "httpevil.example"),
        ("a" * 500, "a" * 40),
        ("%E2%80%AEevil%0d%0aBcc:+x", "evil Bcc x"),
        ("%FF%00", "Somebody"),
    ],
)
def test_a_name_is_a_name(stranger: Client, given: str, kept: str) -> None:
    """It is in later mails: no markup, no link, no line break, no excessive length."""
    assert press(stranger, link(fail()), "acknowledge", given).status == 200
    assert now().acknowledged_by == f"{kept} (by mail)"


def test_a_button_makes_quiet_for_an_hour(stranger: Client) -> None:
    """A window for only the domain, to the minute; pressed again, it adds nothing."""
    path = link(fail())
    assert "until 2025-11-22 14:00:00 CET" in press(stranger, path, "quiet-1h", "Anna").body
    press(stranger, path, "quiet-1h", "Anna")
    (window,) = windows.everything()
    assert (window.scope, window.target, window.note) == (Scope.DOMAIN, KEY, "Quiet, Anna (by mail)")
    assert (window.start, window.end) == ("2025-11-22T12:00", "2025-11-22T13:00")


def test_quiet_lasts_to_the_readers_morning_where_that_is_near(stranger: Client) -> None:
    """At noon there are nineteen hours to go in Berlin, which is too long; in Tokyo it is nine in the evening."""
    incident = fail()
    assert "quiet-morning" not in stranger.get(link(incident)).body
    answer = press(stranger, link(incident), "quiet-morning")
    assert (answer.status, windows.everything()) == (409, [])
    assert "Nothing was done." in answer.body
    tokyo = link(incident, zone="Asia/Tokyo")
    assert "Quiet until 2025-11-23 08:00:00 JST" in stranger.get(tokyo).body
    assert press(stranger, tokyo, "quiet-morning").status == 200
    (window,) = windows.everything()
    assert window.end == "2025-11-22T23:00"


def test_what_is_over_is_shown_for_a_day_and_cannot_be_acknowledged(stranger: Client) -> None:
    """A domain that comes and goes can be made quiet then."""
    path = link(fail(closed=NOW - DAY + 1))
    page = stranger.get(path)
    assert page.status == 200
    assert "It is over." in page.body
    assert "I am on it" not in page.body
    assert press(stranger, path, "acknowledge").status == 409
    assert now().acknowledged is None
    assert press(stranger, path, "quiet-1h").status == 200
    fail(closed=NOW - DAY)
    assert (stranger.get(path).status, press(stranger, path, "quiet-1h").status) == (404, 404)


def test_a_link_that_is_void_looks_like_none(stranger: Client) -> None:
    """Over, forged, for another incident, or for what is gone: one page, which says nothing."""
    incident = fail()
    good = link(incident)
    forged = good[:-3] + ("AAA" if good[-3:] != "AAA" else "BBB")
    void = [
        link(incident, expires=NOW),
        forged,
        "/act/x",
        "/act/" + "A" * 900,
        link(replace(incident, opened=NOW)),
        link(replace(incident, id="9-9")),
    ]
    pages = {(stranger.get(path).status, stranger.get(path).body) for path in void}
    assert len(pages) == 1
    ((status, body),) = pages
    assert status == 404
    assert KEY not in body
    for path in void:
        assert press(stranger, path, "quiet-1h").status == 404
    assert (now(), windows.everything()) == (incident, [])


def test_before_the_first_notice_no_link_is_genuine(stranger: Client) -> None:
    """There is no key then, and looking creates none."""
    assert stranger.get("/act/AAAA").status == 404
    assert runtime.known_act_key() is None


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_send_the_form(stranger: Client, site: str) -> None:
    """Not even with a stolen link."""
    incident = fail()
    answer = press(stranger, link(incident), "acknowledge", **{"sec-fetch-site": site})
    assert (answer.status, now()) == (403, incident)


@pytest.mark.parametrize("body", [b"", b"do=delete", b"\xff\xfe", b"a=1&" * 9, b"who=" + b"x" * 3_000, b"{}"])
def test_what_is_no_button_does_nothing(stranger: Client, body: bytes) -> None:
    """Whatever is sent."""
    incident = fail()
    assert stranger.ask("POST", link(incident), body).status == 409
    assert (now(), windows.everything()) == (incident, [])


def test_the_monitors_own_incident_can_be_acknowledged_and_nothing_more(stranger: Client) -> None:
    """It has no domain that could be quiet."""
    path = link(fail(maildomain=MONITOR, cause=Cause.MONITOR_FAULT))
    assert "Quiet" not in stranger.get(path).body
    assert press(stranger, path, "quiet-1h").status == 409
    assert press(stranger, path, "acknowledge").status == 200
    assert now().acknowledged == NOW


def test_a_domain_that_is_gone_cannot_be_quiet(stranger: Client) -> None:
    """The page says so."""
    incident = fail(maildomain="gone@gone.example")
    assert fleet.by_key("gone@gone.example") is None
    assert press(stranger, link(incident), "quiet-1h").status == 409


def test_the_token_goes_nowhere(stranger: Client) -> None:
    """Not into a cache, not to another site, not into the page itself; and the page runs and loads nothing."""
    path = link(fail(evidence="550 no"))
    for answer in (stranger.get(path), press(stranger, path, "acknowledge"), stranger.get("/act/x")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'; frame-ancestors 'none'" in policy
        assert path.removeprefix("/act/") not in answer.body
        assert not re.search(r"\b(src|href|action|on\w+)=", answer.body)
