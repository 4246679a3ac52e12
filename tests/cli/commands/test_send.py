"""One test by hand, followed until it is back."""

from collections.abc import Callable

from tests.cli.operator import Operator


def test_one_test_is_followed_until_it_is_back(operator: Operator, meanwhile: Callable[..., None]) -> None:
    """Each leg is shown when it is known; on time gives exit code 0."""
    it = operator.it
    it.domain()
    meanwhile(lambda: it.delivered(it.outbox[0]), lambda: it.comes_back(it.outbox[0]))
    lines = operator.does("send", "customer.example").splitlines()
    assert [line.split("  ")[1].partition(" (")[0] for line in lines[:-1]] == [
        "sent",
        "accepted by SES",
        "accepted by their server",
        "back in our inbox",
    ]
    assert lines[-1].startswith("ontime: It came back at 2026-11-22 10:00:01")


def test_a_test_that_does_not_come_back_in_time_is_a_no(operator: Operator, meanwhile: Callable[..., None]) -> None:
    """It is followed until it would be late, or as long as --wait says."""
    operator.it.domain(maxreturntime=20)
    meanwhile()
    result = operator.says("send", "customer.example")
    assert result.exit_code == 1
    assert "overdue: Sent at 2026-11-22 10:00:00; no server has answered yet." in result.stdout
    result = operator.says("send", "customer.example", "--wait", "5")
    assert result.stdout.splitlines()[-1].startswith("pending: ")


def test_a_refusal_ends_the_wait(operator: Operator, meanwhile: Callable[..., None]) -> None:
    """With the server's own words."""
    it = operator.it
    it.domain()
    meanwhile(lambda: it.refused(it.outbox[0]))
    result = operator.says("send", "customer.example", "--json")
    assert result.exit_code == 1
    assert '"cause": "refused"' in result.stdout
    assert "no such user here" in result.stdout


def test_two_tests_by_hand_are_two_tests(operator: Operator, meanwhile: Callable[..., None]) -> None:
    """And neither is the one that the schedule plans for the same minute."""
    it = operator.it
    it.domain()
    meanwhile()
    operator.says("send", "customer.example", "--wait", "1")
    operator.says("send", "customer.example", "--wait", "1")
    it.tick()
    assert len({sent.testid for sent in it.outbox}) == 3


def test_without_a_sender_nothing_is_sent(operator: Operator) -> None:
    """The sentence says how to set it."""
    operator.it.domain()
    operator.does("config", "set", "sendinguser=")
    result = operator.says("send", "customer.example")
    assert result.exit_code == 2
    assert "mxtrax config set sendinguser=ADDRESS" in result.stderr
