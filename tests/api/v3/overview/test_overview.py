"""The whole fleet at a glance."""

from dataclasses import replace

import pytest

from mxtrax.model import Cause, DomainHealth, MailDomain, Recent, State, Verdict
from mxtrax.rules.statistics import bucket_of
from mxtrax.store import fleet
from tests.api.client import HOME, NOW, Client
from tests.api.stored import add_stat, put_health


@pytest.mark.usefixtures("seven")
def test_the_overview_counts_and_shows_the_worst(client: Client) -> None:
    """One call: how many domains have each status, and the first of them with their customer's name."""
    shown = client.get("/api/v3/overview?limit=2").json
    assert shown["counts"] == {"down": 2, "slow": 0, "suspect": 1, "setup": 2, "ok": 1, "paused": 1, "total": 7}
    assert [it["status"] for it in shown["items"]] == ["down", "down"]
    assert {it["friendlyname"] for it in shown["items"]} == {"Acme Ltd", None}
    assert client.get("/api/v3/overview?customer=acme").json["counts"]["total"] == 2


def test_a_row_of_the_overview_tells_why(client: Client) -> None:
    """The last bad test's cause in words, the last test, and the 95th percentile."""
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    tests = [Recent(NOW + n, Verdict.ONTIME, n * 1_000) for n in range(1, 21)]
    tests.append(Recent(NOW + 30, Verdict.OVERDUE, None, Cause.NO_WORD))
    put_health(DomainHealth(maildomain=domain.key, state=State.OK, recent=tuple(tests)))
    (row,) = client.get("/api/v3/overview").json["items"]
    assert (row["cause"], row["why"]) == ("no_word", "no server reports anything")
    assert (row["last"]["verdict"], row["p95"], len(row["recent"])) == ("overdue", 19.0, 21)


def test_the_overview_tells_the_time_and_the_pace(client: Client) -> None:
    """Relative times can be shown without a clock of one's own."""
    shown = replace(client, now=NOW + 5).get("/api/v3/overview").json
    assert (shown["now"], shown["interval_minutes"]) == ("2025-11-22T12:00:00.005Z", 15)


def test_no_time_that_95_of_100_keep_is_above_the_longest(client: Client) -> None:
    """Neither in the overview, nor in the figures of a day, where times are kept in buckets."""
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    took = 48_900  # ms: the middle of its bucket is above it
    known = DomainHealth(maildomain=domain.key, state=State.OK, recent=(Recent(NOW, Verdict.ONTIME, took),))
    put_health(known)
    times = {"min_delivery_time": took, "max_delivery_time": took, "histogram": {bucket_of(took): 1}}
    add_stat(domain, "2025-11-22", ontime_num=1, total_num=1, **times)
    assert client.get("/api/v3/overview").json["items"][0]["p95"] == 48.9
    (day,) = client.get(f"{HOME}/{domain.id}/stats?from=2025-11-22").json["days"]
    assert [day[f"p{q}_delivery_time"] for q in (50, 95, 99)] == [48.9] * 3
