"""The pace after permanent refusals: slower by doubling, once a day if the account would bounce too much."""

import pytest

from mxtrax.model import Config, MailDomain
from mxtrax.rules.schedule import DAILY, MOST_BOUNCES, bounce_percent, braked, interval_of, is_due

CONFIG = Config()


def fleet(count: int, **more: object) -> list[MailDomain]:
    """Make a fleet."""
    return [MailDomain(id=n, testuser="mxtrax", domainname=f"customer{n}.example", **more) for n in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "slower", "minutes"),
    [(None, 0, 15), (None, 1, 30), (None, 4, 240), (60, 4, 960), (720, 4, 1_440), (1_440, 4, 1_440)],
)
def test_each_step_doubles_the_interval_up_to_a_day(own: int | None, slower: int, minutes: int) -> None:
    """Config's or the domain's own; one that is tested daily stays so."""
    (domain,) = fleet(1, interval_minutes=own)
    assert interval_of(domain, CONFIG, slower) == minutes
    assert sum(is_due(domain, slot, CONFIG, slower=slower) for slot in range(minutes)) == 1


def test_a_few_that_refuse_are_no_danger() -> None:
    """One of a hundred, at a sixteenth of the pace, bounces less than one test in a thousand."""
    domains = fleet(100)
    slower = {domains[0].key: 4}
    assert bounce_percent(domains, slower, CONFIG) < 0.1
    assert braked(domains, slower, CONFIG) is slower


@pytest.mark.parametrize(("refusing", "minutes"), [(1, 30), (20, 240), (80, DAILY)])
def test_many_that_refuse_put_the_brake_on(refusing: int, minutes: int) -> None:
    """First all of them go at the slowest pace, and where that is not enough, once a day."""
    domains = fleet(100)
    slower = {domain.key: 1 for domain in domains[:refusing]}
    now = braked(domains, slower, CONFIG)
    assert now.keys() == slower.keys()
    assert all(interval_of(domain, CONFIG, now[domain.key]) == minutes for domain in domains[:refusing])
    assert bounce_percent(domains, now, CONFIG) <= max(
        MOST_BOUNCES, 100 * refusing / (refusing + 96 * (100 - refusing))
    )


def test_those_that_answer_with_bounces_count_too() -> None:
    """To SES a bounce is a bounce, wanted or not; maintenance sends none."""
    assert bounce_percent(fleet(4, returns_bounce=True), {}, CONFIG) == 100
    assert bounce_percent(fleet(4, returns_bounce=True, maintmode=True), {}, CONFIG) == 0
    assert bounce_percent([], {}, CONFIG) == 0
