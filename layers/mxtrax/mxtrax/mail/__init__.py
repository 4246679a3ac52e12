"""Read what comes back: bytes in, one `Return` out. Pure: no I/O and no clock."""

from .causes import explain
from .headers import read_headers
from .reader import read

__all__ = ["explain", "read", "read_headers"]
