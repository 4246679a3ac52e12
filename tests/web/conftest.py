"""A public page on the tables that the tests of the API have."""

from tests.api.conftest import _tables, client, operator, stranger

__all__ = ["_tables", "client", "operator", "stranger"]
