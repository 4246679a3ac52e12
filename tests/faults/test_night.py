"""Whatever job is off, fails or is throttled: health, an alarm of the stack and the outside switch notice it."""

import pytest

from mxtrax.jobs import send
from mxtrax.rules import vitals
from mxtrax.store import fleet
from tests.faults.night import Mode, Night, night, notice
from tests.stack import Stack

EVERYBODY = {"health": True, "alarm": True, "switch": True}
NOBODY = dict.fromkeys(EVERYBODY, False)


def _seen(it: Night) -> dict[str, bool]:
    return {"health": it.health()[0] == 503, "alarm": bool(it.ringing()), "switch": it.switch_rings()}


@pytest.mark.parametrize(
    ("job", "mode"),
    [
        ("plan", "off"),
        ("send", "raises"),
        ("aggregate", "throttled"),
        ("alert", "off"),
        ("watch", "off"),
        ("receive", "raises"),
    ],
)
def test_a_job_that_does_not_do_its_work_is_noticed(job: str, mode: Mode) -> None:
    """By all three; and when it works again, all three say so. All jobs in all ways: `make faults`."""
    with night(["one"]) as it:
        it.minutes(4)
        assert _seen(it) == NOBODY, (it.health(), it.ringing())
        assert notice(it, job, mode) == EVERYBODY, (it.health(), it.ringing())
        del it.broken[job]
        it.minutes(9)
        assert (it.health()[0], it.switch_rings()) == (200, False), it.health()
        assert it.ringing() <= {f"{job.capitalize()}DeadLetters"}


def test_on_a_stack_without_domains_and_without_a_loop_nothing_rings() -> None:
    """Nothing is due, and each job has a round all the same."""
    with night(own_loop="") as it:
        it.minutes(8)
        assert not list(fleet.everyone())
        assert _seen(it) == NOBODY, (it.health(), it.ringing())


def _take_nothing(it: Night) -> None:
    """Let SES refuse every test: our account is paused, say."""
    it.unverified = frozenset(domain.address for domain in fleet.everyone())


def test_tests_that_nobody_takes_are_noticed() -> None:
    """Each job runs and succeeds, and no work is done."""
    with night(["one"]) as it:
        it.minutes(4)
        _take_nothing(it)
        it.minutes(10)
        assert _seen(it) == EVERYBODY, (it.health(), it.ringing())


def test_a_heartbeat_that_lies_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """If send claims work that it did not do, this suite shows that only our own loop notices."""
    lying = send.run

    def run(*more: object) -> object:
        send._round_is_done(more[1]())  # type: ignore[operator]
        return lying(*more)  # type: ignore[arg-type]

    monkeypatch.setattr(send, "run", run)
    with night(["one"], own_loop="") as it:
        it.minutes(4)
        _take_nothing(it)
        it.minutes(10)
        assert _seen(it) == NOBODY


def test_an_alarm_that_is_gone_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where alert is off, one alarm alone rings: without it, this suite sees that none does."""
    kept = {name: it for name, it in Stack().alarms().items() if name != "AlertSilent"}
    with night(["one"]) as it:
        it.minutes(4)
        assert notice(it, "alert", "off") == EVERYBODY
        assert it.ringing() == {"AlertSilent"}
        monkeypatch.setattr(Stack, "alarms", lambda _: kept)
        assert not it.ringing()


def test_people_are_told_of_it() -> None:
    """By alert, as long as it is not the one that fails."""
    with night(["one"]) as it:
        it.minutes(4)
        it.broken["send"] = "off"
        it.minutes(8)
        assert vitals.ID in {told.incident.partition("-")[0] for told in it.told if told.channel == "topic"}
