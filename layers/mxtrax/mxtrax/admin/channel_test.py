"""Testing a channel: a simulated failure and recovery, and what its service answers to them."""

from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.admin.test_alert import notices
from mxtrax.errors import Missing, TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, ChannelConfig, Millis
from mxtrax.notify.catalog import SERVICES
from mxtrax.notify.channel import Context
from mxtrax.rules.should_be import shown
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, channels, runtime
from mxtrax.store.channels import Channels
from mxtrax.store.config import load_config

PAUSE: Final[Millis] = 10 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it: what the service answered to each notice, and whether that says that anybody sees it."""

    taken: bool
    answers: tuple[str, ...]
    confirms: bool


def known(number: str) -> ChannelConfig:
    """Find a channel."""
    return found(channels.load(), number)


def found(everything: Channels, number: str) -> ChannelConfig:
    """Find a channel among all."""
    for it in everything.them:
        if it.id == number:
            return it
    raise Missing("channel", f"There is no channel {shown(number)}.")


def order(actor: Actor, now: Millis, number: str) -> None:
    """Note that somebody tests a channel: the audit has it before it goes out.

    Raises TryAgain within ten seconds of the test before: the people behind it shall not be flooded.
    """
    it = known(number)
    if not runtime.acquire_lease(f"channel-test-{number}", now, now + PAUSE):
        raise TryAgain("This channel was tested less than ten seconds ago: wait a moment, then test it again.")
    audit.note(entry(actor, now, "channel.test", name_of(it)))


def try_out(now: Millis, settings: Settings, number: str) -> Tried:
    """Send a simulated failure and its recovery through one channel, even if it is switched off or fails."""
    from mxtrax.notify.added import deliver  # noqa: PLC0415 -- what writes mails is brought by a test, not by each call

    it, config = known(number), load_config(settings.initial)
    context = Context(now=now, config=config, settings=settings, customers={}, lines=lambda _: ())
    outcomes = [deliver(it, [notice], context) for notice in notices(now)]
    return Tried(
        taken=not any(outcome.problem for outcome in outcomes),
        answers=tuple(outcome.problem or outcome.said for outcome in outcomes),
        confirms=SERVICES[it.kind].confirms,
    )


def name_of(it: ChannelConfig) -> str:
    """Name a channel in the audit."""
    return f"channel {it.id}"
