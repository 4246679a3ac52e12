"""The stage for tests of commands."""

from collections.abc import Iterator

import pytest

from tests.cli.operator import Operator, before
from tests.stage import Stage, stage


@pytest.fixture
def it() -> Iterator[Stage]:
    """Set the stage."""
    with stage() as set_stage:
        yield set_stage


@pytest.fixture
def operator(it: Stage, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Give an operator on it."""
    return before(it, monkeypatch)
