"""The console's own rules, in the browser that they are for: durations, zones, the cutting of files."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.console.host import Host

LOAD = "const it = await import(document.querySelector('script[type=module]').src.replace('app.js', name));"


@pytest.fixture
def page(context: BrowserContext, host: Host) -> Page:
    """Open the console; nobody has to sign in for its rules."""
    page = context.new_page()
    page.goto(host.url)
    return page


def ask(page: Page, module: str, expression: str, given: object = None) -> Any:
    """Evaluate an expression of a module's exports, `it`, and of what is `given`."""
    return page.evaluate(f"async ([name, given]) => {{ {LOAD} return {expression}; }}", [module, given])


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5", "min", 5),
        ("300", "s", 300),
        ("5 min", "s", 300),
        ("2h30m", "min", 150),
        ("1 d 1 s", "s", 86_401),
        ("1,5 hours", "min", 90),
        ("90 s", "min", 1.5),
        ("2 Days", "h", 48),
        ("0", "h", 0),
        ("soon", "s", None),
        ("5 minuets", "s", None),
        ("-5 min", "s", None),
        ("", "s", None),
        ("1e9", "s", None),
    ],
)
def test_a_duration_is_read_as_people_write_it(page: Page, text: str, unit: str, value: float | None) -> None:
    """With or without units; what is none is none."""
    assert ask(page, "units.js", "it.duration(...given)", [text, unit]) == value


def test_a_duration_that_is_written_is_read_as_the_same(page: Page) -> None:
    """To the last second, whatever its size."""
    script = (
        """given.map((value) => ["s", "min", "h", "d"].map((unit) => it.duration(it.written(value, unit), unit)))"""
    )
    values = [0, 1, 59, 60, 61, 300, 3_599, 3_661, 86_399, 86_400, 90_061, 2_592_000]
    assert ask(page, "units.js", script, values) == [[value] * 4 for value in values]


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2026-11-22T22:00", "Europe/Berlin", "2026-11-22T21:00:00.000Z"),
        ("2026-07-01T12:00", "America/New_York", "2026-07-01T16:00:00.000Z"),
        ("2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"),  # just after the hour that is left out
        ("2026-10-25T01:30", "Europe/Berlin", "2026-10-24T23:30:00.000Z"),  # just before the hour that comes twice
        ("2026-01-01T00:00", "Asia/Kathmandu", "2025-12-31T18:15:00.000Z"),
        ("2026-01-01T00:00", "Nowhere/Land", None),
        ("soon", "UTC", None),
    ],
)
def test_a_clock_on_the_wall_is_a_moment(page: Page, wall: str, zone: str, moment: str | None) -> None:
    """In summer and in winter, and close to where they change."""
    script = "(at => at === null ? null : new Date(at).toISOString())(it.momentOf(...given))"
    assert ask(page, "zones.js", script, [wall, zone]) == moment


def test_a_weekly_window_keeps_to_its_clock(page: Page) -> None:
    """After summer time has ended the next one is as late by the wall, and an hour later by UTC."""
    window = {"start": "2026-06-05T20:00", "end": "2026-06-06T02:00", "zone": "Europe/Berlin", "weekly": True}
    script = "new Date(it.nextOf(given[0], Date.parse(given[1])).start).toISOString()"
    assert ask(page, "zones.js", script, [window, "2026-10-20T00:00:00Z"]) == "2026-10-23T18:00:00.000Z"
    assert ask(page, "zones.js", script, [window, "2026-10-24T12:00:00Z"]) == "2026-10-30T19:00:00.000Z"
    once = {**window, "weekly": False}
    assert ask(page, "zones.js", "it.nextOf(given[0], Date.parse(given[1]))", [once, "2026-06-07T00:00:00Z"]) is None


def test_a_file_is_cut_between_its_rows(page: Page) -> None:
    """Line ends of every sort, in quotes or not, quotes in quotes, a quote within a cell, and lines that are left out."""
    text = 'head,er\r\n"a\r\nb",1\n"say ""hi""\n",2\r5" disk,3\n\n"last",4'
    script = (
        """Promise.all(it.partsOf(new TextEncoder().encode(given), 2, new Set([5])).map((part) => part.blob.text()))"""
    )
    first = 'head,er\r\n"a\r\nb",1\n5" disk,3\n'
    assert ask(page, "csv.js", script, text) == [first, 'head,er\r\n"last",4']


def test_the_days_of_a_month_are_whole_weeks(page: Page) -> None:
    """From Monday on, also where summer time makes a day of 23 or 25 hours."""
    script = "given.map((month) => it.daysOf(month).map((day) => [day.getDay(), day.getHours()]))"
    for days in ask(page, "calendar.js", script, ["2026-02", "2026-03", "2026-10", "2027-02", "2026-11"]):
        assert len(days) % 7 == 0
        assert days == [[1, 0], [2, 0], [3, 0], [4, 0], [5, 0], [6, 0], [0, 0]] * (len(days) // 7)
