"""Write the documents that are made from the code."""

from pathlib import Path

from infra.docs.causes import causes

(Path(__file__).parents[2] / "docs" / "causes.md").write_text(causes(), encoding="utf-8")
