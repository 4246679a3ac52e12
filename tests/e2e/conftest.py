"""The simulated world, up once for all tests of a module that ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.cli import trial
from infra.local.world import World


@dataclass(frozen=True, slots=True)
class Played:
    """A world in which all customers have shown what they do, and what was made of it. Its clock stands still now."""

    world: World
    outcome: trial.Outcome


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Run the real template, with minutes of seconds, until everything is as expected or time is up."""
    with trial.staged(tmp_path_factory.mktemp("world")) as stage:
        outcome = trial.behave(stage)
        stage.metronome.stop()
        yield Played(stage.world, outcome)
