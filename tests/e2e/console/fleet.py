"""A fleet with a history for the console: every status, every verdict, and malicious names."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from mxtrax.model.fleet import Customer, MailDomain, Scope, Window
from mxtrax.model.health import DomainHealth, Recent, Stat, State, WindowCounts
from mxtrax.model.incident import Incident
from mxtrax.model.moments import DAY, HOUR, MINUTE, SECOND, Millis
from mxtrax.model.test import Cause, Kind, MailTest, SmtpReply, Verdict
from mxtrax.model.trace import Hop, MessageTrace
from mxtrax.rules import status, vitals
from mxtrax.rules.statistics import sum_of
from mxtrax.rules.testid import mint
from mxtrax.store import customers, fleet, mailtests, mapping, rollups, runtime, stats, windows
from mxtrax.store.tables import MailDomainRow
from tests.e2e.console import past

HOSTILE: Final = '<img src=x onerror="document.title=1">'
"""The name of an attacker who wants it to be read as HTML."""

BOUNCE: Final = 'smtp; 550 5.1.1 <b onmouseover=alert(1)>no such user</b> <script>document.title="owned"</script>'
STEP: Final = 15 * MINUTE
KEPT: Final = 26
"""The default number of tests with records of their own."""

HOSTILE_HEADERS: Final = f"""Return-Path: <mxtrax@orchard.example>
Received: from mx.orchard.example (<script>alert(1)</script>) by inbound-smtp.eu-west-1.amazonaws.com
Subject: {HOSTILE}
X-Very-Long: {"a-word-without-an-end" * 20}"""


@dataclass(frozen=True)
class Sort:
    """How the domains of a customer behave: their state, and the verdicts of their last tests, the newest last."""

    name: str
    state: State
    last: str
    cause: Cause | None = None
    seconds: float = 3.0
    maintmode: bool = False
    kept: int = KEPT


SORTS: Final = (
    Sort("harbour", State.OK, "o" * 60),
    Sort("meadow", State.OK, "o" * 40 + "l" + "o" * 19, Cause.SLOW_INSIDE, 9.0),
    Sort("quarry", State.FAILING, "o" * 44 + "l" * 16, Cause.SLOW_INSIDE, 40.0, kept=60),
    Sort("lighthouse", State.FAILING, "o" * 50 + "f" * 2 + "v" * 8, Cause.REFUSED),
    Sort("foundry", State.FAILING, "o" * 55 + "vvvvp", Cause.ACCEPTED_THEN_LOST),
    Sort("orchard", State.OK, "o" * 58 + "lp", Cause.DEFERRED, 20.0),
    Sort("newcomer", State.SETUP, ""),
    Sort("paused", State.OK, "o" * 30, maintmode=True),
)
VERDICTS: Final = {
    "o": Verdict.ONTIME,
    "l": Verdict.LATE,
    "f": Verdict.FAILED,
    "v": Verdict.OVERDUE,
    "p": Verdict.PENDING,
}


def people(now: Millis, *, days: int = 45, harmless: bool = False) -> list[MailDomain]:
    """Create the fleet with its history."""
    rng = random.Random(7)  # noqa: S311 -- the same past each time
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    customers.add(Customer(codename="lantern", friendlyname="Lantern Works" if harmless else HOSTILE))
    wanted = [
        MailDomain(
            id=0,
            testuser="mxtrax",
            domainname=f"{sort.name}.example",
            customer="lantern" if sort.name == "lighthouse" else "acme",
            maintmode=sort.maintmode,
            tags=frozenset({"vip"} if sort.name in {"quarry", "harbour"} else ()),
        )
        for sort in SORTS
    ]
    added = fleet.add(wanted)
    for domain, sort in zip(added, SORTS, strict=True):
        _past(domain, sort, now, days, rng)
    _patches(now)
    _add_up(added, now, days)
    for job in (*vitals.HEARTBEATS, vitals.WELL):
        runtime.heartbeat(job, now - 20 * SECOND)
    return added


def _add_up(added: Sequence[MailDomain], now: Millis, days: int) -> None:
    """Add the days up, as the job does each hour; it would begin with those that may still change."""
    today = datetime.fromtimestamp(now / SECOND, UTC).date()
    first = today - timedelta(days=days)
    sums = dict[str, list[Stat]]()
    for domain in added:
        for day in stats.of_domain(domain.key, first, today):
            for group in (rollups.FLEET, rollups.of_customer(domain.customer)):
                sums.setdefault(f"{group}/{day.d}", []).append(day)
    found = [sum_of(them, *name.rsplit("/", 1)) for name, them in sums.items()]
    rollups.save(found)
    rollups.keep_recent(found, (today - timedelta(days=rollups.RECENT_DAYS - 1)).isoformat(), today.isoformat())


def _past(domain: MailDomain, sort: Sort, now: Millis, days: int, rng: random.Random) -> None:
    if not sort.last:
        return
    recent = _recent(sort, now, rng)
    bad = next((test for test in reversed(recent) if test.cause), None)
    kept = recent[-sort.kept :]
    mailtests.create([_test(domain, test) for test in kept], 90)
    for test in kept:
        _add_evidence(domain, _test(domain, test), test)
    health = DomainHealth(
        maildomain=domain.key,
        state=sort.state,
        since=recent[0].sendtime if sort.state is State.OK else now - 3 * HOUR,
        window_counts={now // HOUR: _counts(recent)},
        recent=tuple(recent),
        retest=int(sort.name == "orchard"),
        trouble_from=now - 3 * HOUR if sort.state is State.FAILING else 0,
        exceeded=_exceeded(sort),
        provider="mail.example.net",
        version=1,
    )
    if bad and sort.state is State.FAILING:
        health = replace(health, incident=_incident(domain, bad, _exceeded(sort), now))
    mapping.health_row(health).save()
    rank = status.urgency(health, maintmode=domain.maintmode)
    MailDomainRow(domain.key).update(
        actions=[MailDomainRow.urgency.set(rank), MailDomainRow.status.set(status.word_of(rank))]
    )
    for day in past.days(domain, sort.seconds, now, days, rng):
        mapping.stat_row(day).save()


def _counts(recent: Sequence[Recent]) -> WindowCounts:
    back = [test for test in recent if test.took is not None]
    late = sum(test.verdict is Verdict.LATE for test in back)
    missed = sum(test.verdict in (Verdict.OVERDUE, Verdict.FAILED) for test in recent)
    return WindowCounts(ontime=len(back) - late, late=late, missed=missed, took=sum(test.took or 0 for test in back))


def _recent(sort: Sort, now: Millis, rng: random.Random) -> list[Recent]:
    found, newest = [], now - (10 * SECOND if sort.last[-1] in "op" else 8 * MINUTE)
    for place, letter in enumerate(sort.last):
        verdict = VERDICTS[letter]
        sent = newest - (len(sort.last) - 1 - place) * STEP
        took = round(sort.seconds * SECOND * rng.uniform(0.5, 1.5))
        took = took + 300 * SECOND if verdict is Verdict.LATE else took
        cause = sort.cause if verdict not in (Verdict.ONTIME, Verdict.PENDING) else None
        found.append(Recent(sent, verdict, took if verdict in (Verdict.ONTIME, Verdict.LATE) else None, cause))
    return found


def _test(domain: MailDomain, it: Recent) -> MailTest:
    return MailTest(
        testid=mint(b"s" * 32, domain.key, str(it.sendtime)),
        maildomain=domain.key,
        sendtime=it.sendtime,
        maxreturntime=300,
        max_sec_until_fail=86_400,
    )


def _add_evidence(domain: MailDomain, test: MailTest, it: Recent) -> None:
    mailtests.accepted({test.testid: f"ses-{test.testid}"}, test.sendtime + 180)
    if it.cause is Cause.REFUSED:
        said = SmtpReply(at=test.sendtime + 900, text=BOUNCE, status="5.1.1", cause=Cause.REFUSED)
        mailtests.heard(test.testid, "refused", said)
    elif it.verdict is not Verdict.PENDING:
        said = SmtpReply(at=test.sendtime + 1_100, text="250 2.0.0 Ok: queued as 4Xk2Tq6ZrVz1", server="mx.example.net")
        mailtests.heard(test.testid, "delivered", said)
    if it.took is not None:
        back = test.sendtime + it.took
        found = _trace(domain, test, it)
        found, via = _trace(domain, test, it), "mx.example.net"
        mailtests.returned(test.testid, back, Kind.MESSAGE, f"in-{test.testid}", back - 700, via=via, trace=found)


def _trace(domain: MailDomain, test: MailTest, it: Recent) -> MessageTrace:
    """Write a test's trace: out by SES, in by two of their servers, the second with a clock that is behind, and back."""
    hostile = domain.domainname == "orchard.example"
    sent, back = test.sendtime, test.sendtime + (it.took or 0)
    hops = (
        Hop(by="a4-12.smtp-out.eu-west-1.amazonses.com", protocol="ESMTP", time=sent),
        Hop(
            from_="a4-12.smtp-out.eu-west-1.amazonses.com",
            by="mx.example.net",
            protocol="ESMTPS",
            tls=True,
            time=sent + SECOND,
        ),
        Hop(
            from_="mx.example.net",
            by=HOSTILE if hostile else "store.example.net",
            protocol="LMTP",
            time=sent - 4 * SECOND,
        ),
        Hop(from_="unknown", by="relay.example.net", protocol="ESMTPSA", tls=True),
        Hop(from_="mx.example.net", by="inbound-smtp.eu-west-1.amazonaws.com", protocol="ESMTPS", tls=True, time=back),
    )
    return MessageTrace(
        hops=hops,
        verdicts={"spf": "fail", "dkim": "pass", "dmarc": "pass", "spam": "gray", "virus": "pass"},
        dkim_body="changed" if hostile else "intact",
        subject_before="[<b>EXTERNAL</b>]" if hostile else "",
        footer=f"Scanned by {HOSTILE}" if hostile else "",
        headers="" if it.verdict is Verdict.ONTIME else HOSTILE_HEADERS if hostile else _headers(domain, test),
    )


