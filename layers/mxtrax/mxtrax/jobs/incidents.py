"""What a fold does to the incident of its domain: it begins, gets newer evidence, or ends."""

from collections.abc import Sequence
from dataclasses import replace

from mxtrax.model import DomainHealth, Incident, MailDomain, Millis, State, Verdict
from mxtrax.report.words import zone_of
from mxtrax.rules.cause import sentence, why
from mxtrax.store import incidents
from mxtrax.store.fold import Amendment, Evidence, Step, Turn


def turned(
    before: DomainHealth, after: DomainHealth, domain: MailDomain, steps: Sequence[Step], now: Millis, timezone: str
) -> tuple[DomainHealth, Turn | None]:
    """Give the health with its incident, and what becomes of that incident in this fold."""
    evidence = _evidence(after, steps, timezone)
    failing, was_failing = after.state is State.FAILING, bool(before.incident)
    if failing and not was_failing:
        opened = _opened(after, domain, evidence, now)
        return replace(after, incident=opened.id), opened
    last = before.incident or before.last_incident
    if evidence is None or not was_failing:
        evidence = _back(last, steps, timezone)
    closed = now if was_failing and not failing else None
    if closed:
        after = replace(after, incident="", last_incident=last)
    return after, Amendment(incident=last, evidence=evidence, closed=closed) if evidence or closed else None


def _evidence(after: DomainHealth, steps: Sequence[Step], timezone: str) -> Evidence | None:
    """Word the newest bad test, where it is one of those that are being folded."""
    bad = [test for test in after.recent if test.cause and test.verdict is not Verdict.UNSENT and not test.quiet]
    newest = bad[-1].sendtime if bad else None
    step = next((step for step in steps if step.test.sendtime == newest), None)
    return _of(step, timezone) if step else None


def _of(step: Step, timezone: str) -> Evidence:
    cause, reason = why(step.test, step.verdict)
    return Evidence(
        testid=step.test.testid,
        sent=step.test.sendtime,
        cause=cause,
        reason=reason,
        text=sentence(step.test, step.verdict, zone_of(timezone)),
    )


def _opened(health: DomainHealth, domain: MailDomain, evidence: Evidence | None, now: Millis) -> Incident:
    """Open an incident. Without evidence, when changed settings alone make a domain fail."""
    it = evidence or Evidence()
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


def _after_maintenance(health: DomainHealth, sent: Millis) -> str:
    """Say that the last test before this one was bad as well, and fell into maintenance."""
    before = [test for test in health.recent if test.sendtime < sent and test.verdict is not Verdict.UNSENT]
    still = before and before[-1].quiet and before[-1].verdict is not Verdict.ONTIME
    return "Still failing after maintenance. " if still else ""


def _back(incident: str, steps: Sequence[Step], timezone: str) -> Evidence | None:
    """Word a test that has come back after all, where it is the one that the incident tells of, open or over."""
    returned = {step.test.testid: step for step in steps if step.test.counted.missed and not step.verdict.missed}
    if not returned or not (known := incidents.get(incident)):
        return None
    return _of(returned[known.testid], timezone) if known.testid in returned else None
