"""The sample fleet is the simulated customers."""

from infra.local.customers import TABLE
from infra.local.world import SAMPLE_FLEET, read_fleet


def test_the_sample_fleet_is_the_customers_table() -> None:
    """Every customer has a row, in the table's order, and there are no others."""
    rows = read_fleet(SAMPLE_FLEET).good
    assert [row.domain.address for row in rows] == [customer.mailbox for customer in TABLE]
