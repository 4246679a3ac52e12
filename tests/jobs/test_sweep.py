"""The sweep: what receive has missed is accounted for, and no mail can keep it from the others."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import boto3
import pytest

from mxtrax import mail
from mxtrax.errors import TryAgain
from mxtrax.jobs import receive, sweep
from mxtrax.model import MINUTE, SECOND, Millis, Return
from mxtrax.store import mailtests
from tests.stage import Sent, Stage

HOSTILE = b"Subject: hostile\r\n\r\nThis takes for ever to read.\r\n"
MINUTES = MINUTE // SECOND


class Killed(BaseException):
    """Lambda ends a function whose time is over."""


def hostile_mails(strike: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Let hostile mails strike when they are read; give all mails that are read."""
    read, seen = mail.read, list[bytes]()

    def reading(raw: bytes, *more: Any, **named: Any) -> Return:
        seen.append(raw)
        if raw.startswith(b"Subject: hostile"):
            strike()
        return read(raw, *more, **named)

    monkeypatch.setattr(mail, "read", reading)
    return seen


def killed() -> None:
    """End the function."""
    raise Killed


def broken() -> None:
    """Fail as a reader with a fault would."""
    raise ZeroDivisionError


def missed(it: Stage, tests: int) -> list[Sent]:
    """Send tests, bring them back without a word to receive, and let enough time pass for the sweep."""
    it.domain()
    sent = list[Sent]()
    while len(sent) < tests:
        sent += it.tick()
        it.wait(60)
    for each in sent:
        it.arrive(each.raw)
    it.wait(10 * MINUTES)
    return sent


def swept_or_killed(it: Stage) -> dict[str, int] | None:
    """Run a sweep; None if it was killed."""
    try:
        return it.sweep()
    except Killed:
        return None


def test_what_receive_never_heard_of_is_found(it: Stage) -> None:
    """A mail whose receive never ran is accounted for once it is old enough, by the time at which it came in."""
    it.domain()
    (sent,) = it.tick()
    it.wait(2)
    it.arrive(sent.raw)
    came_in = it.now
    it.wait(10 * MINUTES - 1)
    assert it.sweep() == {"swept": 0, "failed": 0}
    it.wait(1)
    assert it.sweep() == {"swept": 1, "failed": 0}
    assert it.test(sent).receivetime == came_in
    assert it.inbox() == []
    assert it.sweep() == {"swept": 0, "failed": 0}


def test_a_mail_that_ends_the_sweep_ends_the_next_one_last(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile mail that kills every worker costs one sweep the rest of its time; the next does all others first."""
    boto3.client("s3").put_object(Bucket="inbox", Key="inbox/a-hostile", Body=HOSTILE)  # listed before all others
    sent = missed(it, 3)
    hostile_mails(killed, monkeypatch)
    assert swept_or_killed(it) is None
    assert len(it.inbox()) == 4
    it.wait(5 * MINUTES)
    assert swept_or_killed(it) is None
    assert [it.test(each).receivetime is not None for each in sent] == [True] * 3
    assert it.inbox() == ["inbox/a-hostile"]


def test_a_mail_that_ends_sweep_after_sweep_is_set_aside(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried some times, ever more rarely, and then kept unread for people to look at."""
    it.arrive(HOSTILE)
    tried = hostile_mails(killed, monkeypatch)
    tries = list[Millis]()
    for _ in range(0, 4 * 60, 5):
        it.wait(5 * MINUTES)
        before = len(tried)
        swept_or_killed(it)
        tries += [it.now] * (len(tried) - before)
    assert len(tries) == sweep.MOST_SWEEPS_ENDED
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == sorted(waits)
    assert it.inbox() == []
    (key,) = it.inbox("unmatched/")
    head = boto3.client("s3").head_object(Bucket="inbox", Key=key)
    assert head["Metadata"] == {"why": receive.UNREAD}


def test_what_fails_for_a_day_is_set_aside_whatever_the_storm(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault may be ours: every sweep tries again, so that all is well soon after it; and at last nothing is lost."""
    monkeypatch.setattr(receive, "MOST_UNMATCHED", 0)
    it.arrive(HOSTILE)
    tried = hostile_mails(broken, monkeypatch)
    it.wait(10 * MINUTES)
    for number in range(1, 4):
        assert it.sweep() == {"swept": 0, "failed": 1}
        assert len(tried) == number
        it.wait(5 * MINUTES)
    it.wait(86_400 - 25 * MINUTES)
    assert it.sweep() == {"swept": 1, "failed": 0}
    assert (it.inbox(), len(it.inbox("unmatched/"))) == ([], 1)


def test_a_fault_of_ours_that_is_over_leaves_nothing_behind(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long every mail failed, within a day, the first sweep afterwards accounts for all."""
    sent = missed(it, 3)
    with monkeypatch.context() as patch:
        patch.setattr(mailtests, "returned", lambda *_: broken())
        for _ in range(20):
            assert it.sweep() == {"swept": 0, "failed": 3}
            it.wait(15 * MINUTES)
    assert it.sweep() == {"swept": 3, "failed": 0}
    assert all(it.test(each).receivetime for each in sent)


def test_a_reader_that_fails_does_not_end_the_sweep(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What raises at one mail is counted, and the mails behind it have their turn."""
    boto3.client("s3").put_object(Bucket="inbox", Key="inbox/a-hostile", Body=HOSTILE)
    (sent,) = missed(it, 1)
    hostile_mails(broken, monkeypatch)
    assert it.sweep() == {"swept": 1, "failed": 1}
    assert it.test(sent).receivetime is not None


def test_a_sweep_without_time_left_leaves_the_rest_to_the_next(it: Stage) -> None:
    """No mail is begun without enough time; the next sweep continues with those that are left."""
    missed(it, 3)
    time_left = iter((True, True, False))
    assert sweep.run(it.now, it.settings, lambda: next(time_left)) == {"swept": 2, "failed": 0}
    assert it.sweep() == {"swept": 1, "failed": 0}


def test_a_mail_that_has_to_wait_stays_and_is_tried_again(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary fault is not the mail's fault: it stays, and the next sweep accounts for it."""
    (sent,) = missed(it, 1)

    def busy(*_: object) -> None:
        raise TryAgain("too busy")

    with monkeypatch.context() as patch:
        patch.setattr(mailtests, "returned", busy)
        assert it.sweep() == {"swept": 0, "failed": 1}
    assert len(it.inbox()) == 1
    it.wait(5 * MINUTES)
    assert it.sweep() == {"swept": 1, "failed": 0}
    assert it.test(sent).receivetime is not None


def test_a_hostile_mail_does_not_stop_receive(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call for a hostile mail is ended; the next call accounts for the next mail."""
    it.domain()
    (sent,) = it.tick()
    hostile_mails(killed, monkeypatch)
    with pytest.raises(Killed):
        receive.run(it.arrive(HOSTILE), it.now, it.settings)
    assert it.comes_back(sent) == "MailReturned"
