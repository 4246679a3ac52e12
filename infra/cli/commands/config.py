"""Show or change the settings."""

from dataclasses import asdict, replace
from typing import Annotated, Final

import typer

from infra.cli import show, values
from infra.cli.changes import change
from infra.cli.command import AsJson, deployed
from infra.cli.target import Here
from mxtrax.model import Config, Limits
from mxtrax.rules.validation import check_config
from mxtrax.store import audit
from mxtrax.store.config import save_config

app = typer.Typer(help=__doc__, no_args_is_help=True)

LIMITS: Final = values.settable(Limits)
SETTINGS: Final = values.settable(Config, Limits, but=("limits", "version"))


@app.command("show")
@deployed
def show_(here: Here, *, as_json: AsJson = False) -> None:
    """Show the settings."""
    flat = _flat(here.config)
    path = f"s3://{here.settings.bucket}/{here.settings.inbox_prefix}"
    if as_json:
        show.as_object({**flat, "mboxpath": path})
    else:
        show.pairs([*((name, values.word(value)) for name, value in flat.items()), ("mboxpath", f"{path} (read-only)")])


@app.command("set")
@deployed
def set_(
    here: Here,
    *,
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as maxreturntime=300.")],
) -> None:
    """Change settings; all of them are checked together, and saved together or not at all."""
    before = here.config
    wanted = values.read(changes, SETTINGS)
    limits = replace(before.limits, **{name: value for name, value in wanted.items() if name in LIMITS})
    others = {name: value for name, value in wanted.items() if name not in LIMITS}
    after = save_config(check_config(replace(before, limits=limits, **others)))
    audit.note(change(here, "config.put", "config", before=before, after=after))
    was, now = _flat(before), _flat(after)
    for name in wanted:
        show.note(f"{name}: {values.word(was[name]) or 'empty'} -> {values.word(now[name]) or 'empty'}")


def _flat(config: Config) -> dict[str, object]:
    """Give the settings with the limits among them, under the names that they are set by."""
    every = asdict(config)
    return {name: every["limits"][name] if name in LIMITS else every[name] for name in SETTINGS}
