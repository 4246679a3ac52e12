"""From API Gateway: a request for the console's own files, which are for everybody."""

import os
from functools import cache
from pathlib import Path
from typing import Any

from mxtrax.console import Console


@cache
def console() -> Console:
    """Read where the console's files are, and where people sign in, on a worker's first call."""
    folder = Path(__file__).with_name("console")
    return Console(folder, os.environ.get("MXTRAX_SIGN_IN", ""), os.environ.get("MXTRAX_CLIENT", ""))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer with a file."""
    return console().answer(event)
