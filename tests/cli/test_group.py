"""The commands, and what `mxtrax --help` and the reference say about them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from infra.cli import commands
from infra.cli.commands import PANELS
from infra.cli.group import found, line
from tests.cli.operator import Operator


def test_every_file_of_the_folder_is_a_command_and_its_help_begins_with_its_line(operator: Operator) -> None:
    """A line of `mxtrax --help` is read from the file: it equals the imported command's first line."""
    names = [name for names in PANELS.values() for name in names]
    files = {path.stem for path in Path(commands.__file__).parent.glob("*.py")} - {"__init__"}
    assert sorted(name.replace("-", "_") for name in names) == sorted(files)
    shown = " ".join(re.sub("[│╭─╮╰╯]", " ", operator.does("--help")).split())
    for name in names:
        assert line(name)
        assert f" {name} {line(name)}" in shown
        assert line(name) in " ".join(operator.does(name, "--help").split())


def _leaves(command: Any, words: str) -> Iterator[str]:
    """Give the full names of all commands below one, and its own if it does something."""
    below = getattr(command, "commands", {})
    if not below or command.invoke_without_command:
        yield words
    for name, it in below.items():
        yield from _leaves(it, f"{words} {name}")


def test_the_reference_names_every_command_and_no_other() -> None:
    """docs/commands.md is written by hand and checked here."""
    known = set[str]()
    for name in (name for names in PANELS.values() for name in names):
        known |= set(_leaves(typer.main.get_command(found(name)), name))
    text = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    written = {re.split(r" [^a-z]", said)[0] for said in re.findall(r"^\| `mxtrax ([^`]+)`", text, flags=re.MULTILINE)}
    assert written == known
