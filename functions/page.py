"""From API Gateway: a request for the console's own files, which are public."""

from pathlib import Path
from typing import Any

from mxtrax.runtime.environment import from_environment
from mxtrax.runtime.memory import kept
from mxtrax.web.console import Console


@kept
def console() -> Console:
    """Read the sign-in settings, on a worker's first call; the console's files are next to this one."""
    return Console(Path(__file__).with_name("console"), from_environment())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer with a file."""
    return console().answer(event)
