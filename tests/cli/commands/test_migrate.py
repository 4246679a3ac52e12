"""Migrating on the command line: what would be done, and what was done."""

from dataclasses import replace

from mxtrax.store import schema
from tests.cli.operator import Operator


def test_it_says_what_is_due_and_does_it_once(operator: Operator) -> None:
    """And the audit says who did it."""
    assert operator.does("migrate", "--dry-run").startswith("Version 1: ")
    assert schema.load().version == 0
    out = operator.does("migrate").splitlines()
    assert out == [
        "Version 1 is done: Note that the tables are those of the first release.",
        "The tables have the layout of version 1.",
    ]
    assert operator.does("migrate") == operator.does("migrate", "--dry-run") == f"{out[1]}\n"


def test_tables_of_a_later_release_are_refused(operator: Operator) -> None:
    """With what to do about it."""
    assert schema.save(replace(schema.load(), version=9))
    refused = operator.says("migrate")
    assert refused.exit_code == 1
    assert "use the release that brought them there, or a later one" in refused.stderr
