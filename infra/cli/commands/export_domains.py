"""`mxtrax export-domains`: the fleet into a CSV file."""

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.command import deployed
from infra.cli.target import Here
from mxtrax.errors import Refused
from mxtrax.rules import fleet_csv
from mxtrax.store import customers, fleet


@deployed
def export_domains(
    here: Here,  # noqa: ARG001 -- the store is connected with it
    *,
    file: Annotated[
        str, typer.Option("--file", "-f", metavar="FILE", help="Where to write; without it, standard output.")
    ] = "-",
    whole: Annotated[bool, typer.Option("--all", help="Include the domains' own limits, switches and tags.")] = False,
) -> None:
    """Export customers and domains as a CSV file.

    It has the format that import-domains reads. A cell that a spreadsheet would take for a formula gets an apostrophe
    in front, which import-domains removes again.
    """
    raw = fleet_csv.write(fleet.in_order(), customers.everyone(), whole=whole)
    if file == "-":
        typer.echo(raw, nl=False)
        return
    try:
        Path(file).write_bytes(raw)
    except OSError as error:
        raise Refused("file", f"{file}: {error.strerror or error}") from error
