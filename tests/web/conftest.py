"""A public page on the tables of the API's tests."""

from tests.api.conftest import _tables, client, operator, stranger

__all__ = ["_tables", "client", "operator", "stranger"]
