"""Branding on the command line: shown, changed in parts, and a logo read from a file."""

from pathlib import Path

from tests.cli.operator import Operator
from tests.unit.rules.test_branding import png


def test_a_logo_comes_from_a_file_and_goes_again(operator: Operator, tmp_path: Path) -> None:
    """Fields not given stay, and a file that is not a PNG is refused with what would be right."""
    file = tmp_path / "logo.png"
    file.write_bytes(png())
    operator.does("branding", "set", "name=Northern Mail", "--logo", str(file))
    operator.does("branding", "set", "contact=https://operator.example/help")
    (record,) = operator.reads("branding", "show")
    assert (record["name"], record["contact"], record["version"]) == (
        "Northern Mail",
        "https://operator.example/help",
        2,
    )
    assert f"{len(png())} octets" in operator.does("branding", "show")
    file.write_bytes(b"<svg/>")
    refused = operator.says("branding", "set", "--logo", str(file))
    assert refused.exit_code
    assert "should be a PNG of at most 800 x 400 pixels and 32 KB" in refused.stderr
    operator.does("branding", "set", "--no-logo")
    (record,) = operator.reads("branding", "show")
    assert record["logo"] == ""
