"""The commands that reach a deployment: which there are, where each is written, and what it does in a line.

What a command needs is imported when it runs: `mxtrax --help` would take two seconds otherwise.
"""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final = {
    "domains": ("infra.cli.domains:app", "List, add, edit, pause, resume and remove the domains that are tested."),
    "customers": ("infra.cli.customers:app", "List, add, edit and remove customers."),
    "config": ("infra.cli.config:app", "Show or change the settings."),
    "import-domains": ("infra.cli.csvfiles:import_domains", "Import customers and domains from a CSV file."),
    "export-domains": ("infra.cli.csvfiles:export_domains", "Export customers and domains as a CSV file."),
    "tests": ("infra.cli.journeys:journeys", "Show the tests of a domain, or one test with its legs and evidence."),
    "stats": (
        "infra.cli.figures:stats",
        "Show statistics by day: how many tests were on time, late, failed, and how long they took.",
    ),
    "incidents": ("infra.cli.troubles:incidents", "Show the incidents that are open, or all of a domain."),
    "report": ("infra.cli.troubles:report", "Show the report of all domains as an alert mail has it, worst first."),
    "send": ("infra.cli.sending:send", "Send one test now and follow it until it is back."),
    "sendtests": ("infra.cli.sending:sendtests", "Send one test to every domain that is not in maintenance, now."),
    "receivetests": (
        "infra.cli.receiving:receivetests",
        "Read the inbox and bring the statistics up to date, now, and tell what is to be told.",
    ),
    "receive": (
        "infra.cli.receiving:receive",
        "Feed mail from elsewhere into the inbox, so that an existing mailbox can be where tests come back to.",
    ),
    "unmatched": ("infra.cli.unmatched:app", "List, show and delete mail that no test answers to."),
    "activate": (
        "infra.cli.activating:activate",
        "Activate the stack's receipt rule set. An account has one active set per region; another's is left alone.",
    ),
    "doctor": ("infra.cli.doctor:doctor", "Check a deployment, and say in a sentence what to do about each problem."),
}
"""By name: the module and what to look for in it, and the first line of its docstring."""


class Commands(TyperGroup):
    """The group of all commands: those that main.py registers, and those of the table above."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 -- typer's own
        super().__init__(**attributes)
        for name, (place, line) in COMMANDS.items():
            self.add_command(Later(name, place, line))


class Later(TyperCommand):
    """A command that is imported when it is first needed for more than its line in the list."""

    def __init__(self, name: str, place: str, line: str) -> None:
        super().__init__(name, help=line)
        self._place = place

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 -- typer's own
        """Let the real command take over."""
        module, _, name = self._place.partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(self.name)(found)
            found = alone
        real = typer.main.get_command(found)
        real.name = self.name
        return real.make_context(info_name, args, parent=parent, **extra)
