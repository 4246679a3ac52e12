"""Hold HTML against html-validate's rules: what a browser forgives, and a screen reader or a mail client may not."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

TOOLS: Final = Path(__file__).parents[1] / ".tools"
LINTER: Final = TOOLS / "npm" / "node_modules" / ".bin" / "html-validate"

TASTE: Final = ("doctype-style", "presentation-role-style", "prefer-tbody", "long-title")
"""Rules about how HTML is written, not about what it is; and titles are as long as the names in them."""

OF_MAIL: Final = (*TASTE, "no-inline-style", "no-deprecated-attr")
"""Mail clients want styles on the elements, and Outlook wants tables of the old kind."""

OF_THE_CONSOLE: Final = (
    *TASTE,
    "attribute-empty-style",
    "attribute-boolean-style",
    "no-implicit-input-type",
    "wcag/h32",
)
"""What a browser writes of its own elements is not what somebody wrote; a list is filtered while people type."""


def faults(pages: Mapping[str, str], folder: Path, *, leave_out: tuple[str, ...] = TASTE) -> list[str]:
    """Give what the linter finds in pages, by name; without the linter, which `make test` sets up, only CI is at fault."""
    if not LINTER.exists() and not os.environ.get("CI"):
        pytest.skip("html-validate is not set up; make test does that")
    rules = {"extends": ["html-validate:recommended"], "rules": dict.fromkeys(leave_out, "off"), "root": True}
    (folder / ".htmlvalidate.json").write_text(json.dumps(rules))
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    done = subprocess.run(  # noqa: S603 -- our own words
        [str(LINTER), "--formatter", "json=found.json", *(f"{name}.html" for name in pages)],
        cwd=folder,
        env={**os.environ, "PATH": f"{TOOLS / 'node' / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    found: list[dict[str, Any]] = json.loads((folder / "found.json").read_text())
    return [
        f"{Path(file['filePath']).stem}, line {it['line']}: {it['message']} ({it['ruleId']})"
        for file in found
        for it in file["messages"]
    ]
