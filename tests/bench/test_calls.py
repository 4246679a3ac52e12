"""The fleet whose calls are counted: it must be able to do its work, or the figures would be for another fleet."""

from dataclasses import fields

import pytest

from infra.bench import calls, large
from infra.bench.ears import listening
from infra.bench.world import world
from mxtrax.jobs.plan import RATE_SHARE
from mxtrax.runtime.environment import Settings

QUEUES = [field.name for field in fields(Settings) if field.name.endswith("_queue")]


@pytest.mark.parametrize("domains", [1, 60, 1_000, 10_000, 12_345])
def test_the_sending_rate_suffices_for_a_fleet_of_any_size(domains: int) -> None:
    """Rounded down, it left tests of 1,000 domains unsent, and alert was woken in the middle of the count."""
    assert calls.sufficient(domains) * RATE_SHARE * 60 * calls.INTERVAL >= domains


def test_all_that_is_due_is_sent_and_nobody_is_woken() -> None:
    """1,000 domains have more tests in a minute than one mail a second carries; on-time tests alone are counted."""
    with listening() as heard, world(heard, calls.sufficient(1_000)) as it:
        it.populate(1_000)
        heard.forget()
        assert it.tick(1_000) > RATE_SHARE * 60
        assert all(asked["QueueUrl"] != it.settings.alert_queue for asked, _ in heard.asked["SendMessageBatch"])


def test_every_queue_that_jobs_write_to_is_there() -> None:
    """Whatever happens in a measured minute, it must not end the measurement."""
    with listening() as heard, world(heard, 1) as it:
        assert [name for name in QUEUES if not getattr(it.settings, name)] == []
    assert [name for name in QUEUES if not getattr(large.SETTINGS, name)] == []
