"""Style sheets have no unused classes: each one is used by a page or a script."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "layers/mxtrax/mxtrax/web"
SHEETS = {
    ROOT / "functions/console/style.css": ROOT / "functions/console",
    WEB / "status/page.css": WEB / "status",
    WEB / "status/wall.css": WEB / "status",
    WEB / "act/page.css": WEB / "act",
}
NAMES = {".js", ".html", ".py", ".svg"}
BY_RULES = {"down", "slow", "setup", "ok", "paused", "unknown", "maintenance", "suspect"}
"""Statuses: a template writes them as they are."""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda it: f"{it.parent.name}/{it.name}")
def test_each_class_of_a_style_sheet_is_used(sheet: Path) -> None:
    """Removed elements leave no style behind."""
    bare = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{}]+)\{", bare))
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors)) - BY_RULES
    written = " ".join(it.read_text() for it in SHEETS[sheet].rglob("*") if it.suffix in NAMES)
    words = set(re.findall(r"[\w-]+", written))
    assert classes
    assert sorted(classes - words) == []
