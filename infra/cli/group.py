"""The group of all commands. Each is imported when it runs: `mxtrax --help` would take two seconds otherwise."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from infra.cli import commands
from infra.cli.commands import PANELS

_FOLDER: Final = Path(commands.__file__).parent


class Commands(TyperGroup):
    """The commands of the folder, in the order of the table."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 -- typer's own
        """Give the names of all commands."""
        return [name for names in PANELS.values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 -- typer's own
        """Give a command, not imported yet."""
        return next((Later(cmd_name, panel) for panel, names in PANELS.items() if cmd_name in names), None)


class Later(TyperCommand):
    """A command that is imported when more than its line in the list is needed."""

    def __init__(self, name: str, panel: str) -> None:
        super().__init__(name, help=line(name), rich_help_panel=panel)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 -- typer's own
        """Let the real command take over."""
        real = typer.main.get_command(found(str(self.name)))
        real.name = self.name
        return real.make_context(info_name, args, parent=parent, **extra)


def found(name: str) -> typer.Typer:
    """Import a command: the file's `app` if it is a group of commands, else the function of its name."""
    own = _module(name)
    module = import_module(f"{commands.__name__}.{own}")
    if hasattr(module, "app"):
        group: typer.Typer = module.app
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(module, own))
    return alone


def line(name: str) -> str:
    """Read the first line of a command's help without importing it: its function's docstring, a group's file's."""
    own = _module(name)
    tree = ast.parse((_FOLDER / f"{own}.py").read_text())
    functions = (each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == own)
    return (ast.get_docstring(next(functions, tree)) or "").partition("\n")[0]


def _module(name: str) -> str:
    return name.replace("-", "_")
