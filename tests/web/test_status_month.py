"""A customer's month on its public page: what the report says to those who sign in, without mailboxes and causes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mxtrax.model import DAY, HOUR, MONITOR, SECOND, Cause, Incident, MailDomain, Scope, Window
from mxtrax.rules.cause import span
from mxtrax.store import fleet, mapping, windows
from mxtrax.web.status import month
from tests.api.client import NOW, Client
from tests.api.stored import add_stat, make_link

HOSTILE = "<script>alert(1)</script>"
SETTINGS = {"timezone": "Europe/Berlin", "target_percent": 99.5}


@pytest.fixture
def link(client: Client) -> str:
    """Give the link of a customer with a domain that was down for two hours, and slow for one."""
    assert client.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": HOSTILE}).status == 200
    (one,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="one.example", customer="acme")])
    for day in range(1, 23):
        add_stat(one, f"2025-11-{day:02}", ontime_num=9, late_num=1, total_num=10, total_delivery_time=10_000)
    many: tuple[tuple[str, dict[str, Any]], ...] = (
        ("down", {"opened": NOW - 2 * DAY, "closed": NOW - 2 * DAY + 2 * HOUR, "cause": Cause.REFUSED}),
        ("slow", {"opened": NOW - HOUR, "cause": Cause.SLOW_INSIDE}),
        ("ours", {"opened": NOW - 3 * DAY, "closed": NOW - 2 * DAY, "dropped": NOW, "cause": Cause.NO_WORD}),
    )
    for number, known in many:
        it = Incident(id=number, maildomain=one.key, customer="acme", evidence="550 secret words", **known)
        mapping.incident_row(it).save()
    return make_link(client)


def test_a_month_is_told_to_strangers(client: Client, stranger: Client, link: str) -> None:
    """Availability, target, each domain and incident; neither mailbox nor evidence; our own faults are not incidents."""
    page = stranger.get(f"{link}/month")
    assert page.status == 200
    told = client.get("/api/v3/customers/acme/month").json
    assert f"<b>{told['time']['availability_percent']:.2f}\N{NO-BREAK SPACE}%</b> available" in page.body
    allowed = span(round(told["time"]["allowed"]) * SECOND)
    assert f"Down for 2 h; the target of 99.9 % allows {allowed}." in page.body
    assert page.body.count('class="state down"') == 1
    assert page.body.count('class="state slow"') == 1
    assert "1 h so far" in page.body
    for hidden in ("mx@", "secret words", "refused", HOSTILE):
        assert hidden not in page.body
    assert "&lt;script&gt;alert(1)" in page.body
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_it_goes_by_the_clock_and_the_target_of_the_settings(client: Client, stranger: Client, link: str) -> None:
    """Which it does not read itself: they are published when they are saved."""
    before = stranger.get(f"{link}/month/2025-11").body
    assert "the time zone UTC" in before
    known = client.get("/api/v3/config").json
    assert client.ask("PUT", "/api/v3/config", {**known, **SETTINGS}).status == 200
    body = replace(stranger, now=NOW + 30_000).get(f"{link}/month/2025-11").body
    assert "the time zone Europe/Berlin" in body
    assert "the target of 99.5 %" in body


def test_one_is_led_to_months_that_there_are(stranger: Client, link: str) -> None:
    """Back for two years, forward to now; an invalid or future month is a 404."""
    assert f'href="{link}/month/2025-10"' in stranger.get(f"{link}/month").body
    october = stranger.get(f"{link}/month/2025-10").body
    assert "October 2025" in october
    assert f'href="{link}/month/2025-11"' in october
    assert "2025-12" not in stranger.get(f"{link}/month").body
    assert "2023-10" not in stranger.get(f"{link}/month/2023-11").body
    assert "December 2024" in stranger.get(f"{link}/month/2025-01").body
    for name in ("2025-12", "2025-13", "0000-01", "2025-1", "x"):
        assert stranger.get(f"{link}/month/{name}").status == 404
    assert stranger.get(f"/status/{'x' * 32}/month").status == 404


def test_what_is_not_counted_is_said(stranger: Client, link: str) -> None:
    """Maintenance, and faults of the monitor's own."""
    windows.save(Window(id="w", scope=Scope.ALL, start="2025-11-20T10:00", end="2025-11-20T12:00", note="<secret>"))
    fault = Incident(id="f", maildomain=MONITOR, opened=NOW - DAY, sent=NOW - DAY, closed=NOW - DAY + HOUR)
    mapping.incident_row(fault).save()
    body = stranger.get(f"{link}/month").body
    assert body.index("Maintenance</span>") < body.index("A fault of the monitor")
    assert "secret" not in body


def test_a_month_of_very_many_domains_is_for_those_who_sign_in(
    stranger: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's request costs a bounded number of reads."""
    monkeypatch.setattr(month, "MOST", 0)
    assert "There are too many domains" in stranger.get(f"{link}/month").body


def test_a_worker_reads_a_month_once_in_half_a_minute(stranger: Client, link: str) -> None:
    """As it does the page of now."""
    assert "None." not in stranger.get(f"{link}/month").body
    for number in ("down", "slow"):
        mapping.incident_row(Incident(id=number, maildomain="mx@one.example", opened=1)).delete()
    assert "None." not in replace(stranger, now=NOW + 29_999).get(f"{link}/month").body
    assert "None." in replace(stranger, now=NOW + 30_000).get(f"{link}/month").body


def test_the_report_for_programs_stays_as_it_was(stranger: Client, link: str) -> None:
    """The status has no figure of a month."""
    assert "month" not in json.loads(stranger.get(f"{link}/status.json").body)
