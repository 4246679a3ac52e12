"""The link of a wallboard: random bits that are stored nowhere, and the hash by which they are recognised.

So reading the tables gives nobody a link, and no key can create one: a link is valid while its hash is kept.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from mxtrax.model import WallLink

BYTES: Final = 24
"""Random bytes in a link: 192 bits."""


def digest(token: str) -> str:
    """Give the hash of a link that is stored."""
    return sha256(f"mxtrax wall {token}".encode()).hexdigest()


def found(them: Iterable[WallLink], token: str) -> WallLink | None:
    """Find the link that a token opens; None if it opens none."""
    wanted = digest(token)
    return next((it for it in them if hmac.compare_digest(it.digest, wanted)), None)
