"""Tests as they are found: by what needs attention, and by domain."""

from collections.abc import Sequence

import pytest

from mxtrax.model import SECOND, Kind, MailTest
from mxtrax.rules.schedule import shard_of
from mxtrax.store import mailtests
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


def test_what_needs_attention_is_read_as_it_is_now(sent: Sequence[str]) -> None:
    """In the order in which it became due; a test that was folded since the index was read is left alone."""
    mailtests.returned(sent[5], START + 9 * SECOND, Kind.MESSAGE, "mail", None)
    mailtests.returned(sent[3], START + 10 * SECOND, Kind.MESSAGE, "mail", None)
    due = mailtests.due(SHARD, START + 20 * SECOND, 500)
    assert due == [sent[5], sent[3]]
    assert mailtests.still_due(due, START + 9 * SECOND)[0].receivetime == START + 9 * SECOND
    assert _ids(mailtests.still_due(due, START + 20 * SECOND)) == due
    assert mailtests.still_due([*due, "gone", sent[7]], START) == []
