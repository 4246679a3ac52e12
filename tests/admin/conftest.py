"""A deployment with people, for tests of `admin/` alone."""

from collections.abc import Iterator

import pytest

from mxtrax.admin.actor import Actor
from mxtrax.model import Door
from tests.admin.doors import ByApi, opened
from tests.stage import Stage


@pytest.fixture
def it() -> Iterator[Stage]:
    """Set the stage, with a user pool."""
    with opened(ByApi) as door:
        yield door.it


@pytest.fixture
def anna() -> Actor:
    """Give an operator."""
    return Actor(name="anna", door=Door.API)
