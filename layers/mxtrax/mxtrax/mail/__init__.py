"""Read what comes back: bytes in, one `Return` out. Pure: no I/O and no clock.

Composing our letter or reading an SES event needs no reader, so each is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .causes import explain
    from .headers import read_headers
    from .reader import read

__all__ = ["explain", "read", "read_headers"]

_HOME = {"explain": "causes", "read": "reader", "read_headers": "headers"}


def __getattr__(name: str) -> object:
    """Import a submodule on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
