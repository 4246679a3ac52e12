"""Call a service, and give the outcome: accepted, to be retried, or refused; never with a secret in it."""

import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from mxtrax.errors import Refused, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import Millis
from mxtrax.notify import https
from mxtrax.notify.fence import PUBLIC, Fence
from mxtrax.notify.service import Post
from mxtrax.rules.untrusted_text import line
from mxtrax.runtime.memory import kept

SHOWN: Final = 200
"""Characters of an answer that people are shown."""

HIDDEN: Final = 6
"""A secret of at least this many characters is masked if an answer repeats it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a call. `problem` is empty if the service accepted it; `wait` is in how many seconds to retry."""

    problem: str = ""
    final: bool = False
    wait: float | None = None
    said: str = ""


def call(post: Post, secret: Mapping[str, str], now: Millis, fence: Fence = PUBLIC) -> Outcome:
    """Send a request to a service."""
    try:
        answer = https.call(post.url, method=post.method, body=post.body, headers=post.headers, fence=fence)
    except TryAgain as error:
        return Outcome(problem=str(error))
    except Refused as error:
        return Outcome(problem=str(error), final=True)
    said = _shown(answer.body, secret)
    told = f"{answer.status} {said}".strip()
    if answer.taken:
        return Outcome(said=told)
    passing = answer.status in {408, 425, 429} or answer.status >= 500
    wait = answer.retry_after(now) if passing else None
    return Outcome(problem=f"it answers {told}", final=not passing, wait=wait, said=told)


def _shown(body: bytes, secret: Mapping[str, str]) -> str:
    """Make an answer safe to show: one line, without any secret."""
    text = line(body.decode("utf-8", "replace"), SHOWN)
    for value in secret.values():
        if len(value) >= HIDDEN:
            text = text.replace(value, "***")
    return text


@kept
def fence_of(local: str) -> Fence:
    """Give the fence for calls: the one for all, or in the world on one machine the one that leads to its doubles alone.

    `local` is a port of this machine and the file of the certificate that its doubles have; it is empty anywhere else.
    """
    if not local:
        return PUBLIC
    port, _, file = local.partition(" ")
    trusted = ssl.create_default_context(cafile=file)
    return Fence(resolve=lambda *_: ["127.0.0.1"], allows=_is_here, port=int(port), trusts=lambda: trusted)


def _is_here(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback
