"""Templates of mails and pages. They escape every text by themselves; their common beginning is html/start.html."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import Environment

_SHARED: Final = Path(__file__).with_name("html")


@cache
def templates(folder: Path) -> "Environment":
    """Give the templates of a folder. They are made on a worker's first call: a start is not to wait for the engine."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 -- see above

    return Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
