"""An API on moto's tables."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from mxtrax.store import rows
from tests.api.client import Client


@pytest.fixture
def client() -> Iterator[Client]:
    """Give a client of an API with empty tables."""
    with mock_aws():
        rows.connect("t-")
        for table in rows.TABLES:
            table.create_table()
        yield Client()
