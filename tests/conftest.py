"""What all tests share."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from infra.local.doubles.server import Doubles, doubles

hypothesis_settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("another-day", hypothesis_settings.get_profile("shared-machine"), max_examples=10)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests run with another date."""
    note = """run by a clock that stands at MOMENT when the tests begin: 2027-03-28T00:59:30Z, +400d for days from now, or
        spring+400d: half a minute before Europe's summer time begins, the first time that it does so after those days"""
    parser.addoption("--clock", metavar="MOMENT", help=note)


def pytest_configure(config: pytest.Config) -> None:
    """Set the clock, in each process that runs tests. Property tests do not depend on it: few examples are enough then."""
    moment = config.getoption("clock")
    hypothesis_settings.load_profile("another-day" if moment else "shared-machine")
    if moment:
        journey = time_machine.travel(_destination(moment), tick=True)
        journey.start()
        config.add_cleanup(journey.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all tests of a file, which share fixtures, unless they belong to a larger group."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(item.config.rootpath))))


def _destination(moment: str) -> timedelta | float:
    if later := re.fullmatch(r"(spring)?\+(\d+)d", moment):
        days = timedelta(days=int(later[2]))
        return _spring(datetime.now(UTC) + days).timestamp() if later[1] else days
    try:
        there = datetime.fromisoformat(moment)
    except ValueError:
        said = "say 2027-03-28T00:59:30Z, +400d or spring+400d"
        raise pytest.UsageError(f"--clock: {moment!r} is no moment; {said}") from None
    if there.tzinfo is None:
        raise pytest.UsageError(f"--clock: say in which zone {moment!r} is, as in 2027-03-28T00:59:30Z")
    return there.timestamp()  # A number leaves the zone of this process as it is.


def _spring(after: datetime) -> datetime:
    """Give the first such moment: the last Sunday of March, just before one o'clock UTC."""
    for year in (after.year, after.year + 1):
        end = datetime(year, 3, 31, 0, 59, 30, tzinfo=UTC)
        sunday = end - timedelta(days=end.isoweekday() % 7)
        if sunday >= after:
            break
    return sunday


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Doubles]:
    """Run the doubles of the services that channels call (`tests.stage.calls` leads there)."""
    with doubles(tmp_path) as them:
        yield them


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach an account: neither this machine's credentials nor its profiles are seen."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "ERROR")
