"""Show or change the branding of public pages: name, contact and logo, and the note to all customers."""

import base64
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.cli import show, values
from infra.cli.command import AsJson, deployed
from infra.cli.target import Here
from mxtrax.admin import branding
from mxtrax.errors import Refused
from mxtrax.model import Branding
from mxtrax.rules.logo import MAX_BYTES

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTABLE: Final = values.settable(Branding, but=("logo", "version"))


@app.command("show")
@deployed
def show_(here: Here, *, as_json: AsJson = False) -> None:  # noqa: ARG001 -- the store is connected with it
    """Show the branding."""
    it = branding.current()
    if as_json:
        show.as_object(it)
    else:
        size = f"{len(base64.b64decode(it.logo)):,} octets" if it.logo else "none"
        show.pairs([("name", it.name), ("contact", it.contact), ("logo", size), ("note", it.note)])


@app.command("set")
@deployed
def set_(
    here: Here,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE...]", help="name, contact: an address or a web page, or note: to all customers."
        ),
    ] = None,
    logo: Annotated[Path | None, typer.Option(help="A PNG file.", exists=True, dir_okay=False)] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Show none.")] = False,
) -> None:
    """Change name, contact, logo or note; the others stay as they are."""
    wanted = values.read(changes or (), SETTABLE)
    if logo:
        if logo.stat().st_size > MAX_BYTES:
            raise Refused("logo", f"logo: {logo.name} should be at most {MAX_BYTES // 1024} KB.")
        wanted["logo"] = base64.b64encode(logo.read_bytes()).decode()
    elif no_logo:
        wanted["logo"] = ""
    branding.change(here.actor, here.now(), wanted)
