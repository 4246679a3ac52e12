"""Known races that were found here, each in its own test."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from mxtrax.errors import TryAgain
from mxtrax.jobs import alert, plan, send
from mxtrax.model import Cause
from mxtrax.model.orders import SendBatch
from mxtrax.store import mailtests, runtime, statements
from mxtrax.store.tables import RuntimeRow
from tests.jobs.test_send import dies_sending, waits_for_another
from tests.stage import START, Stage, stage


@pytest.fixture
def it() -> Iterator[Stage]:
    """Set the stage."""
    with stage() as set_stage:
        yield set_stage


@pytest.fixture
def batch(it: Stage) -> SendBatch:
    """Plan a batch of two tests."""
    it.domain("one.example")
    it.domain("two.example")
    plan.run(it.now, it.settings)
    (batch,) = it.batches()
    return batch


def test_heard_of_and_not_noted(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender dies before it can record what SES accepted; tests with an event meanwhile are not sent again."""
    with monkeypatch.context() as patch:
        patch.setattr(mailtests, "accepted", _killed)
        with pytest.raises(KeyboardInterrupt):
            send.run(batch, it.clock, it.settings)
    heard_of, silent = it.outbox
    it.delivered(heard_of)
    it.wait(90)
    send.run(batch, it.clock, it.settings)
    assert [sent.testid for sent in it.outbox[2:]] == [silent.testid]
    assert it.test(heard_of).sendtime == START
    assert it.test(silent).sendtime == START + 90_000


def test_two_workers_share_a_batch(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is sent by the worker that was quicker to write it, and by no other."""
    call = statements._call

    def shared(asked: Sequence[statements.Statement]) -> list[str]:
        monkeypatch.setattr(statements, "_call", call)
        first = call(asked[:1])
        with pytest.raises(TryAgain, match="1 are with another sender"):
            send.run(batch, it.clock, it.settings)
        return [*first, *call(asked[1:])]

    monkeypatch.setattr(statements, "_call", shared)
    send.run(batch, it.clock, it.settings)
    it.wait(180)
    send.run(batch, it.clock, it.settings)
    assert sorted(sent.testid for sent in it.outbox) == sorted(order.testid for order in batch.tests)


def test_tests_whose_answer_was_lost_go_out_later(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that asks again, as botocore does, finds its own tests: they wait for the batch to come again."""
    call = statements._call
    with monkeypatch.context() as patch:
        patch.setattr(statements, "_call", lambda asked: (call(asked), call(asked))[1])
        waits_for_another(it, batch, 2)
    it.wait(180)
    send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 2


def test_a_lost_take_over_waits(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that loses a take-over, even to its own first try, returns the batch: no test is orphaned."""
    dies_sending(it, batch)
    it.wait(90)
    with monkeypatch.context() as patch:
        real = mailtests.take_over
        patch.setattr(mailtests, "take_over", lambda test, now: (real(test, now), real(test, now))[1])
        waits_for_another(it, batch, 2)
    it.wait(90)
    send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 2


def test_an_order_that_makes_no_mail(it: Stage, batch: SendBatch) -> None:
    """An order of which no mail can be made is unsent, and the others of its batch go out once."""
    first, *others = batch.tests
    broken_order = replace(first, to="line\nbreak@one.example")
    send.run(replace(batch, tests=(broken_order, *others)), it.clock, it.settings)
    assert len(it.outbox) == 1
    broken = mailtests.get(first.testid)
    assert broken is not None
    assert broken.unsent is not None
    assert broken.unsent.cause is Cause.SEND_FAILED


def test_a_tick_that_was_caught_up_with(it: Stage) -> None:
    """A tick that is tried again when a later one has planned its slot plans nothing, and turns no heartbeat back."""
    it.domain()
    it.tick()
    it.wait(120)
    later = it.now
    it.tick()
    assert plan.run(later - 60_000, it.settings)["due"] == 0
    assert runtime.last_heartbeat("plan", later) == later


def test_one_tells_at_a_time(it: Stage) -> None:
    """While one worker notifies, another leaves it alone; a dead one delays others no longer than its time-out."""
    assert runtime.acquire_lease("alert", it.now, it.now + alert.LEASE)
    alert.run(it.now, it.settings)
    assert runtime.last_heartbeat("alert", it.now) is None
    it.wait(60)
    alert.run(it.now, it.settings)
    assert runtime.last_heartbeat("alert", it.now) == it.now
    assert runtime.acquire_lease("alert", it.now, it.now + alert.LEASE)


def test_an_hour_is_begun_once(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that finds a new hour begun meanwhile adds to it, and sets back neither count nor time."""
    update, calls = RuntimeRow.update, count()

    def overtaken(*given: Any, **named: Any) -> Any:
        if next(calls) == 1:
            for _ in range(3):
                runtime.count_in_hour("mails", 8)
        return update(*given, **named)

    runtime.count_in_hour("mails", 7)
    monkeypatch.setattr(RuntimeRow, "update", overtaken)
    runtime.count_in_hour("mails", 8)
    runtime.count_in_hour("mails", 7)
    assert (runtime.counted_in_hour("mails", 8), runtime.counted_in_hour("mails", 7)) == (4, 0)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
