"""List, add, edit, test and remove channels: where notices go besides mail and SNS."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from infra.cli import show, values
from infra.cli.command import NO, AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import channel_test
from mxtrax.admin import channels as use_cases
from mxtrax.admin.channel_test import Tried
from mxtrax.errors import Refused
from mxtrax.model import ChannelConfig, ChannelKind, Severity
from mxtrax.notify.catalog import SERVICES
from mxtrax.rules import should_be
from mxtrax.rules.zones import zone_of
from mxtrax.store import channels

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTABLE: Final = values.settable(ChannelConfig, but=("id", "kind", "settings", "severities", "version"))

Id = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="SEVERITY", help="Only these: down, slow, setup, ours; empty for all."),
]
Told = Annotated[
    bool,
    typer.Option(
        "--stdin", help="Read the settings of the service, secrets too, from standard input: one NAME=VALUE a line."
    ),
]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the channels and whether each delivers."""
    zone = zone_of(here.config.timezone)
    found = channels.load().them
    states = {it.id: channels.state_of(it.id) for it in found}
    columns = (
        Column[ChannelConfig]("id", lambda it: it.id),
        Column[ChannelConfig]("name", lambda it: it.name),
        Column[ChannelConfig]("kind", lambda it: str(it.kind)),
        Column[ChannelConfig]("for", _for),
        Column[ChannelConfig]("last delivered", lambda it: show.when(states[it.id].last_ok, zone) or "never"),
        Column[ChannelConfig]("", lambda it: states[it.id].problem if it.enabled else "switched off"),
    )
    show.listing(
        found,
        columns,
        as_json=as_json,
        record=lambda it: asdict(it) | asdict(states[it.id]),
        nothing="There are no channels besides mail and SNS.",
    )


@app.command()
@deployed
def add(
    here: Here,
    *,
    kind: Annotated[ChannelKind, typer.Argument(metavar="KIND", help=f"One of {', '.join(ChannelKind)}.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="name, customer, tags, reminders.")
    ] = None,
    only: Only = None,
) -> None:
    """Add a channel. Its service's settings are read from standard input, so that no secret ends up in the shell history."""
    wanted = _parts(kind, changes) | _severities(only)
    wanted["settings"] = _read(kind)
    typer.echo(use_cases.add(here.actor, here.now(), here.settings, kind, wanted).id)


@app.command()
@deployed
def edit(
    here: Here,
    *,
    number: Id,
    changes: Annotated[list[str] | None, values.such_as("enabled=no")] = None,
    only: Only = None,
    told: Told = False,
) -> None:
    """Change a channel: its name, which incidents it gets, or with --stdin its service's settings."""
    kind = channel_test.known(number).kind
    wanted = _parts(kind, changes) | _severities(only)
    if told:
        wanted["settings"] = _read(kind)
    use_cases.change(here.actor, here.now(), here.settings, number, wanted)


@app.command()
@deployed
def test(here: Here, *, number: Id, as_json: AsJson = False) -> None:
    """Send a simulated failure and its recovery through a channel, with the function that sends real alerts."""
    channel_test.order(here.actor, here.now(), number)
    tried = Tried(**here.call("AlertFunction", {"test_channel": number}))
    if as_json:
        show.as_object(tried)
    else:
        for what, answer in zip(("failure", "recovery"), tried.answers, strict=True):
            typer.echo(f"{what}: {answer}")
        if tried.taken and not tried.confirms:
            typer.echo("This service does not confirm delivery: check that both messages arrived.", err=True)
    if not tried.taken:
        raise typer.Exit(NO)


@app.command()
@deployed
def remove(here: Here, *, number: Id, yes: Yes = False) -> None:
    """Remove a channel and its secrets."""
    it = channel_test.known(number)
    show.sure(f"Remove the channel {it.name} ({it.kind}) of {here.name}?", yes=yes)
    use_cases.remove(here.actor, here.now(), here.settings, number)


@app.command()
@deployed
def kinds(here: Here, *, as_json: AsJson = False) -> None:  # noqa: ARG001 -- every command has it
    """List the kinds of channels and the settings of each."""
    fields = [(it, each) for it in SERVICES.values() for each in it.fields]
    columns = (
        Column[Any]("kind", lambda it: str(it[0].kind)),
        Column[Any]("service", lambda it: it[0].title),
        Column[Any]("setting", lambda it: it[1].name),
        Column[Any]("", lambda it: it[1].note),
    )
    show.listing(fields, columns, as_json=as_json, record=lambda it: {"kind": it[0].kind, **asdict(it[1])}, nothing="")


def _parts(kind: ChannelKind, changes: Iterable[str] | None) -> dict[str, Any]:
    """Read the settings of a channel itself. Its service's settings may be secret and do not belong on a command line."""
    words = list(changes or ())
    own = {it.name for it in SERVICES[kind].fields}
    if told := sorted(own & {word.partition("=")[0].strip() for word in words}):
        raise Refused(
            "settings",
            f"settings: {told[0]} is for the service: give it on standard input, as {told[0]}=VALUE, so that it does not "
            "end up in the shell history.",
        )
    return values.read(words, SETTABLE)


def _read(kind: ChannelKind) -> dict[str, str]:
    """Read NAME=VALUE lines; on a terminal, ask for each, without showing secrets."""
    if sys.stdin.isatty():
        return {
            it.name: typer.prompt(f"{it.name} ({it.note})", default=it.default or None, hide_input=it.secret, err=True)
            for it in SERVICES[kind].fields
        }
    lines = [line.strip() for line in sys.stdin.read(20_000).splitlines() if line.strip()]
    if not all("=" in line for line in lines):
        raise Refused("settings", "settings: each line should be NAME=VALUE.")
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def _severities(only: Iterable[str] | None) -> dict[str, Any]:
    if only is None:
        return {}
    words = [word for word in only if word]
    for word in words:
        if word not in list(Severity):
            raise Refused("only", should_be.one_of("only", word, Severity))
    return {"severities": frozenset(map(Severity, words))}


def _for(it: ChannelConfig) -> str:
    parts = [it.customer or "all", *sorted(it.severities), *sorted(it.tags)]
    return " ".join(parts) + ("" if it.reminders else ", no reminders")
