"""Plan a minute: queue the domains that are due, in batches that carry all that `send` needs, and wake `aggregate`.

A plan that is run again for the same moment queues the same slots, from which `send` makes nothing new; one whose
moment has been planned by then, by itself or by a later one, has nothing left to do.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Final

from mxtrax.aws import sqs
from mxtrax.model import Config, Customer, MailDomain, Millis
from mxtrax.model.orders import NAMES_PER_ORDER, FoldOrder, ObserveOrder, SendBatch, TestOrder
from mxtrax.rules import schedule, testid
from mxtrax.rules.limits import effective
from mxtrax.rules.selfcheck import is_own_loop, own_loop
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import customers, fleet, runtime
from mxtrax.store.config import load_config
from mxtrax.store.health import slowed, wanting_retest

CATCH_UP: Final = 5
"""Slots that are planned at once at most, when a tick came late or was skipped."""

RATE_SHARE: Final = 0.9
"""The part of the account's sending rate that tests may use; alerts go out by the rest."""


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Plan the slots since the last plan, and give what was queued."""
    if not (planned := _slots(now, settings)):
        # Twice the same tick, or one that is tried again when a later one has caught up: by what is known since then,
        # it would retest domains in slots that are over.
        count("PlannedBefore")
        return {"domains": 0, "due": 0, "batches": 0, "workers": 0}
    config = load_config(settings.initial)
    everyone = list(fleet.everyone())
    everyone += _own_loop(everyone, config, settings)
    due = list(_due(everyone, planned, config))
    if due and not config.sendinguser:
        logger.error("nothing can be sent: sendinguser is not set")
        count("PlanWithoutSender")
        due = []
    batches = _batches(due, config, settings) if due else []
    sqs.queue_all(settings.send_queue, batches)
    folds = [FoldOrder(shards=shards) for shards in schedule.workers(len(everyone))]
    sqs.queue_all(settings.aggregate_queue, [(fold, 0) for fold in folds])
    sqs.queue_all(settings.observe_queue, _observations(everyone, planned))
    runtime.heartbeat("plan", now)
    count("TestsPlanned", len(due))
    return {"domains": len(everyone), "due": len(due), "batches": len(batches), "workers": len(folds)}


def _own_loop(everyone: Iterable[MailDomain], config: Config, settings: Settings) -> list[MailDomain]:
    """Add our own loop to the fleet where it is missing, and give it; who does not want it sets its maintmode."""
    wanted = settings.own_loop and config.sendinguser
    if not wanted or any(domain.control and is_own_loop(domain, config) for domain in everyone):
        return []
    return fleet.add([own_loop(settings.own_loop, config)])


def _slots(now: Millis, settings: Settings) -> range:
    """Give the slots since the last plan up to this moment's."""
    current = schedule.slot_at(now, settings.minute_seconds)
    before = runtime.last_heartbeat("plan")
    last = current - 1 if before is None else schedule.slot_at(before, settings.minute_seconds)
    return range(max(last + 1, current - CATCH_UP + 1), current + 1)


def _due(everyone: Sequence[MailDomain], planned: range, config: Config) -> Iterable[tuple[MailDomain, int]]:
    """Give each due domain with the latest of the slots that it is due in."""
    retest, refusing = wanting_retest(), slowed(schedule.SLOWEST)
    for control in (domain.key for domain in everyone if domain.control):
        refusing.pop(control, None)  # An inbox that refuses is our trouble, and by them alone we see its end.
    slower = schedule.braked(everyone, refusing, config)
    if slower is not refusing:
        logger.warning("what refuses for good is slowed down: too many tests would bounce", domains=len(slower))
        count("BounceBrake", len(slower))
    for domain in everyone:
        for slot in reversed(planned):
            if schedule.is_due(domain, slot, config, retest=domain.key in retest, slower=slower.get(domain.key, 0)):
                yield domain, slot
                break


def _observations(everyone: Sequence[MailDomain], planned: range) -> list[tuple[ObserveOrder, int]]:
    """Order the day's look at those domains whose minute it is."""
    keys = [domain.key for domain in everyone if schedule.is_observed(domain, planned)]
    return [(ObserveOrder(domains=some), 0) for some in batched(keys, NAMES_PER_ORDER, strict=False)]


def _batches(due: list[tuple[MailDomain, int]], config: Config, settings: Settings) -> list[tuple[SendBatch, int]]:
    secret, known = runtime.secret(), customers.everyone()
    rate = settings.send_rate * RATE_SHARE
    orders = [order(secret, domain, str(slot), config, known.get(domain.customer)) for domain, slot in due]
    batches: list[tuple[SendBatch, int]] = []
    for delay, tests in schedule.paced(orders, rate, settings.minute_seconds):
        in_time = delay != schedule.NOT_IN_TIME
        count("TestsNotInTime", 0 if in_time else len(tests))
        batches.append((batch(tests, config, in_time=in_time), delay if in_time else 0))
    return batches


def batch(tests: Sequence[TestOrder], config: Config, *, in_time: bool = True) -> SendBatch:
    """Put orders together for one call of `send`."""
    return SendBatch(sender=config.sendinguser, keep_days=config.keep_days, in_time=in_time, tests=tuple(tests))


def order(secret: bytes, domain: MailDomain, slot: str, config: Config, customer: Customer | None) -> TestOrder:
    """Write the order for one test: all that `send` has to know of it."""
    holds = effective(domain, config)
    return TestOrder(
        testid=testid.mint(secret, domain.key, slot),
        maildomain=domain.key,
        to=domain.address,
        name=customer.friendlyname if customer else "",
        maxreturntime=holds.maxreturntime,
        max_sec_until_fail=holds.max_sec_until_fail,
        returns_bounce=domain.returns_bounce,
    )
