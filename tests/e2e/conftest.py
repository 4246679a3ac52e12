"""The simulated world, started once for all tests of a module that use it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.demo import run
from infra.local.world import World


@dataclass(frozen=True, slots=True)
class Played:
    """A world in which all customers have acted and been judged. Its clock is stopped now."""

    world: World
    outcome: run.Outcome


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Run the real template, with shortened minutes, until everything is as expected or time is up."""
    with run.staged(tmp_path_factory.mktemp("world")) as stage:
        outcome = run.behave(stage)
        stage.metronome.stop()
        yield Played(stage.world, outcome)
