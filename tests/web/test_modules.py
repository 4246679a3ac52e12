"""The console's modules are in rooms, as in the package: each imports only from its own or a lower one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

import pytest

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "functions" / "console"

ROOMS: Final = ("values", "api", "shared", "charts", "pages", ".")
"""From the bottom: modules without a page, network calls, modules that pages share, and the frame around pages."""

IMPORT: Final = re.compile(r'^import [^"]*"([^"]+)";$|\bimport\("([^"]+)"\)', re.MULTILINE)
IN_A_TYPE: Final = re.compile(r"/\*\*.*?\*/", re.DOTALL)
PAGE: Final = re.compile(r"\b(?:document|window|localStorage|sessionStorage|fetch|navigator)\b")


def _modules() -> dict[str, str]:
    """Give each module's code, without what its comments say."""
    found = {path.relative_to(CONSOLE).as_posix(): path.read_text() for path in CONSOLE.rglob("*.js")}
    return {name: IN_A_TYPE.sub("", text) for name, text in found.items()}


def _arrows() -> Iterator[tuple[str, str]]:
    for name, text in _modules().items():
        for now, later in IMPORT.findall(text):
            yield name, normpath(join(dirname(name), now or later))


def _room(name: str) -> str:
    return name.split("/", maxsplit=1)[0] if "/" in name else "."


def test_each_module_imports_only_what_lies_below_it() -> None:
    """Only app.js knows the pages, and only the network's room and those above it ask the API."""
    upwards = [(one, other) for one, other in _arrows() if ROOMS.index(_room(one)) < ROOMS.index(_room(other))]
    assert upwards == []


def test_every_import_leads_to_a_module_that_is_there() -> None:
    """A missing name would only be noticed by somebody who opens its page."""
    assert {other for _, other in _arrows()} - set(_modules()) == set()
    assert {_room(name) for name in _modules()} == set(ROOMS)


def test_every_module_is_used() -> None:
    """By another one, or by index.html."""
    used = {other for _, other in _arrows()} | set(
        re.findall(r"\{files\}/(\S+\.js)", (CONSOLE / "index.html").read_text())
    )
    assert set(_modules()) - used == set()


def test_the_values_need_no_page() -> None:
    """So that they are tested without a browser."""
    assert [name for name, text in _modules().items() if _room(name) == "values" and PAGE.search(text)] == []


@pytest.mark.parametrize("name", ["npm", "lighthouse"])
def test_the_lock_of_the_tools_names_no_registry(name: str) -> None:
    """Each machine decides where packages come from; their hashes fix what they are."""
    packages = json.loads((ROOT / f"requirements/{name}/package-lock.json").read_text())["packages"]
    tools = {name: it for name, it in packages.items() if name}
    assert tools
    assert [name for name, it in tools.items() if "resolved" in it or "integrity" not in it] == []
