"""Which notice of an incident is due, and what it becomes by being sent."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import HOUR, MINUTE, Cause, Incident, Millis, Notice, NoticeKind
from mxtrax.rules.notices import is_corrected, kind_for, kind_of, taken, with_news
from mxtrax.rules.reminders import Pace
from tests.unit.rules.made import START

INCIDENT = Incident(id="1-1", maildomain="mxtrax@acme.example", customer="acme", opened=START, due=START)
ALL = frozenset({"mailto:ops@example.org", "mailto:boss@example.org", "topic"})
OPS, BOSS, TOPIC = "mailto:ops@example.org", "mailto:boss@example.org", "topic"
PACE = Pace(every=HOUR)


def took(incident: Incident, by: str, wanted_by: frozenset[str], at: Millis) -> Incident:
    """Let a channel take the notice that an incident is due."""
    return taken(incident, Notice(kind=kind_for(incident, by), at=at, incident=incident), by, wanted_by, PACE)


def all_took(incident: Incident, at: Millis) -> Incident:
    """Let every channel accept it."""
    for each in sorted(ALL):
        incident = took(incident, each, ALL, at)
    return incident


def test_what_one_channel_did_not_take_goes_there_alone() -> None:
    """Somebody is notified, and it stays due with the same notice for the channel that failed."""
    partly = took(took(INCIDENT, OPS, ALL, START), TOPIC, ALL, START)
    assert (partly.notified, partly.due, partly.notified_channels) == (START, START, frozenset({OPS, TOPIC}))
    assert kind_of(partly) is NoticeKind.OPENED
    after = took(partly, BOSS, ALL, START + MINUTE)
    assert (after.notified, after.due, after.notified_channels) == (START, START + HOUR, frozenset())
    assert kind_of(after) is NoticeKind.REMINDER
    assert after.told == {OPS: START, TOPIC: START, BOSS: START + MINUTE}


def test_a_reminder_begins_anew_for_all() -> None:
    """A channel that has been failing for an hour does not block reminders to the others, nor gets one."""
    stuck = took(INCIDENT, OPS, ALL, START)
    assert with_news(stuck, PACE, START + HOUR - 1) == stuck
    anew = with_news(stuck, PACE, START + HOUR)
    assert anew is not None
    assert (anew.notified_channels, kind_of(anew)) == (frozenset(), NoticeKind.REMINDER)
    assert (kind_for(anew, OPS), kind_for(anew, BOSS)) == (NoticeKind.REMINDER, NoticeKind.OPENED)
    assert took(anew, OPS, ALL, START + HOUR).reminded == START + HOUR


def test_a_reminder_is_counted_once_however_many_take_it() -> None:
    """The next one is further away for each reminder, not for each who has read it."""
    reminded = all_took(replace(all_took(INCIDENT, START), notified_channels=frozenset()), START + HOUR)
    assert (reminded.reminders, reminded.reminded, reminded.due) == (1, START + HOUR, START + 3 * HOUR)


def test_a_reminder_that_is_soon_due_goes_along() -> None:
    """From half of its time on, it goes along with other notices; earlier it does not."""
    known = all_took(INCIDENT, START)
    assert with_news(known, PACE, START + 30 * MINUTE) is None
    assert with_news(known, PACE, START + 30 * MINUTE - 1, along=True) is None
    assert with_news(known, PACE, START + 30 * MINUTE, along=True) == known


def test_what_is_less_certain_corrects_nothing() -> None:
    """Late mail says which leg is slow; that the next one is still out does not make it lost."""
    lost = replace(INCIDENT, notified=START, told_cause=Cause.ACCEPTED_THEN_LOST, cause=Cause.SLOW_INSIDE)
    assert is_corrected(lost)
    assert is_corrected(replace(lost, cause=Cause.REFUSED))
    assert not is_corrected(replace(lost, told_cause=Cause.SLOW_INSIDE, cause=Cause.ACCEPTED_THEN_LOST))
    assert not is_corrected(replace(lost, told_cause=Cause.ACCEPTED_THEN_LOST, cause=Cause.NO_WORD))


def test_who_was_told_otherwise_is_reminded_an_hour_later() -> None:
    """A correction counts as no reminder, and postpones the next one."""
    otherwise = replace(all_took(INCIDENT, START), cause=Cause.SLOW_INSIDE, corrected=START + 50 * MINUTE)
    after = all_took(otherwise, START + 50 * MINUTE)
    assert (after.corrected, after.reminders, after.due) == (None, 0, START + 110 * MINUTE)


def test_the_end_goes_to_all() -> None:
    """Even if the beginning did not reach them; then there is no further notice."""
    over = replace(INCIDENT, notified=START, closed=START + HOUR, due=START + HOUR)
    partly = took(over, OPS, frozenset({OPS, BOSS}), START + HOUR)
    assert (kind_of(partly), partly.due, partly.notified_channels) == (
        NoticeKind.CLOSED,
        START + HOUR,
        frozenset({OPS}),
    )
    assert kind_for(partly, BOSS) is NoticeKind.CLOSED
    after = took(partly, BOSS, frozenset({OPS, BOSS}), START + HOUR)
    assert (after.due, with_news(after, PACE, START + 2 * HOUR)) == (None, None)


@given(st.lists(st.sampled_from(sorted(ALL)), max_size=12))
def test_every_channel_takes_a_notice_once_before_all_have(order: list[str]) -> None:
    """In whatever order channels take the notice, it is done when the last has, and not before."""
    it, so_far = INCIDENT, set[str]()
    for channel in order:
        if so_far == ALL:
            break
        so_far.add(channel)
        it = took(it, channel, ALL, START)
        assert (it.due == START + HOUR) is (so_far == ALL)
        assert it.notified_channels == (frozenset() if so_far == ALL else so_far)
        assert it.told.keys() == so_far
