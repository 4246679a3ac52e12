"""A fleet with a past, as the console shows it: every place, every verdict, and names that are meant to do harm."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from mxtrax import ranks
from mxtrax.model import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Answer,
    Cause,
    Counts,
    Customer,
    Incident,
    Kind,
    MailDomain,
    MailTest,
    Millis,
    Recent,
    Standing,
    Stat,
    State,
    Verdict,
)
from mxtrax.store import fleet, mailtests, shapes
from mxtrax.store import settings as stored
from mxtrax.store.rows import MailDomainRow
from mxtrax.tally import bucket_of
from mxtrax.testid import mint

HOSTILE: Final = '<img src=x onerror="document.title=1">'
"""What somebody calls himself who would like to see his name read as HTML."""

BOUNCE: Final = 'smtp; 550 5.1.1 <b onmouseover=alert(1)>no such user</b> <script>document.title="owned"</script>'
STEP: Final = 15 * MINUTE
KEPT: Final = 26
"""Tests whose single records are there."""


@dataclass(frozen=True)
class Sort:
    """How the domains of a customer behave: their state, and the verdicts of their last tests, the newest last."""

    name: str
    state: State
    last: str
    cause: Cause | None = None
    seconds: float = 3.0
    maintmode: bool = False


SORTS: Final = (
    Sort("harbour", State.OK, "o" * 60),
    Sort("meadow", State.OK, "o" * 40 + "l" + "o" * 19, Cause.SLOW_INSIDE, 9.0),
    Sort("quarry", State.FAILING, "o" * 44 + "l" * 16, Cause.SLOW_INSIDE, 40.0),
    Sort("lighthouse", State.FAILING, "o" * 50 + "f" * 2 + "v" * 8, Cause.REFUSED),
    Sort("foundry", State.FAILING, "o" * 55 + "vvvvp", Cause.ACCEPTED_THEN_LOST),
    Sort("orchard", State.OK, "o" * 58 + "lp", Cause.DEFERRED, 20.0),
    Sort("newcomer", State.NEW, ""),
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
    """Bring in the fleet with its past."""
    rng = random.Random(7)  # noqa: S311 -- the same past each time
    fleet.add_customer(Customer(codename="acme", friendlyname="Acme Ltd"))
    fleet.add_customer(Customer(codename="lantern", friendlyname="Lantern Works" if harmless else HOSTILE))
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
    for job in ("plan", "aggregate", "alert"):
        stored.beat(job, now - 20 * SECOND)
    return added


def _past(domain: MailDomain, sort: Sort, now: Millis, days: int, rng: random.Random) -> None:
    if not sort.last:
        return
    recent = _recent(sort, now, rng)
    bad = next((test for test in reversed(recent) if test.cause), None)
    kept = recent[-KEPT:]
    mailtests.create([_test(domain, test) for test in kept], 90)
    for test in kept:
        _add_evidence(_test(domain, test), test)
    standing = Standing(
        maildomain=domain.key,
        state=sort.state,
        since=recent[0].sendtime if sort.state is State.OK else now - 3 * HOUR,
        slate={
            now // HOUR: Counts(ontime=80, late=sort.last.count("l"), missed=sort.last.count("v"), took=80 * 3 * SECOND)
        },
        recent=tuple(recent),
        retest=sort.name == "orchard",
        exceeded=("maxfailnumber", "maxfailpercentage") if sort.state is State.FAILING else (),
        operator="mail.example.net",
        version=1,
    )
    if bad and sort.state is State.FAILING:
        standing = replace(standing, incident=_incident(domain, bad, now))
    shapes.standing_row(standing).save()
    rank = ranks.rank(standing, maintmode=domain.maintmode)
    MailDomainRow(domain.key).update(actions=[MailDomainRow.rank.set(rank), MailDomainRow.place.set(ranks.name(rank))])
    for day in _days(domain, sort, now, days, rng):
        shapes.stat_row(day).save()


def _recent(sort: Sort, now: Millis, rng: random.Random) -> list[Recent]:
    found = []
    for place, letter in enumerate(sort.last):
        verdict = VERDICTS[letter]
        sent = now - (len(sort.last) - 1 - place) * STEP - 10 * SECOND
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


def _add_evidence(test: MailTest, it: Recent) -> None:
    mailtests.accepted({test.testid: f"ses-{test.testid}"}, test.sendtime + 180)
    if it.cause is Cause.REFUSED:
        said = Answer(at=test.sendtime + 900, text=BOUNCE, status="5.1.1", cause=Cause.REFUSED)
        mailtests.heard(test.testid, "refused", said)
    elif it.verdict is not Verdict.PENDING:
        said = Answer(at=test.sendtime + 1_100, text="250 2.0.0 Ok: queued as 4Xk2Tq6ZrVz1", server="mx.example.net")
        mailtests.heard(test.testid, "delivered", said)
    if it.took is not None:
        back = test.sendtime + it.took
        mailtests.returned(test.testid, back, Kind.MESSAGE, f"in-{test.testid}", back - 700, via="mx.example.net")


def _incident(domain: MailDomain, bad: Recent, now: Millis) -> str:
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
        exceeded=("maxfailnumber",),
        testid=_test(domain, bad).testid,
        sent=bad.sendtime,
        announced=now - 3 * HOUR + MINUTE,
        due=now + HOUR,
    )
    opened = now - 9 * DAY
    over = replace(it, id=f"{number}-before", opened=opened, announced=opened + MINUTE, closed=opened + 2 * HOUR)
    over = replace(over, due=None, testid="")
    for each in (it, over):
        shapes.incident_row(each).save()
    return number


def _days(domain: MailDomain, sort: Sort, now: Millis, days: int, rng: random.Random) -> Sequence[Stat]:
    today = datetime.fromtimestamp(now / SECOND, UTC).date()
    found = []
    for back in range(days, -1, -1):
        if back in (12, 13):  # nobody measured
            continue
        late = rng.choice((0, 0, 0, 1, 4)) + (20 if sort.name == "quarry" and back < 3 else 0)
        failed = rng.choice((0, 0, 0, 0, 2)) + (9 if sort.name == "lighthouse" and back < 2 else 0)
        ontime = 96 - late - failed
        times = [round(sort.seconds * SECOND * rng.uniform(0.4, 2.2)) for _ in range(ontime)]
        times += [round(rng.uniform(301, 420) * SECOND) for _ in range(late)]
        histogram: dict[int, int] = {}
        for took in times:
            histogram[bucket_of(took)] = histogram.get(bucket_of(took), 0) + 1
        found.append(
            Stat(
                maildomain=domain.key,
                d=(today - timedelta(days=back)).isoformat(),
                min_delivery_time=min(times),
                max_delivery_time=max(times),
                ontime_num=ontime,
                late_num=late,
                fail_num=failed,
                total_num=96 + (3 if back == 0 else 0),
                total_delivery_time=sum(times),
                histogram=histogram,
                version=1,
            )
        )
    return found
