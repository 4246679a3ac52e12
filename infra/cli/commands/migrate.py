"""`mxtrax migrate`: bring the tables to the layout of the deployed release."""

from typing import Annotated

import typer

from infra.cli.command import deployed
from infra.cli.target import Here
from mxtrax.admin import migrating


@deployed
def migrate(
    here: Here,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Bring the tables to the layout of this release. If it was interrupted, run it again: it resumes."""
    due = migrating.due()
    for step in due if dry_run else ():
        typer.echo(f"Version {step.version}: {step.what}")
    if dry_run and due:
        return
    for step in migrating.run(here.actor, here.now):
        typer.echo(f"Version {step.version} is done: {step.what}")
    typer.echo(f"The tables have the layout of version {migrating.STEPS[-1].version}.")
