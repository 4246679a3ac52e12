"""A seed draws what it has always drawn, so that figures of different days can be compared."""

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra.simulation.draw import draw
from infra.simulation.model import HOUR, MINUTE, START, Mail
from infra.simulation.world import World
from tests.unit.simulation.canonical import SEEDS, digest, of_lives, of_scenario

ORIGINAL = Path(__file__).parents[4] / "shared/alarmbench/truth.py"
"""Where the draws were first made, if it is there."""

DRAWN = {
    1: "f02c5ee342e59bb8",
    2: "b7d112f86c654357",
    3: "6bf42f00f7da803e",
    4: "98d411e8b420235a",
    5: "59a26264854b2e48",
    6: "976d937fefae65d5",
}
LIVED = {
    1: "651ea80a48f300cd",
    2: "6e2785f29e5544e0",
    3: "9731fb0745b2461e",
    4: "cb0d819f2d81cbee",
    5: "e97037cd816bf449",
    6: "7010fe3e9c375f4e",
}


@pytest.fixture(scope="module")
def original() -> Iterator[ModuleType]:
    """Load the earlier draws."""
    if not ORIGINAL.exists():
        pytest.skip("the draws of before are not there to be compared with")
    spec = spec_from_file_location("original_truth", ORIGINAL)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        yield module


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_draws_what_it_has_always_drawn(seed: int) -> None:
    """Fleet, providers, customers, troubles, our outages and hiccups."""
    assert of_scenario(draw(seed)) == DRAWN[seed]


@pytest.mark.parametrize("seed", SEEDS)
def test_mails_live_as_they_have_always_lived(seed: int) -> None:
    """For each domain and our own loop, one mail every ten minutes: its hiccups, its trouble, and SES's events."""
    assert of_lives(_lives(seed)) == LIVED[seed]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_draws_of_before_are_the_same(seed: int, original: ModuleType) -> None:
    """Compared with where they were first made, by value, not with what is written here."""
    before = original.draw(seed, 9_500)
    providers = {key: it.operator for key, it in before.domains.items()}
    troubles = [_renamed(it) for it in before.troubles + before.own]
    assert digest(before, before.domains, providers, troubles, before.flushes) == of_scenario(draw(seed))


def _lives(seed: int) -> Iterator[Mail]:
    scenario = draw(seed)
    world = World(scenario)
    for at in range(START + 6 * HOUR, START + 12 * HOUR, 10 * MINUTE):
        for key in (*scenario.domains, "loop@us"):
            mail = Mail(f"{key} {at}", key, at)
            world.meet(mail)
            yield mail


def _renamed(trouble: Any) -> Any:
    """Rename operator to provider."""
    trouble.id, trouble.kind = (text.replace("operator", "provider") for text in (trouble.id, trouble.kind))
    return trouble
