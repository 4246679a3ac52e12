"""Self-check: whether the fault is ours, and which incidents are held because it may be.

Signs of our own fault are: domains that are known to work (controls, above all our own loop) do not answer; tests
cannot be sent; servers of unrelated providers say that our own inbox refuses what they send back; or many domains of
unrelated providers begin to fail together, while our loop does not prove that we are well. Measuring goes on unchanged.
Judging leaves out tests that were under way meanwhile (evidence.judged). Incidents that rest on more than mail that did
not reach us are notified as usual.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model.fleet import MailDomain
from mxtrax.model.health import DomainHealth, Recent, State
from mxtrax.model.incident import MONITOR, Incident, Stretch
from mxtrax.model.moments import DAY, MINUTE, SECOND, Millis
from mxtrax.model.settings import Config
from mxtrax.model.test import Cause, Reason, Verdict
from mxtrax.rules.evidence import BAR, TOLD_BY_SMTP, streak_of, weigh

PATIENCE: Final = 5
"""Minutes of plan's clock without a round after which something is wrong."""

ID: Final = "self-check"
"""The record of the monitor's own incident, the open one or the last."""

FEWEST: Final = 3
"""Unrelated providers that must fail together before it counts as our fault: two may do so by chance."""

QUICKEST: Final = 10
"""Seconds that a round trip through SES may take even if all is well."""

LOOP_MINUTES: Final = 5
"""How often our own loop is tested while nothing is suspected; each minute while anything is."""

SANDBOX: Final = 200
"""Mails a day that SES accepts from an account in its sandbox."""

SANDBOX_MINUTES: Final = 15
"""How often our own loop is tested in the sandbox: half of the mails are left for retests, alerts and a first domain."""

AGAIN: Final = 30 * MINUTE
"""A fault that comes back within this time is the same one."""

LONGEST_HOLD: Final = 30 * MINUTE
"""How long an incident is held without proof against us; after that it is sent, and mentions the doubt."""

REMEMBERED: Final = DAY
"""How long our own faults are remembered."""

GOOD_AGAIN: Final = 2
"""Tests on time in a row that show that a control answers again."""


class Watched(NamedTuple):
    """A domain and what is known about it."""

    domain: MailDomain
    health: DomainHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of our own: its evidence, since when tests may have been spoilt by it, and when it was last proven."""

    began: Millis
    reasons: tuple[str, ...]
    proven: Millis = 0


def look(
    fleet: Iterable[Watched],
    config: Config,
    now: Millis,
    open_: Stretch | None = None,
    named_by: Mapping[str, Millis] = MappingProxyType({}),
) -> Fault | None:
    """Decide from what is known about the fleet; None if all is well.

    `open_` is the fault that is known already, `named_by` has the domains whose servers said that our inbox refuses tests,
    with when they did.
    """
    watched = [seen for seen in fleet if not seen.domain.maintmode]
    since = open_.began if open_ and open_.ended is None else None
    loop = [seen for seen in watched if is_own_loop(seen.domain, config)]
    found = [it for it in (_controls(watched, config, now), _unsent(watched, config, now)) if it]
    together = _together(watched, config, now, since)
    if together and not proves_us_well(loop, together.began):
        also = () if found or not suspicious(loop) else (_OWES_TOO,)
        found.append(replace(together, reasons=(*together.reasons, *also)))
    named = _named(watched, named_by, config, now)
    if named and not proves_us_well(loop, named.began):
        found.append(named)
    if not found and open_ and open_.ended is None and suspicious(loop):
        # Once the fault is known, failing domains are not judged. That does not prove its end while the loop has not
        # answered.
        found.append(Fault(began=open_.began, reasons=(_OWES,), proven=open_.proven))
    if not found:
        return None
    return Fault(
        began=min(it.began for it in found),
        reasons=tuple(reason for it in found for reason in it.reasons),
        proven=max(it.proven for it in found),
    )


_OWES: Final = "A test to our own inbox is overdue."
_OWES_TOO: Final = "A test to our own inbox is overdue, too."


def proves_us_well(loop: Iterable[Watched], began: Millis) -> bool:
    """Say whether our loop has been in order since then: a test sent since came back on time, and none was lost."""
    for seen in loop:
        since = [test for test in _decided(seen.health) if test.sendtime >= began]
        if since and all(test.verdict is Verdict.ONTIME for test in since) and not suspicious([seen]):
            return True
    return False


def suspicious(loop: Iterable[Watched]) -> bool:
    """Say whether our loop has not answered: its newest test is past its early mark, or was lost."""
    for seen in loop:
        tests = [test for test in seen.health.recent if not test.quiet]
        if tests and tests[-1].verdict is not Verdict.ONTIME:
            return True
    return False


def doubt(loop: Sequence[Watched]) -> Stretch | None:
    """Give the stretch since when our loop has not answered; None if it has. It soon becomes a fault, or ends."""
    return Stretch(min(_fell(seen.health) for seen in loop)) if suspicious(loop) else None


def is_own_loop(domain: MailDomain, config: Config) -> bool:
    """Say whether a domain is the inbox's own: its tests go out by SES and come straight back to us."""
    return _is_ours(domain.domainname, config)


