"""Which domains have been in setup for too long, and when that is said."""

from zoneinfo import ZoneInfo

import pytest

from mxtrax.model import DAY, HOUR, DomainHealth, MailDomain, Millis, State
from mxtrax.rules.selfcheck import Watched
from mxtrax.rules.setting_up import PATIENCE, last_note, overdue
from tests.unit.rules.made import START


def watched(number: int, added: Millis, state: State = State.SETUP, **more: bool) -> Watched:
    """Make a domain and what is known of it."""
    domain = MailDomain(id=number, testuser="t", domainname=f"d{number}.example", added=added, **more)  # type: ignore[arg-type]
    return Watched(domain, DomainHealth(maildomain=domain.key, state=state))


def test_those_that_wait_longest_stand_first() -> None:
    """What is younger than three days, works, is paused, or is a control, is left out."""
    old = START - PATIENCE
    fleet = [
        watched(1, old),
        watched(2, old + 1),
        watched(3, old - DAY),
        watched(4, old, State.OK),
        watched(5, old, maintmode=True),
        watched(6, old, control=True),
        watched(7, 0),
    ]
    assert [domain.id for domain in overdue(fleet, START, old)] == [7, 3, 1]
    assert [domain.id for domain in overdue(fleet, START, old + 1)] == [3, 1]


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        (START, "UTC", START - 2 * HOUR),
        (START - 2 * HOUR, "UTC", START - 2 * HOUR),
        (START - 2 * HOUR - 1, "UTC", START - 26 * HOUR),
        (START, "America/New_York", START - 21 * HOUR),
        (START, "Asia/Tokyo", START - 11 * HOUR),
    ],
)
def test_the_note_is_due_at_eight_on_the_walls_clock(now: Millis, zone: str, due: Millis) -> None:
    """The latest time that it was eight in the settings' zone; it is Sunday, 10:00 UTC."""
    assert last_note(now, ZoneInfo(zone)) == due
