"""Plan a minute: queue the domains that are due, in batches that carry all that `send` needs, and wake `aggregate`.

A second plan of the same moment queues the same slots, from which `send` makes nothing new. If the moment has been
planned by then, by itself or by a later plan, there is nothing left to do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import batched
from typing import Final

from mxtrax.aws import sqs
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.jobs import badges
from mxtrax.model import SECOND, Config, Customer, MailDomain, Millis
from mxtrax.model.orders import NAMES_PER_ORDER, FoldOrder, ObserveOrder, SendBatch, TestOrder
from mxtrax.rules import budget, schedule, testid
from mxtrax.rules.limits import effective
from mxtrax.rules.marks import SLOWEST_MARK
from mxtrax.rules.selfcheck import is_own_loop, own_loop
from mxtrax.rules.status import FAILING, listing_of_new
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import customers, fleet, runtime
from mxtrax.store.config import load_config
from mxtrax.store.fleet import Listed
from mxtrax.store.health import slowed, wanting_retest

CATCH_UP: Final = 5
"""Slots that are planned at once at most, if a tick came late or was skipped."""

RATE_SHARE: Final = 0.9
"""The part of the account's sending rate that tests may use; the rest is for alerts."""


def moment(named: object, now: Millis) -> Millis:
    """Read the moment that the schedule names, or else now.

    Raises Refused if it is not a time, or is in the future: nothing else would be planned until then.
    """
    if named is None:
        return now
    try:
        at = datetime.fromisoformat(str(named))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refused("time", "time is no moment. Give one as 2026-11-22T10:00:00Z, or none.")
    planned = int(at.timestamp() * SECOND)
    if planned > now + schedule.MOST_AHEAD:
        raise Refused("time", "time lies in the future: no minute is planned before it has come.")
    return planned


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Plan the slots since the last plan, and give what was queued."""
    if not (planned := _slots(now, settings)):
        # The same tick twice, or one that is retried after a later one has caught up: with what is known since then,
        # it would retest domains in slots that are over.
        count("PlannedBefore")
        return {"domains": 0, "due": 0, "batches": 0, "workers": 0}
    config = load_config(settings.initial)
    listed = list(fleet.everyone_listed())
    new = _own_loop([it.domain for it in listed], config, settings)
    listed += [Listed(domain, listing_of_new()) for domain in new]
    due = list(_due(listed, planned, config, settings))
    if due and not config.sendinguser:
        logger.error("nothing can be sent: sendinguser is not set")
        count("PlanWithoutSender")
        due = []
    known = customers.everyone()
    batches = _batches(due, known, now, config, settings) if due else []
    # If nothing is due, an empty batch goes anyway: send has a round each minute, and is missed if it has none.
    sqs.queue_all(settings.send_queue, batches or [(batch((), config, now), 0)])
    folds = [FoldOrder(shards=shards, ahead=True) for shards in schedule.workers(len(listed))]
    sqs.queue_all(settings.aggregate_queue, [(fold, 0) for fold in folds])
    sqs.queue_all(settings.observe_queue, _observations(listed, planned))
    if settings.send_quota:
        runtime.spend(len(due), now)
    runtime.heartbeat("plan", now)
    count("TestsPlanned", len(due))
    count("PlanRounds")
    badges.write(listed, known, now)  # last: no test waits for it
    return {"domains": len(listed), "due": len(due), "batches": len(batches), "workers": len(folds)}


def _own_loop(everyone: Iterable[MailDomain], config: Config, settings: Settings) -> list[MailDomain]:
    """Add our own loop to the fleet if it is missing, and give it; to do without it, people set its maintmode."""
    wanted = settings.own_loop and config.sendinguser
    if not wanted or any(domain.control and is_own_loop(domain, config) for domain in everyone):
        return []
    return fleet.add([own_loop(settings.own_loop, config, settings.send_quota)])


def _slots(now: Millis, settings: Settings) -> range:
    """Give the slots since the last plan up to this moment's."""
    current = schedule.slot_at(now, settings.minute_seconds)
    before = runtime.last_heartbeat("plan", now)
    last = current - 1 if before is None else schedule.slot_at(before, settings.minute_seconds)
    return range(max(last + 1, current - CATCH_UP + 1), current + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What makes domains due apart from their interval: retests, witnesses, a slower pace, the end of our own fault."""

    retest: Mapping[str, int]
    slower: Mapping[str, int]
    asked: AbstractSet[str]
    ended: int | None = None
    at_fault: bool = False

    def is_due(self, domain: MailDomain, slot: int, config: Config) -> bool:
        """Say whether a domain is tested in a slot.

        While the fault is ours, only controls are tested more often, and domains that a server itself has rejected or
        deferred, with others of their provider: the fold ends the retests of all others.
        """
        key = domain.key
        if domain.control:  # If our inbox refuses mail, that is our fault, and only controls show its end.
            hurried = bool(self.retest) or self.at_fault
            return schedule.is_due(domain, slot, config, retest=1 if hurried else self.retest.get(key, 0))
        if self.ended is not None and schedule.is_due_again(domain, slot, self.ended, config):
            return True
        retest, slower = self.retest.get(key, 0), self.slower.get(key, 0)
        return schedule.is_due(domain, slot, config, retest=retest, slower=slower) or (
            key in self.asked and not domain.maintmode
        )


def _due(listed: Sequence[Listed], planned: range, config: Config, settings: Settings) -> Iterator[tuple[Listed, int]]:
    """Give each due domain with its latest due slot."""
    pace = _pace(listed, planned, config, settings)
    for it in listed:
        for slot in reversed(planned):
            if pace.is_due(it.domain, slot, config):
                yield it, slot
                break


def _afforded(
    wanted: Mapping[str, int], fleet_: Sequence[MailDomain], planned: range, config: Config, settings: Settings
) -> Mapping[str, int]:
    """Give the retests that the day's budget allows; the scheduled rounds have their share in any case."""
    if not wanted or not settings.send_quota:
        return wanted
    now = planned[-1] * settings.minute_seconds * SECOND
    intended = budget.nominal(fleet_, config, settings.minute_seconds)
    afforded = budget.afforded(
        wanted, budget.every(runtime.spent_by_hour(), intended, settings.send_quota, now), planned[-1]
    )
    if len(afforded) < len(wanted):
        logger.warning("retests wait: the day's quota would not last", wanted=len(wanted), afforded=len(afforded))
        count("RetestsShed", len(wanted) - len(afforded))
    return afforded


def _observations(listed: Sequence[Listed], planned: range) -> list[tuple[ObserveOrder, int]]:
    """Order the daily look-up of the domains whose minute it is."""
    keys = [it.domain.key for it in listed if schedule.is_observed(it.domain, planned)]
    return [(ObserveOrder(domains=some), 0) for some in batched(keys, NAMES_PER_ORDER, strict=False)]


_DOWN: Final = frozenset(it.word for it in FAILING)


def _pace(listed: Sequence[Listed], planned: range, config: Config, settings: Settings) -> Pace:
    """Read what makes domains due apart from their interval."""
    refusing, faults = slowed(schedule.SLOWEST), runtime.faults()
    providers = {it.domain.key: it.listing.provider for it in listed if it.listing.provider}
    down = {it.domain.key for it in listed if it.listing.status in _DOWN}
    wanted = schedule.together(wanting_retest(), providers, down)
    retest = _afforded(wanted, [it.domain for it in listed], planned, config, settings)
    controls = {it.domain.key for it in listed if it.domain.control}
    refusing = {key: doublings for key, doublings in refusing.items() if key not in controls}
    slower = schedule.braked([it.domain for it in listed], refusing, config)
    if slower is not refusing:
        logger.warning("what refuses for good is slowed down: too many tests would bounce", domains=len(slower))
        count("BounceBrake", len(slower))
    doubted = {providers[key] for key, pace in retest.items() if pace == schedule.WITNESSED and key in providers}
    healthy = [
        (key, provider)
        for key, provider in providers.items()
        if provider in doubted and key not in retest and key not in controls
    ]
    last = faults[-1] if faults else None
    ended = schedule.slot_at(last.ended, settings.minute_seconds) if last and last.ended else None
    return Pace(
        retest=retest,
        slower=slower,
        asked=schedule.witnesses(healthy, doubted, planned[-1]),
        ended=ended,
        at_fault=last is not None and last.ended is None,
    )


def _batches(
    due: list[tuple[Listed, int]], known: Mapping[str, Customer], now: Millis, config: Config, settings: Settings
) -> list[tuple[SendBatch, int]]:
    secret = runtime.secret()
    rate = settings.send_rate * RATE_SHARE
    orders = [
        order(secret, it.domain, str(slot), config, known.get(it.domain.customer), it.listing.early_mark)
        for it, slot in due
    ]
    batches: list[tuple[SendBatch, int]] = []
    for delay, tests in schedule.paced(orders, rate, settings.minute_seconds):
        in_time = delay != schedule.NOT_IN_TIME
        count("TestsNotInTime", 0 if in_time else len(tests))
        after = delay if in_time else 0
        batches.append((batch(tests, config, now + after * SECOND, in_time=in_time), after))
    return batches


def batch(tests: Sequence[TestOrder], config: Config, planned: Millis, *, in_time: bool = True) -> SendBatch:
    """Combine orders for one call of `send` at a planned moment."""
    return SendBatch(
        sender=config.sendinguser, keep_days=config.keep_days, planned=planned, in_time=in_time, tests=tuple(tests)
    )


def order(
    secret: bytes, domain: MailDomain, slot: str, config: Config, customer: Customer | None, early_mark: int = 0
) -> TestOrder:
    """Write the order for one test: all that `send` must know."""
    holds = effective(domain, config)
    return TestOrder(
        testid=testid.mint(secret, domain.key, slot),
        maildomain=domain.key,
        to=domain.address,
        name=customer.friendlyname if customer else "",
        maxreturntime=holds.maxreturntime,
        max_sec_until_fail=holds.max_sec_until_fail,
        returns_bounce=domain.returns_bounce,
        early_mark=min(early_mark or SLOWEST_MARK, holds.maxreturntime),
    )
