"""Read what comes back: bytes in, one `Return` out. Pure: no I/O and no clock.

Composing our letter or reading an SES event needs no reader, so each is imported when it is first used.
"""

from typing import TYPE_CHECKING

from mxtrax import lazily

if TYPE_CHECKING:
    from .causes import explain
    from .headers import read_headers
    from .reader import read

__all__ = ["explain", "read", "read_headers"]

__getattr__ = lazily.imported(__name__, {"causes": "explain", "headers": "read_headers", "reader": "read"})
