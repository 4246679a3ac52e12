"""Testing whether an alert would arrive."""

from tests.cli.operator import Operator


def test_each_channel_takes_a_failing_and_a_recovery(operator: Operator) -> None:
    """People by mail, machines by SNS; nothing is recorded as notified."""
    operator.does("config", "set", "alertuser=a@ops.example,b@ops.example")
    taken = operator.reads("test-alert")
    assert {(it["notice"], it["problem"]) for it in taken} == {("opened", ""), ("closed", "")}
    assert len(taken) == 6
    assert sorted(sent.to for sent in operator.it.outbox) == ["a@ops.example"] * 2 + ["b@ops.example"] * 2
    assert not operator.reads("incidents")


def test_a_channel_that_does_not_take_it_is_a_no(operator: Operator) -> None:
    """With what it said."""
    operator.does("config", "set", "sendinguser=")
    result = operator.says("test-alert")
    assert result.exit_code == 1
    assert "sendinguser is not set" in result.stdout
