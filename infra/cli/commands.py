"""The commands for a deployment: which there are, where each is written, and what it does in a line.

What a command needs is imported when it runs: `mxtrax --help` would take two seconds otherwise.
"""

from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

LOOK: Final = "See how things are"
KEEP: Final = "Keep the fleet"
ACT: Final = "Send and receive by hand"
SET_UP: Final = "Set up"


class Command(NamedTuple):
    """Where a command stands in the list, the module and what to look for in it, and its docstring's first line."""

    panel: str
    place: str
    line: str


COMMANDS: Final = {
    "report": Command(
        LOOK, "infra.cli.troubles:report", "Show the report of all domains as an alert mail has it, worst first."
    ),
    "incidents": Command(LOOK, "infra.cli.troubles:incidents", "Show the incidents that are open, or all of a domain."),
    "tests": Command(
        LOOK, "infra.cli.journeys:journeys", "Show the tests of a domain, or one test with its legs and evidence."
    ),
    "stats": Command(
        LOOK,
        "infra.cli.figures:stats",
        "Show statistics by day: how many tests were on time, late, failed, and how long they took.",
    ),
    "inspect": Command(
        LOOK,
        "infra.cli.inspect:inspect",
        "Show what returned mails say: what each is, whose test, why, and the way it took.",
    ),
    "unmatched": Command(LOOK, "infra.cli.unmatched:app", "List, show and delete mail that no test answers to."),
    "domains": Command(
        KEEP, "infra.cli.domains:app", "List, add, edit, pause, resume and remove the domains that are tested."
    ),
    "customers": Command(KEEP, "infra.cli.customers:app", "List, add, edit and remove customers."),
    "windows": Command(KEEP, "infra.cli.maintenance:app", "List, add and remove maintenance windows."),
    "config": Command(KEEP, "infra.cli.config:app", "Show or change the settings."),
    "import-domains": Command(
        KEEP, "infra.cli.csvfiles:import_domains", "Import customers and domains from a CSV file."
    ),
    "export-domains": Command(KEEP, "infra.cli.csvfiles:export_domains", "Export customers and domains as a CSV file."),
    "send": Command(ACT, "infra.cli.sending:send", "Send one test now and follow it until it is back."),
    "sendtests": Command(
        ACT, "infra.cli.sending:sendtests", "Send one test to every domain that is not in maintenance, now."
    ),
    "receivetests": Command(
        ACT,
        "infra.cli.receiving:receivetests",
        "Read the inbox and bring the statistics up to date, now, and tell what is to be told.",
    ),
    "receive": Command(
        ACT,
        "infra.cli.receiving:receive",
        "Feed mail from elsewhere into the inbox, so that an existing mailbox can be where tests come back to.",
    ),
    "doctor": Command(
        SET_UP, "infra.cli.doctor:doctor", "Check a deployment, and say in a sentence what to do about each problem."
    ),
    "users": Command(SET_UP, "infra.cli.users:app", "List, add and remove users, and say what they may do."),
    "token": Command(
        SET_UP,
        "infra.cli.signing_in:token",
        "Sign in and print a token for the API's header Authorization, good for an hour.",
    ),
    "test-alert": Command(
        SET_UP,
        "infra.cli.rehearsing:rehearse",
        "Send a simulated failing and its recovery through every channel, by the function that sends the real ones.",
    ),
    "activate": Command(
        SET_UP,
        "infra.cli.activating:activate",
        "Activate the stack's receipt rule set. An account has one active set per region; another's is left alone.",
    ),
}


class Commands(TyperGroup):
    """The group of all commands: those that main.py registers, and those of the table above."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 -- typer's own
        super().__init__(**attributes)
        for name, command in COMMANDS.items():
            self.add_command(Later(name, command))


class Later(TyperCommand):
    """A command that is imported when it is first needed for more than its line in the list."""

    def __init__(self, name: str, command: Command) -> None:
        super().__init__(name, help=command.line, rich_help_panel=command.panel)
        self._place = command.place

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
