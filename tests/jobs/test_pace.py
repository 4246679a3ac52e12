"""How plan treats permanent refusals, and our own loop."""

from dataclasses import replace

import pytest

from mxtrax.jobs import plan
from mxtrax.rules.selfcheck import is_own_loop
from mxtrax.store import fleet
from mxtrax.store.config import load_config
from mxtrax.store.health import slowed
from tests.stage import Stage


def test_a_server_that_refuses_for_good_is_not_hammered(it: Stage) -> None:
    """After six hours of refusals it is tested less often; here, where nothing else is tested, once a day."""
    it.configure(interval_minutes=60)
    domain, refused = it.domain(), 0
    for _ in range(9 * 12):
        for sent in it.tick():
            it.refused(sent)
            it.fold()
            refused += 1
        it.wait(300)
    assert (refused, slowed(4)) == (7, {domain.key: 1})


def test_what_refuses_is_asked_again_soon_for_some_hours(it: Stage) -> None:
    """A mailbox that was well an hour ago is fixed soon: its next regular test shows that."""
    it.configure(interval_minutes=60)
    domain = it.domain()
    for _ in range(5 * 12):
        for sent in it.tick():
            it.refused(sent)
            it.fold()
        it.wait(300)
    assert slowed(4) == {}
    assert it.health(domain).slower == 0


def test_a_control_is_tested_on_whatever_it_answers(it: Stage) -> None:
    """Our own inbox refuses while another rule set is active: that it accepts mail again must show soon."""
    it.domain("monitor.example.net", control=True)
    for _ in range(4):
        (sent,) = it.tick()
        it.refused(sent)
        it.fold()
        it.wait(60)


@pytest.mark.parametrize(("quota", "minutes"), [(0, 5), (200, 15), (50_000, 5)])
def test_in_the_sandbox_our_own_loop_leaves_mails_to_others(it: Stage, quota: int, minutes: int) -> None:
    """Every five minutes would be 288 mails of the 200 that SES takes there in a day."""
    it.settings = replace(it.settings, own_loop="loop", send_quota=quota)
    plan.run(it.now, it.settings)
    (loop,) = fleet.everyone()
    assert loop.interval_minutes == minutes


def test_our_own_loop_is_made_once(it: Stage) -> None:
    """Plan adds the inbox's own mailbox as a control, tests it, and leaves it alone when it is there."""
    it.settings = replace(it.settings, own_loop="loop")
    config = load_config(it.settings.initial)
    assert plan.run(it.now, it.settings)["domains"] == 1
    it.wait(60)
    plan.run(it.now, it.settings)
    (loop,) = fleet.everyone()
    assert (loop.address, loop.control, loop.maxreturntime) == ("loop@monitor.example.net", True, 60)
    assert is_own_loop(loop, config)


def test_without_a_name_there_is_no_loop(it: Stage) -> None:
    """A world that cannot bring it back has none."""
    assert plan.run(it.now, it.settings)["domains"] == 0
