"""The fleet from a CSV file: counted, imported once, and nothing of it written in a dry run."""

import json
from pathlib import Path

from mxtrax.rules.fleet_csv import HEADER
from mxtrax.store import customers, fleet
from tests.cli.operator import Operator, fleet_file

HEAD = ",".join(HEADER)


def test_the_four_counts_add_up(operator: Operator, tmp_path: Path) -> None:
    """Imported, already there, problematic: together they are the rows of the file."""
    operator.it.domain("there.example")
    file = fleet_file(
        tmp_path,
        "Acme Ltd,acme,mxtrax,there.example",
        "Acme Ltd,acme,mxtrax,new.example",
        "Acme,acme,a b,new.example",
        "x",
    )
    result = operator.says("import-domains", "-f", file)
    assert result.exit_code == 1
    assert result.stdout.split() == [
        *("Imported", "1", "Already", "there", "1", "Problematic", "2", "Rows", "in", "the", "file", "4"),
    ]
    assert "line 4: testuser: 'a b' is not valid before the @" in result.stderr
    assert "line 5: 1 columns instead of 4." in result.stderr
    assert fleet.by_key("mxtrax@new.example")


def test_importing_again_changes_nothing(operator: Operator, tmp_path: Path) -> None:
    """If in doubt, one can import the file once more."""
    file = fleet_file(tmp_path, "Acme Ltd,acme,mxtrax,one.example", "Acme Ltd,acme,mxtrax,two.example")
    operator.does("import-domains", "-f", file)
    before = list(fleet.in_order())
    (counts,) = operator.reads("import-domains", "-f", file)
    assert (counts["imported"], counts["already_there"], counts["adds_up"]) == (0, 2, True)
    assert list(fleet.in_order()) == before


def test_a_dry_run_writes_nothing(operator: Operator, tmp_path: Path) -> None:
    """It shows the counts that the import would give."""
    out = operator.does("import-domains", "--dry-run", "-f", fleet_file(tmp_path, "Acme Ltd,acme,mxtrax,one.example"))
    assert out.startswith("Would be imported  1")
    assert not list(fleet.everyone())
    assert not customers.everyone()


def test_a_file_comes_by_standard_input(operator: Operator) -> None:
    """`-` is standard input."""
    (counts,) = (
        json.loads(line)
        for line in operator.does(
            "import-domains", "-f", "-", "--json", stdin=f"{HEAD}\nAcme Ltd,acme,mxtrax,one.example\n"
        ).splitlines()
    )
    assert counts["imported"] == 1


def test_a_file_that_is_not_there_is_bad_use(operator: Operator) -> None:
    """The error has its name and the reason."""
    result = operator.says("import-domains", "-f", "/nonexistent.csv")
    assert result.exit_code == 2
    assert result.stderr == "mxtrax: /nonexistent.csv: No such file or directory\n"
