"""Is it us? Whether what is seen of the fleet is a fault of the monitor's own, and whose alarms are held because of it.

Three things say so: domains that are known to work fail (controls, our own loop above all); many domains of unrelated
providers begin to fail together; tests cannot be sent. None of it touches measuring: only the telling waits.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from mxtrax.model import (
    MINUTE,
    MONITOR,
    SECOND,
    Cause,
    Config,
    DomainHealth,
    Incident,
    MailDomain,
    Millis,
    Recent,
    State,
    Verdict,
)

ID: Final = "self-check"
"""The one record of the monitor's own trouble."""

PATIENCE: Final = 5
"""Minutes of plan's clock without a round after which something is wrong."""

FEWEST: Final = 3
"""Unrelated providers that have to fail together before it is taken for our fault: two may do so by chance."""

QUICKEST: Final = 10
"""Seconds that even a sound way out of SES and back may take."""

AGAIN: Final = 30 * MINUTE
"""Trouble that comes back within this time is the same trouble."""


class Seen(NamedTuple):
    """A domain and what is known of it."""

    domain: MailDomain
    health: DomainHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The monitor's own trouble: what says so, and since when tests may have been spoilt by it."""

    began: Millis
    reasons: tuple[str, ...]


def look(fleet: Iterable[Seen], config: Config, now: Millis, fault: Incident | None = None) -> Fault | None:
    """Decide over a snapshot of the fleet. `fault` is what is known of trouble before; None where all is well."""
    watched = [seen for seen in fleet if not seen.domain.maintmode]
    since = fault.sent if fault and fault.closed is None else None
    found = [
        it
        for it in (_controls(watched, config), _together(watched, config, now, since), _unsent(watched, config, now))
        if it
    ]
    if not found:
        return None
    return Fault(began=min(it.began for it in found), reasons=tuple(reason for it in found for reason in it.reasons))


def is_own_loop(domain: MailDomain, config: Config) -> bool:
    """Tell whether a domain is the inbox's own: its tests go out by SES and come straight back to us."""
    return domain.domainname.lower() == config.sendinguser.rpartition("@")[2].lower()


def own_loop(user: str, config: Config) -> MailDomain:
    """Make our own loop: a mailbox that is none, at the inbox's own domain. It answers in seconds, so it is overdue soon.

    Every other minute is often enough to know before any customer's test is overdue.
    """
    return MailDomain(
        id=0,
        testuser=user,
        domainname=config.sendinguser.rpartition("@")[2],
        control=True,
        interval_minutes=2,
        maxreturntime=min(config.maxreturntime, max(QUICKEST, config.maxreturntime // 5)),
    )


def held(incident: Incident, fault: Incident | None, config: Config) -> bool:
    """Tell whether an incident rests on nothing but tests that our own fault may have spoilt.

    So it does until a test that was sent after the fault's end has gone wrong, too.
    """
    if fault is None or incident.maildomain == MONITOR:
        return False
    under_way = config.maxreturntime * SECOND
    return fault.sent - under_way <= incident.sent and (fault.closed is None or incident.sent <= fault.closed)


def _controls(watched: Sequence[Seen], config: Config) -> Fault | None:
    """Trouble where our own loop fails, or more than half of the controls."""
    controls = [seen for seen in watched if seen.domain.control]
    failing = [seen for seen in controls if seen.health.state is State.FAILING]
    loop = any(is_own_loop(seen.domain, config) for seen in failing)
    if not loop and len(failing) * 2 <= len(controls):
        return None
    reasons = ["Tests to our own inbox do not come back."] if loop else []
    if len(controls) > 1 or not loop:
        reasons.append(f"{len(failing)} of {len(controls)} control domains are failing.")
    return Fault(began=min(_fell(seen.health) for seen in failing), reasons=tuple(reasons))


def _fell(health: DomainHealth) -> Millis:
    """Give when the first of the tests was sent that have gone wrong since all was well."""
    began = health.since
    for test in reversed(_decided(health)):
        if test.verdict is Verdict.ONTIME and test.sendtime < health.since:
            break
        if test.verdict is not Verdict.ONTIME:
            began = min(began, test.sendtime)
    return began


def _together(watched: Sequence[Seen], config: Config, now: Millis, since: Millis | None) -> Fault | None:
    """Trouble where domains of unrelated providers, healthy until now, fail together.

    A domain that has never been on time is none of these: of a new fleet many mailboxes are not yet set up. Compared are
    those that were heard of since the first of them failed: on time, or not. Each provider counts once, by
    the share of its domains that fail. While trouble lasts, it is counted from its beginning, so that a few who truly
    fail are outvoted once all others have been heard of.
    """
    together = 2 * config.maxreturntime * SECOND
    latest = [(seen, tests[-1]) for seen in watched if not seen.domain.control and (tests := _decided(seen.health))]
    recently = (now if since is None else since) - together
    bad = [
        (seen, test)
        for seen, test in latest
        if seen.health.state is State.FAILING and seen.health.since >= recently and test.verdict.missed
        if _was_healthy(seen.health)
    ]
    if len({_provider(seen) for seen, _ in bad}) < FEWEST:
        return None
    began = min(test.sendtime for _, test in bad) if since is None else since
    failing, heard = defaultdict[str, int](int), defaultdict[str, int](int)
    for seen, _ in bad:
        failing[_provider(seen)] += 1
        heard[_provider(seen)] += 1
    for seen, test in latest:
        if test.verdict is Verdict.ONTIME and test.sendtime >= began:
            heard[_provider(seen)] += 1
    share = sum(failing[provider] / heard[provider] for provider in heard) * 100 / len(heard)
    if share < config.self_check_percent:
        return None
    reason = (
        f"{len(bad)} domains of {len(failing)} unrelated providers began to fail together: {share:.0f}\N{NO-BREAK SPACE}% "
        f"of all that were heard of since."
    )
    return Fault(began=began, reasons=(reason,))


def _unsent(watched: Sequence[Seen], config: Config, now: Millis) -> Fault | None:
    """Trouble where the latest tests of many domains could not be sent at all. A suppressed address is no such thing."""
    together = 2 * config.maxreturntime * SECOND
    latest = [seen.health.recent[-1] for seen in watched if seen.health.recent]
    latest = [test for test in latest if test.sendtime >= now - together]
    unsent = [test for test in latest if test.cause in (Cause.SEND_FAILED, Cause.THROTTLED)]
    if not unsent or len(unsent) * 100 < config.self_check_percent * len(latest):
        return None
    reason = f"The latest tests of {len(unsent)} of {len(latest)} domains could not be sent."
    return Fault(began=min(test.sendtime for test in unsent), reasons=(reason,))


def _was_healthy(health: DomainHealth) -> bool:
    """Tell whether a domain's tests have ever come back on time, as far as is known."""
    return any(test.verdict is Verdict.ONTIME for test in health.recent)


def _provider(seen: Seen) -> str:
    return seen.health.provider or seen.domain.domainname


def _decided(health: DomainHealth) -> list[Recent]:
    return [test for test in health.recent if test.verdict is not Verdict.UNSENT and not test.quiet]


def patience(minute_seconds: int) -> Millis:
    """Give how long a job may be silent, where a minute of plan's clock lasts this many seconds."""
    return PATIENCE * minute_seconds * SECOND


def is_silent(last: Millis | None, now: Millis, minute_seconds: int) -> bool:
    """Tell whether a job whose last heartbeat this is has been silent for too long."""
    return last is None or now - last > patience(minute_seconds)
