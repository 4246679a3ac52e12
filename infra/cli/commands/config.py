"""Show, change or preview the settings."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from infra.cli import show, values
from infra.cli.command import AsJson, deployed
from infra.cli.target import Here
from mxtrax.admin import settings
from mxtrax.inbox import open_inbox
from mxtrax.model import Config, Limits
from mxtrax.report.words import many

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTINGS: Final = values.settable(Config, Limits, but=("limits", "version"))

Changes = Annotated[list[str], values.such_as("maxreturntime=300")]


@app.command("show")
@deployed
def show_(here: Here, *, as_json: AsJson = False) -> None:
    """Show the settings."""
    flat = _flat(here.config)
    path = open_inbox(here.settings).where
    if as_json:
        show.as_object({**flat, "mboxpath": path})
    else:
        show.pairs([*((name, values.word(value)) for name, value in flat.items()), ("mboxpath", f"{path} (read-only)")])


@app.command("set")
@deployed
def set_(here: Here, *, changes: Changes) -> None:
    """Change settings. They are checked together and saved together, or not at all."""
    wanted = values.read(changes, SETTINGS)
    was, now = map(_flat, settings.save(here.actor, here.now(), here.settings, wanted))
    for name in wanted:
        show.note(f"{name}: {values.word(was[name]) or 'empty'} -> {values.word(now[name]) or 'empty'}")


@app.command()
@deployed
def preview(here: Here, *, changes: Changes, as_json: AsJson = False) -> None:
    """Show which domains would be failing now under these settings. Nothing is changed."""
    found = settings.preview(here.now(), here.settings, values.read(changes, SETTINGS))
    begins = [it.address for it, _ in found.begins]
    ends = [it.address for it, _ in found.ends]
    if as_json:
        counts = {"failing_now": found.failing_now, "would_fail": found.would_fail}
        show.as_object({**counts, "begins": begins, "ends": ends})
        return
    typer.echo(f"{many(found.would_fail, 'domain')} would be failing; {found.failing_now:,} are failing now.")
    for address in begins:
        typer.echo(f"Would start failing: {address}")
    for it, _ in found.ends:
        still = found.needed[it.key]
        typer.echo(
            f"Would stop failing: {it.address}" + (f", after {many(still, 'test')} on time in a row" if still else "")
        )


def _flat(config: Config) -> dict[str, object]:
    """Give the settings, including limits, by the names under which they are set."""
    every = asdict(config)
    return {name: every["limits"][name] if name in settings.LIMITS else every[name] for name in SETTINGS}
