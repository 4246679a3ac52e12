"""Tests as they are found: by what needs attention, and by domain."""

from collections.abc import Sequence

import pytest

from mxtrax.model import SECOND, Kind, MailDomain, MailTest, Millis
from mxtrax.rules.schedule import shard_of
from mxtrax.store import mailtests, tables
from tests.stage import START, Stage

KEY = "mxtrax@customer.example"
SHARD = shard_of(KEY)


@pytest.fixture
def sent(it: Stage) -> list[str]:
    """Have 130 tests of a domain under way, each sent a second after the one before."""
    tests = [
        MailTest(
            testid=f"t{number:03}",
            maildomain=KEY,
            sendtime=START + number * SECOND,
            maxreturntime=300,
            max_sec_until_fail=86_400,
        )
        for number in range(130)
    ]
    mailtests.create(tests[:100], 90)
    mailtests.create(tests[100:], 90)
    return [test.testid for test in tests]


def _ids(tests: Sequence[MailTest]) -> list[str]:
    return [test.testid for test in tests]


def test_a_domains_tests_come_the_latest_first(sent: Sequence[str]) -> None:
    """All of them, some of them, and those since a moment; more than one call gives."""
    latest = list(reversed(sent))
    assert _ids(list(mailtests.of_domain(KEY))) == latest
    assert _ids(list(mailtests.of_domain(KEY, limit=3))) == latest[:3]
    assert _ids(list(mailtests.of_domain(KEY, since=START + 120 * SECOND))) == latest[:10]


def test_pages_of_a_domains_tests_follow_each_other(sent: Sequence[str]) -> None:
    """Each is whole, and none comes twice."""
    found, after = [], ""
    while True:
        page = mailtests.page(KEY, START, START + 3_600 * SECOND, 50, after)
        found += _ids(page.items)
        if not (after := page.after):
            break
    assert found == list(reversed(sent))


def test_what_needs_attention_is_read_as_it_is_now(it: Stage, sent: Sequence[str]) -> None:
    """In the order in which it became due; what is gone or was folded since the index was read is left out."""
    mailtests.returned(sent[5], START + 9 * SECOND, Kind.MESSAGE, "mail", None)
    mailtests.returned(sent[3], START + 10 * SECOND, Kind.MESSAGE, "mail", None)
    due = mailtests.due(SHARD, START + 20 * SECOND)
    assert due == [sent[5], sent[3]]
    assert mailtests.still_open(due)[0].receivetime == START + 9 * SECOND
    assert _ids(mailtests.still_open([*due, "gone", sent[7]])) == [*due, sent[7]]
    it.wait(20)
    it.fold()
    assert _ids(mailtests.still_open([*due, "gone", sent[7]])) == [sent[7]]


def test_a_return_leaves_a_fresh_test_in_its_place(it: Stage) -> None:
    """Until somebody has looked at it: the index is not written, and the minute's fold finds it all the same."""
    domain = it.domain()
    (fresh,) = it.tick()
    (place,) = _places(domain)
    it.wait(4)
    mailtests.returned(fresh.testid, it.now, Kind.MESSAGE, "mail", None)
    assert _places(domain) == [place]
    assert mailtests.due(shard_of(domain.key), it.now) == []
    it.fold()
    assert mailtests.still_open([fresh.testid]) == []
    assert _places(domain) == []


def test_a_return_makes_a_test_due_that_somebody_has_looked_at(it: Stage) -> None:
    """Its place is where the clock next requires a look, which may be a day away."""
    domain = it.domain()
    (lost,) = it.tick()
    it.wait(200)
    it.fold()
    mailtests.returned(lost.testid, it.now, Kind.MESSAGE, "mail", None)
    assert _places(domain) == [it.now]


def _places(domain: MailDomain) -> list[Millis]:
    """Give the places of a domain's tests in the due index."""
    rows = tables.MailTestRow.due_index.query(shard_of(domain.key))
    return [int(row.due) for row in rows]
