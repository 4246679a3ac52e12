"""Tests that people ask for, beside those that are planned: one of a domain, or a round of the whole fleet."""

from collections.abc import Callable, Sequence
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.admin.settings import current
from mxtrax.aws import sqs
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.jobs import plan
from mxtrax.model import MINUTE, SECOND, Config, MailDomain, Millis
from mxtrax.model.orders import SendBatch, TestOrder
from mxtrax.rules import schedule
from mxtrax.rules.limits import effective
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, customers, fleet, runtime

LEAST_SHARE: Final = 0.1
"""The part of the sending rate that a round by hand gets even where the schedule needs all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round of the whole fleet: batches, each with the second at which it goes out."""

    batches: tuple[tuple[SendBatch, int], ...]
    tests: int
    in_maintenance: int

    @property
    def seconds(self) -> int:
        """How long it takes until the last one goes out."""
        return self.batches[-1][1] if self.batches else 0


def send(
    actor: Actor,
    now: Millis,
    settings: Settings,
    domain: MailDomain,
    deliver: Callable[[SendBatch], None] | None = None,
) -> TestOrder:
    """Order a test of a domain at once, and give the order. It goes into the queue of the sender, or to `deliver`.

    Raises Refused while the settings do not say from which address tests go out.
    """
    config = current(settings)
    (order,) = _orders([domain], config, now)
    audit.note(entry(actor, now, "maildomain.test", domain.key, after={"testid": order.testid}))
    batch = plan.batch([order], config, now)
    if deliver:
        deliver(batch)
    else:
        sqs.queue_all(settings.send_queue, [(batch, 0)])
    return order


def send_round(actor: Actor, now: Millis, settings: Settings) -> Round:
    """Order a test of every domain that is not in maintenance, at the pace that SES allows."""
    config, everyone = current(settings), list(fleet.everyone())
    tested = [domain for domain in everyone if not domain.maintmode]
    orders = _orders(tested, config, now)
    rate = _spare_rate(tested, config, settings)
    paced = schedule.paced(orders, rate, int(len(orders) / rate) + 1)
    batches = tuple((plan.batch(tests, config, now + second * SECOND), second) for second, tests in paced)
    audit.note(entry(actor, now, "fleet.test", "fleet", after={"tests": len(orders)}))
    return Round(batches=batches, tests=len(orders), in_maintenance=len(everyone) - len(tested))


def _orders(domains: Sequence[MailDomain], config: Config, now: Millis) -> list[TestOrder]:
    """Order a test for each domain under a slot of this second's own: twice within a second is once."""
    if not config.sendinguser:
        how = "in the console's settings, or with `mxtrax config set sendinguser=ADDRESS`"
        raise Refused("sendinguser", f"sendinguser: nothing can be sent until it is set, {how}.")
    secret = runtime.secret()
    whose = customers.by_codenames({domain.customer for domain in domains})
    slot = f"hand-{now // SECOND}"
    return [plan.order(secret, domain, slot, config, whose.get(domain.customer)) for domain in domains]


def _spare_rate(domains: Sequence[MailDomain], config: Config, settings: Settings) -> float:
    """Give the mails a second that the schedule leaves of SES's rate."""
    minute = settings.minute_seconds * SECOND / MINUTE * 60
    planned = sum(1 / (effective(each, config).interval_minutes) for each in domains) / minute
    allowed = settings.send_rate
    return max(allowed * LEAST_SHARE, allowed * plan.RATE_SHARE - planned)
