"""Which causes are right."""

from collections.abc import Mapping
from typing import Final

from infra.simulation.model import SECOND, Mail, Millis, Provider

STRICT: Final[Mapping[str, frozenset[str]]] = {
    "mailbox_full": frozenset({"refused"}),
    "unknown_user": frozenset({"refused"}),
    "forward_blocked": frozenset({"forward_blocked"}),
    "server_down": frozenset({"deferred"}),
    "accepts_and_loses": frozenset({"accepted_then_lost"}),
    "slow_inside": frozenset({"slow_inside"}),
    "slow_return": frozenset({"slow_return"}),
    "flapping": frozenset({"accepted_then_lost"}),
    "partial_loss": frozenset({"accepted_then_lost"}),
    "bounce_after": frozenset({"returned_as_bounce"}),
    "creeping": frozenset({"slow_inside"}),
    "forged_report": frozenset({"accepted_then_lost", "returned_as_bounce", "refused"}),
}
"""By a trouble's effect on a mail: the cause that is right once everything is known."""

HEARD: Final = 75 * SECOND
"""Events about a mail that are this old must be known."""


def acceptable(how: str, mail: Mail | None, at: Millis, provider: Provider) -> frozenset[str]:
    """Give the causes that are right for this mail at this moment.

    Accepted besides the strict ones: what could not be known because no event had come yet, or never came; that a mail
    which is still held is lost; one leg instead of the other if only one server stamps the mail.
    """
    fine = STRICT.get(how, frozenset[str]())
    if mail is None:
        return fine
    by = at - HEARD
    heard = {kind for kind, told in mail.heard.items() if told <= by}
    no_word = frozenset[str]() if "Delivery" in heard else frozenset({"no_word"})
    match how:
        case "slow_inside" | "slow_return" | "creeping":
            fine |= _of_slow(how, mail, by, provider, no_word)
        case "accepts_and_loses" | "flapping" | "partial_loss":
            fine |= no_word
        case "server_down" if "DeliveryDelay" not in heard:
            fine |= {"no_word", "slow_outbound"}
        case "bounce_after" | "forward_blocked" if "Bounce" not in heard:
            fine |= {"accepted_then_lost"} | no_word
        case "bounce_after" | "forward_blocked" if no_word:
            fine |= {"refused"}
    return fine


def _of_slow(how: str, mail: Mail, by: Millis, provider: Provider, no_word: frozenset[str]) -> frozenset[str]:
    alone = provider.servers == 1
    other_leg = frozenset({"slow_inside"}) if alone and how == "slow_return" else frozenset[str]()
    if mail.back is None or mail.back > by:
        return other_leg | {"accepted_then_lost"} | no_word
    return other_leg | no_word if alone else other_leg
