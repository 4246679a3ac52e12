"""Links of wallboards: made, listed and ended. One shows the wallboard, and can change nothing."""

import secrets
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Missing, Refused, TryAgain
from mxtrax.model import Millis, WallLink
from mxtrax.rules.should_be import shown
from mxtrax.rules.wall_link import BYTES, digest
from mxtrax.store import walls

MOST: Final = 20
"""Links that there can be."""

MAX_NAME: Final = 60


def everything() -> tuple[WallLink, ...]:
    """Give all links, in the order in which they were made."""
    return walls.load().them


def add(actor: Actor, now: Millis, name: str) -> tuple[WallLink, str]:
    """Make a link, and give it with its path, which is told this once and kept nowhere."""
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refused("name", f"name: this should be 1 to {MAX_NAME} printable characters, such as where it hangs.")
    before = walls.load()
    if len(before.them) >= MOST:
        raise Refused("name", f"name: there are {MOST} links already; end one first.")
    token = secrets.token_urlsafe(BYTES)
    new = WallLink(id=secrets.token_hex(8), name=name, digest=digest(token), made=now, by=actor.name)
    change = entry(actor, now, "wall.add", _target(new), after={"name": new.name})
    _saved(walls.save(before, (*before.them, new), change))
    return new, f"/status/wall/{token}"


def remove(actor: Actor, now: Millis, number: str) -> None:
    """End a link: it is void from then on."""
    before = walls.load()
    gone = next((it for it in before.them if it.id == number), None)
    if gone is None:
        raise Missing("link", f"There is no link {shown(number)}.")
    change = entry(actor, now, "wall.remove", _target(gone), before={"name": gone.name})
    _saved(walls.save(before, [it for it in before.them if it is not gone], change))


def _saved(done: bool) -> None:  # noqa: FBT001 -- what the store answers
    if not done:
        raise TryAgain("Somebody changed the links at the same moment.")


def _target(it: WallLink) -> str:
    return f"wall {it.id}"
