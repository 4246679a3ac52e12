"""One cause, one alarm: what goes out at once, and what waits for others."""

from dataclasses import replace

import pytest

from mxtrax.model import HOUR, MINUTE, MONITOR, Cause, Incident
from mxtrax.rules.grouping import Gathering, Wait, causes_of, words_of
from tests.unit.rules.made import START

OPS = "mailto:ops@example.org"
SAID = "Their server refused it: \N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}. Nothing came back."
ROUND, SOON = 70 / 60, 190 / 60
"""One minute and three, and as long as the fold of that minute takes."""
FULL = "452 4.2.2 <mxtrax@{}>: the disk of store{} is full"


def incident(name: str = "first", minutes: float = 0, **more: object) -> Incident:
    """Make an incident of a domain of one provider."""
    opened = START + round(minutes * MINUTE)
    made = Incident(id=name, maildomain=f"mxtrax@{name}.example", provider="hoster.example", opened=opened, due=opened)
    return replace(made, **more)  # type: ignore[arg-type]


def told(it: Incident, minutes: float = 0) -> Incident:
    """Let ops take the notice that it has opened."""
    return replace(it, notified=it.opened, told={OPS: START + round(minutes * MINUTE)})


def waits(it: Incident, *others: Incident) -> float | None:
    """Give the minute until which a notice of it waits, None for at once."""
    wait = Gathering([it, *others], START).wait(it, OPS)
    return (wait.until - START) / MINUTE if wait.until else None


def test_the_first_of_a_cause_waits_for_nobody() -> None:
    """Nor do those that come with it: nobody knows of any yet."""
    assert waits(incident()) is None
    assert waits(incident("second"), incident()) is None


@pytest.mark.parametrize(
    ("opened", "until"), [(0.5, SOON), (2, SOON), (3, 3 + ROUND), (5, 5 + ROUND), (6, 2 * SOON), (6.5, None)]
)
def test_what_joins_within_minutes_waits_for_more(opened: float, until: float | None) -> None:
    """Three minutes from the last notice of that cause, and a minute for more to join; after six it is a first one again."""
    assert waits(incident("second", opened), told(incident())) == until


def test_what_joins_waits_while_more_joins() -> None:
    """Until nothing has joined for a minute, six minutes at most: all that wait go out together."""
    first, second = told(incident()), incident("second", 2)
    assert waits(second, first) == SOON
    assert waits(second, first, incident("third", 3)) == 3 + ROUND
    assert waits(second, first, incident("third", 3), incident("fourth", 6)) == 2 * SOON
    assert waits(second, first, incident("other", 3, provider="other.example")) == SOON


def test_a_cause_that_grows_on_is_told_less_often() -> None:
    """After notices at 0 and 3 minutes, the rest follow at 15 and 45: a wait is four times as long as it has grown."""
    known = [told(incident()), told(incident("second", 2), 3)]
    assert waits(incident("third", 4), *known) == 15
    assert waits(incident("fourth", 16), *known, told(incident("third", 4), 15)) == 45


def test_a_correction_waits_until_the_cause_has_settled() -> None:
    """A quarter of an hour after the last notice of that cause: until then it goes along, or has changed back."""
    first, second = told(incident()), told(incident("second", 2), 3)
    gathering = Gathering([first, second], START)
    assert gathering.wait(first, OPS, corrected=True) == Wait(START + 18 * MINUTE)
    assert gathering.wait(first, OPS) == Wait()


def test_that_mail_is_late_and_not_lost_wakes_nobody() -> None:
    """It goes along with the next notice, or alone when a reminder would."""
    late = told(incident(cause=Cause.SLOW_INSIDE))
    assert Gathering([late], START).wait(late, OPS, corrected=True) == Wait(START + 60 * MINUTE)


def test_who_does_not_know_of_the_cause_is_told_at_once() -> None:
    """A customer's own people are notified of their first domain without delay, whatever others know."""
    first, second = told(incident()), incident("second", 1)
    assert Gathering([first, second], START).wait(second, "mailto:it@acme.example") == Wait()


def test_how_many_are_known_is_counted() -> None:
    """The notice can say of how many others of the cause its reader knows."""
    known = [told(incident(name)) for name in ("first", "second")]
    third = incident("third", 2)
    assert Gathering([*known, third], START).wait(third, OPS) == Wait(START + round(SOON * MINUTE), 2)


def test_what_broke_long_before_is_another_cause() -> None:
    """A mailbox of the same provider that has been full for days holds nothing up."""
    assert waits(incident("second", 60), replace(told(incident()), told={OPS: START + HOUR})) is None


def test_one_cause_in_the_same_words_is_one() -> None:
    """Without a known provider, the same cause in the same words groups; addresses, hosts and numbers do not count."""
    one = incident(provider="", cause=Cause.DEFERRED, evidence=SAID.format(FULL.format("a.example", 7)))
    other = replace(one, id="other", evidence=SAID.format(FULL.format("b.example", 12)), opened=START + MINUTE)
    assert waits(other, told(one)) == SOON
    assert waits(replace(other, cause=Cause.REFUSED), told(one)) is None
    assert waits(replace(other, evidence=SAID.format("452 4.2.2 mailbox full")), told(one)) is None


def test_what_says_that_all_is_well_is_no_word_of_a_fault() -> None:
    """Two servers that took a mail and lost it have said the same "250 ok": that makes them no one cause."""
    lost = incident(provider="", cause=Cause.ACCEPTED_THEN_LOST, evidence=SAID.format("250 2.0.0 ok queued"))
    assert causes_of(lost) == ()
    assert words_of(lost.evidence) == "queued"
    assert words_of("Sent at 10:00; their server has given no answer at all.") == ""


def test_the_monitor_itself_belongs_to_nobody() -> None:
    """Our own failures are notified at once."""
    assert causes_of(incident(maildomain=MONITOR)) == ()


def over(name: str, minutes: float, **more: object) -> Incident:
    """Make an incident that ops know of and that is over."""
    closed = START + round(minutes * MINUTE)
    return replace(told(incident(name)), closed=closed, due=closed, **more)  # type: ignore[arg-type]


def test_recoveries_wait_for_one_another() -> None:
    """Up to three minutes from the first that is over, while anything goes on, of whatever provider."""
    assert waits(over("second", 20), told(incident())) == 20 + SOON
    assert waits(over("second", 22), told(incident()), over("third", 20)) == 20 + SOON
    assert waits(over("second", 20), told(incident(provider="other.example"))) == 20 + SOON
    assert waits(over("second", 20), replace(told(incident()), opened=START - HOUR)) == 20 + SOON


def test_the_last_recovery_waits_for_nobody() -> None:
    """When none is ongoing, all are notified at once."""
    assert waits(over("second", 21), over("third", 20)) is None
    assert waits(over("alone", 20)) is None


def test_a_recovery_waits_for_none_that_its_reader_does_not_know_of() -> None:
    """Others' incidents do not matter to them; and ones that they know are over delay nothing."""
    assert waits(over("second", 20), incident()) is None
    known = over("third", 10, notified_channels=frozenset({OPS}))
    assert waits(over("second", 20), told(incident()), known) == 20 + SOON


def test_our_own_recovery_waits_as_any_other() -> None:
    """Nobody is up for that alone, where others go on."""
    assert waits(over("second", 20, maildomain=MONITOR), told(incident())) == 20 + SOON
    assert waits(over("second", 20, maildomain=MONITOR)) is None
