"""What a fold does to its domain's incident: it begins, gets newer evidence or another cause, or ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from mxtrax.model import HOUR, Cause, DomainHealth, Incident, MailDomain, MailTest, Millis, Recent, Verdict
from mxtrax.rules.cause import Why, sentence, why
from mxtrax.rules.evidence import is_unreached
from mxtrax.rules.health import Terms, main_cause
from mxtrax.rules.notices import is_corrected
from mxtrax.rules.verdict import classify
from mxtrax.rules.zones import zone_of
from mxtrax.store import incidents, mailtests
from mxtrax.store.fold import Amendment, Evidence, Step, Turn

RELAPSE: Final = HOUR
"""A failure within this time after the end of an incident is the same one again."""


def turned(
    before: DomainHealth,
    after: DomainHealth,
    domain: MailDomain,
    steps: Sequence[Step],
    terms: Terms,
    now: Millis,
    timezone: str,
) -> tuple[DomainHealth, Turn | None]:
    """Give the health with its incident, and what becomes of that incident in this fold."""
    main = main_cause(after, terms) if after.trouble_from else None
    if after.trouble_from and not before.incident:
        opened = _again(_opened(after, domain, steps, main, now, timezone), before)
        return replace(after, incident=opened.id), opened
    last = before.incident or before.last_incident
    evidence = _newer(after, steps, main, timezone) if before.incident else None
    if evidence is None:
        evidence = _back(last, main if before.incident else None, steps, timezone)
    closed = now if before.incident and not after.trouble_from else None
    look = now if evidence and before.incident and _is_told_otherwise(last, evidence) else None
    if closed:
        after = replace(after, incident="", last_incident=last)
    return after, Amendment(incident=last, evidence=evidence, look=look, closed=closed) if evidence or closed else None


def unreached() -> Mapping[str, AbstractSet[str]]:
    """Give the domains of each provider with an incident that is open since no server could be reached."""
    found = defaultdict[str, set[str]](set)
    for incident in incidents.pending():
        if incident.closed is None and incident.provider and is_unreached(incident.cause, incident.reason):
            found[incident.provider].add(incident.maildomain)
    return found


def _is_told_otherwise(incident: str, evidence: Evidence) -> bool:
    """Say whether people were told something else about an incident, so that they would do the wrong thing."""
    known = incidents.get(incident)
    return known is not None and is_corrected(replace(known, cause=evidence.cause, reason=evidence.reason))


def _newer(after: DomainHealth, steps: Sequence[Step], main: Why | None, timezone: str) -> Evidence | None:
    """Word the newest bad test, if it is one of those being folded; `main` is what most of them say."""
    bad = _bad(after)
    step = next((step for step in steps if bad and step.test.sendtime == bad[-1].sendtime), None)
    if step is None:
        return None
    return _of(step.test, step.verdict, timezone, main)


def _bad(health: DomainHealth) -> list[Recent]:
    """Give the bad tests in the order of sending, without our own faults and maintenance.

    A test that is still out is one of them if a server has deferred it.
    """
    left_out = (Verdict.UNSENT, Verdict.ONTIME)
    return [
        test
        for test in health.recent
        if test.verdict not in left_out and not test.quiet and test.cause not in (None, Cause.MONITOR_FAULT)
    ]


def _of(test: MailTest, verdict: Verdict, timezone: str, main: Why | None = None) -> Evidence:
    """Word a test; `main` is the incident's cause, if this one test says something else."""
    cause, reason = main or why(test, verdict)
    return Evidence(
        testid=test.testid,
        sent=test.sendtime,
        cause=cause,
        reason=reason,
        text=sentence(test, verdict, zone_of(timezone)),
    )


def _opened(
    health: DomainHealth, domain: MailDomain, steps: Sequence[Step], main: Why | None, now: Millis, timezone: str
) -> Incident:
    """Open an incident. Without evidence, when changed settings alone make a domain fail."""
    it = _newer(health, steps, main, timezone) or _known(health, domain, main, now, timezone)
    return Incident(
        id=f"{domain.id}-{now}",
        maildomain=domain.key,
        customer=domain.customer,
        opened=now,
        cause=it.cause,
        reason=it.reason,
        evidence=_after_maintenance(health, it.sent) + it.text,
        testid=it.testid,
        sent=it.sent,
        exceeded=health.exceeded,
        provider=health.provider,
        due=now,
    )


def _again(opened: Incident, before: DomainHealth) -> Incident:
    """Make a failure soon after people heard of a recovery the same incident again, unless it was accepted as it is."""
    last = incidents.get(before.last_incident) if before.fell_from else None
    if last is None or last.closed is None or opened.opened - last.closed >= RELAPSE or last.notified is None:
        return opened
    if last.customer != opened.customer:
        return opened
    return replace(opened, again_of=last.thread, first_opened=last.began)


def _known(health: DomainHealth, domain: MailDomain, main: Why | None, now: Millis, timezone: str) -> Evidence:
    """Word the newest bad test that was folded before: a test that is still out may have tipped the scales."""
    if not (bad := _bad(health)):
        return Evidence()
    tests = [test for test in mailtests.of_domain(domain.key, bad[-1].sendtime) if test.sendtime == bad[-1].sendtime]
    if not tests:
        cause, reason = main or Why()
        return Evidence(sent=bad[-1].sendtime, cause=cause, reason=reason)
    return _of(tests[0], classify(tests[0], now), timezone, main)


def _after_maintenance(health: DomainHealth, sent: Millis) -> str:
    """Say that the last test before this one was bad as well, and fell into maintenance."""
    before = [test for test in health.recent if test.sendtime < sent and test.verdict is not Verdict.UNSENT]
    still = before and before[-1].quiet and before[-1].verdict is not Verdict.ONTIME
    return "Still failing after maintenance. " if still else ""


def _back(incident: str, main: Why | None, steps: Sequence[Step], timezone: str) -> Evidence | None:
    """Word a test that came back after all: the one that the incident shows, or one with the cause that most now have.

    `main` is None if the incident is over. A test that was on time, and was looked at late, does not change the cause.
    """
    returned = {step.test.testid: step for step in steps if step.test.counted.missed and not step.verdict.missed}
    if not returned or not (known := incidents.get(incident)):
        return None
    if step := returned.get(known.testid):
        as_told = Why(known.cause, known.reason) if step.verdict is Verdict.ONTIME else None
        return _of(step.test, step.verdict, timezone, main or as_told)
    if main is None or main == Why(known.cause, known.reason):
        return None
    like = (step for step in returned.values() if why(step.test, step.verdict).cause is main.cause)
    step = next(like, None)
    return _of(step.test, step.verdict, timezone, main) if step else None