def _is_ours(domainname: str, config: Config) -> bool:
    return domainname.lower() == config.sendinguser.rpartition("@")[2].lower()


def own_loop(user: str, config: Config, quota: int = 0) -> MailDomain:
    """Make our own loop: an address at the inbox's own domain. It answers in seconds, so it is overdue soon.

    `quota` is how many mails a day SES accepts, 0 if there is no quota.
    """
    return MailDomain(
        id=0,
        testuser=user,
        domainname=config.sendinguser.rpartition("@")[2],
        control=True,
        interval_minutes=SANDBOX_MINUTES if 0 < quota <= SANDBOX else LOOP_MINUTES,
        maxreturntime=min(config.maxreturntime, max(QUICKEST, config.maxreturntime // 5)),
    )


def held(incident: Incident, faults: Sequence[Stretch], config: Config, now: Millis) -> bool:
    """Say whether an incident rests on nothing but tests that a fault of our own may have spoilt.

    What servers said by SMTP is not spoilt, unless the server is our own. Such an incident is held until a test that
    was sent after the fault's end has gone wrong, too, or until there has been no evidence against us for some time.
    """
    by_ours = _is_ours(incident.maildomain.rpartition("@")[2], config)
    if incident.maildomain == MONITOR or (incident.cause in TOLD_BY_SMTP and not by_ours):
        return False
    under_way = config.maxreturntime * SECOND
    for began, ended, proven in faults:
        if began - under_way <= incident.sent and (ended is None or incident.sent <= ended):
            return ended is not None or now - max(proven, incident.opened) < LONGEST_HOLD
    return False


def may_wait(incident: Incident, faults: Sequence[Stretch], config: Config, now: Millis) -> bool:
    """Say whether an open incident may wait: people need not know about it yet, or not about its present cause."""
    is_new = incident.closed is None and (incident.notified is None or incident.corrected is not None)
    return is_new and held(incident, faults, config, now)


def with_fault(faults: Sequence[Stretch], fault: Fault | None, now: Millis) -> tuple[Stretch, ...]:
    """Give the stretches of our own faults of the last day, with what is seen now."""
    known = [it for it in faults if it.ended is None or now - it.ended < REMEMBERED]
    last = known[-1] if known else None
    open_ = last if last and last.ended is None else None
    if fault and open_:
        known[-1] = Stretch(min(open_.began, fault.began), None, max(open_.proven, fault.proven))
    elif fault:
        known.append(Stretch(fault.began, None, fault.proven))
    elif open_:
        known[-1] = open_._replace(ended=now)
    return tuple(known)


def _controls(watched: Sequence[Watched], config: Config, now: Millis) -> Fault | None:
    """Find a fault if our own loop fails, or more than half of the controls."""
    controls = [seen for seen in watched if seen.domain.control]
    failing = [seen for seen in controls if _fails(seen, now)]
    loop = any(is_own_loop(seen.domain, config) for seen in failing)
    if not loop and len(failing) * 2 <= len(controls):
        return None
    reasons = ["Tests to our own inbox do not come back."] if loop else []
    if len(controls) > 1 or not loop:
        reasons.append(f"{len(failing)} of {len(controls)} control domains are failing.")
    return Fault(began=min(_fell(seen.health) for seen in failing), reasons=tuple(reasons), proven=now)


def _fails(seen: Watched, now: Millis) -> bool:
    """Say whether a control does not answer: by the weight of its tests, until two in a row are on time again."""
    tests = _decided(seen.health, pending=True)
    mark = seen.health.early_mark or QUICKEST
    return weigh(tests, now, mark).weight >= BAR and streak_of(tests) < GOOD_AGAIN


def _fell(health: DomainHealth) -> Millis:
    """Give when a control last answered before it failed: the fault may have begun at any time after that."""
    tests = _decided(health)
    bad = next((n for n in range(len(tests) - 1, -1, -1) if tests[n].verdict is not Verdict.ONTIME), None)
    while bad and tests[bad - 1].verdict is not Verdict.ONTIME:
        bad -= 1
    if bad is None:
        return health.recent[-1].sendtime
    if not bad:
        return tests[0].sendtime
    return tests[bad - 1].sendtime + (tests[bad - 1].took or 0)


def _together(watched: Sequence[Watched], config: Config, now: Millis, since: Millis | None) -> Fault | None:
    """Find a fault if domains of unrelated providers, healthy until now, fail together.

    A domain that has never been on time does not count, because in a new fleet many mailboxes are not set up yet; nor
    does one whose server says something about the mailbox itself. Only domains heard from since the first failure are
    compared, on time or not. Each provider counts once, by the share of its domains that fail, and so does each domain:
    both shares must be large, so that neither one giant nor three small providers outvote all others. While the trouble
    lasts, it is counted from its beginning, so that a few true failures are outvoted once all others have been heard
    from.
    """
    together = 2 * config.maxreturntime * SECOND
    recently = (now if since is None else since) - together
    others = [seen for seen in watched if not seen.domain.control]
    bad = [
        (seen, test)
        for seen in others
        if seen.health.state is State.FAILING and seen.health.since >= recently
        if (test := _latest(seen.health)) and test.verdict.missed and _may_be_ours(test) and _was_healthy(seen.health)
    ]
    if len({_provider(seen) for seen, _ in bad}) < FEWEST:
        return None
    began = min(test.sendtime for _, test in bad) if since is None else since
    failing, heard = defaultdict[str, int](int), defaultdict[str, int](int)
    for seen, _ in bad:
        failing[_provider(seen)] += 1
        heard[_provider(seen)] += 1
    for seen in others:
        latest = _latest(seen.health)
        if latest and latest.verdict is Verdict.ONTIME and latest.sendtime >= began:
            heard[_provider(seen)] += 1
    of_providers = sum(failing[provider] / heard[provider] for provider in heard) * 100 / len(heard)
    of_domains = sum(failing.values()) * 100 / sum(heard.values())
    share = min(of_providers, of_domains)
    if share < config.self_check_percent:
        return None
    reason = (
        f"{len(bad)} domains of {len(failing)} unrelated providers began to fail together: "
        f"{share:.0f}\N{NO-BREAK SPACE}% of all that were heard of since."
    )
    return Fault(began=began, reasons=(reason,))


def _named(watched: Sequence[Watched], named_by: Mapping[str, Millis], config: Config, now: Millis) -> Fault | None:
    """Find a fault if servers of unrelated providers say that our own inbox refuses what they send back.

    Such a report is written by a customer's server, which may be wrong or lie. So one provider alone proves nothing,
    however many domains it has, nor does one customer among others; and our loop decides.
    """
    under_way = config.maxreturntime * SECOND
    by_key = {seen.domain.key: seen for seen in watched if not seen.domain.control}
    lately = {key: at for key, at in named_by.items() if key in by_key and now - at <= 2 * under_way}
    providers = {_provider(by_key[key]) for key in lately}
    customers = {by_key[key].domain.customer for key in lately}
    everybody = {it.domain.customer for it in by_key.values()}
    if len(providers) < FEWEST or len(customers) < min(2, len(everybody)):
        return None
    reason = f"Servers of {len(providers)} unrelated providers say that our own inbox refuses mail."
    began = min(lately.values())
    return Fault(began=began, reasons=(reason,), proven=max(lately.values()))


def _unsent(watched: Sequence[Watched], config: Config, now: Millis) -> Fault | None:
    """Find a fault if the latest tests of many domains could not be sent; a suppressed address does not count."""
    together = 2 * config.maxreturntime * SECOND
    newest = (seen.health.newest for seen in watched)
    latest = [test for test in newest if test and test.sendtime >= now - together]
    unsent = [test for test in latest if test.cause in _OURS]
    if not unsent or len(unsent) * 100 < config.self_check_percent * len(latest):
        return None
    reasons = [f"The latest tests of {len(unsent)} of {len(latest)} domains could not be sent."]
    if any(test.cause is Cause.QUOTA_EXCEEDED for test in unsent):
        reasons.append("The daily quota of our SES account is used up.")
    return Fault(began=min(test.sendtime for test in unsent), reasons=tuple(reasons), proven=now)


_OURS: Final = frozenset({Cause.SEND_FAILED, Cause.THROTTLED, Cause.QUOTA_EXCEEDED})
"""Why a test was not sent, if the address is not the reason."""


def _latest(health: DomainHealth) -> Recent | None:
    """Give a domain's latest test that says anything, usually the newest."""
    newest = health.newest
    if newest is None or not (newest.quiet or newest.verdict in (Verdict.UNSENT, Verdict.PENDING)):
        return newest
    return next(reversed(_decided(health)), None)


def _may_be_ours(test: Recent) -> bool:
    """Say whether a fault of ours could look like this: not if a server named the mailbox, or bounced it inside."""
    return test.cause not in _THEIRS and not (test.cause in TOLD_BY_SMTP and test.reason in _OF_THE_MAILBOX)


_THEIRS: Final = frozenset({Cause.FORWARD_BLOCKED, Cause.RETURNED_AS_BOUNCE})
_OF_THE_MAILBOX: Final = frozenset({Reason.UNKNOWN_USER, Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED})


def _was_healthy(health: DomainHealth) -> bool:
    """Say whether a domain's tests have ever come back on time, as far as is known."""
    return any(test.verdict is Verdict.ONTIME for test in health.recent)


def _provider(seen: Watched) -> str:
    return seen.health.provider or seen.domain.domainname


def _decided(health: DomainHealth, *, pending: bool = False) -> list[Recent]:
    left_out = {Verdict.UNSENT} if pending else {Verdict.UNSENT, Verdict.PENDING}
    return [test for test in health.recent if test.verdict not in left_out and not test.quiet]


def patience(minute_seconds: int) -> Millis:
    """Give how long a job may be silent, if a minute of plan's clock lasts this many seconds."""
    return PATIENCE * minute_seconds * SECOND


def is_silent(last: Millis | None, now: Millis, minute_seconds: int) -> bool:
    """Say whether a job whose last heartbeat this is has been silent for too long."""
    return last is None or now - last > patience(minute_seconds)
