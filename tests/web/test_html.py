"""Strangers' pages are valid HTML, in any state and with any names."""

from pathlib import Path

from tests import html
from tests.api.client import Client
from tests.api.stored import make_link
from tests.web.test_act import fail, link, press
from tests.web.test_status import HOSTILE, all_fail, gone, in_a_window
from tests.web.test_status_wall import make

CONSOLE = Path(__file__).parents[2] / "functions/console/index.html"


def test_a_linter_of_html_finds_no_error(operator: Client, stranger: Client, tmp_path: Path) -> None:
    """Public page in four states, month, wallboard, dead link, the page of a link in a notice, the console's frame."""
    public, pages = make_link(operator), {"console": CONSOLE.read_text()}
    pages["well"] = stranger.get(public).body
    named = {"friendlyname": HOSTILE, "public_note": HOSTILE}
    assert operator.ask("PATCH", "/api/v3/customers/acme", named).status == 200
    path = link(fail())
    pages["link"] = stranger.get(path).body
    pages["link-pressed"] = press(stranger, path, "acknowledge", "Anna").body
    pages["dead"] = stranger.get("/status/AAAA").body
    pages["link-void"] = stranger.get("/act/AAAA").body
    all_fail()
    pages["down"], pages["month"] = stranger.get(public).body, stranger.get(f"{public}/month").body
    wall = {"wall": stranger.get(make(operator.signed_in("admin"))[1]).body}
    in_a_window()
    pages["maintenance"] = stranger.get(public).body
    gone()
    pages["nothing"] = stranger.get(public).body
    assert [name for name, page in {**pages, **wall}.items() if "<html" not in page] == []
    assert html.faults(pages, tmp_path) == []
    refreshed = (*html.TASTE, "meta-refresh")  # a page without scripts reloads by itself
    assert html.faults(wall, tmp_path, leave_out=refreshed) == []
