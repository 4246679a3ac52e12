"""The stage with its empty tables."""

from collections.abc import Iterator

import pytest

from tests.stage import Stage, stage


@pytest.fixture
def it() -> Iterator[Stage]:
    """Set the stage."""
    with stage() as set_stage:
        yield set_stage