def _headers(domain: MailDomain, test: MailTest) -> str:
    return f"""Return-Path: <{domain.address}>
Received: from mx.example.net by inbound-smtp.eu-west-1.amazonaws.com with ESMTPS
Received: from unknown by relay.example.net with ESMTPSA
Received: from mx.example.net by store.example.net with LMTP
From: mxtrax@monitor.example.net
To: {domain.address}
Subject: MXTRAX {test.testid}
Message-ID: <{test.testid}@monitor.example.net>
Auto-Submitted: auto-generated"""


def _patches(now: Millis) -> None:
    day = datetime.fromtimestamp(now / SECOND, UTC).date() - timedelta(days=past.PATCHED)
    start, end = f"{day}T22:00", f"{day + timedelta(days=1)}T00:00"
    windows.save(Window(id="patches", scope=Scope.CUSTOMER, target="acme", start=start, end=end, note="New disks"))


def _exceeded(sort: Sort) -> tuple[str, ...]:
    if sort.state is not State.FAILING:
        return ()
    kind = "late" if "l" in sort.last else "fail"
    return f"max{kind}number", f"max{kind}percentage"


def _incident(domain: MailDomain, bad: Recent, exceeded: tuple[str, ...], now: Millis) -> str:
    number = f"incident-{domain.id}"
    text = {
        Cause.REFUSED: f"Their server refused it: {BOUNCE}.",
        Cause.SLOW_INSIDE: "It came back late, after 5 min 38 s (limit 5 min); 5 min 34 s of that inside their system.",
    }.get(bad.cause or Cause.NO_WORD, "Their server took it. Nothing has come back since.")
    it = Incident(
        id=number,
        maildomain=domain.key,
        opened=now - 3 * HOUR,
        customer=domain.customer,
        cause=bad.cause,
        evidence=text,
        exceeded=exceeded,
        testid=_test(domain, bad).testid,
        sent=bad.sendtime,
        notified=now - 3 * HOUR + MINUTE,
        due=now + HOUR,
    )
    opened = now - 9 * DAY
    over = replace(it, id=f"{number}-before", opened=opened, notified=opened + MINUTE, closed=opened + 2 * HOUR)
    over = replace(over, due=None, testid="")
    for each in (it, over):
        mapping.incident_row(each).save()
    return number
