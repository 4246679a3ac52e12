"""Simulated customers: one SMTP server, and a table of domains that behave and misbehave.

letters (what servers write) -> table (who does what, and the expected result) -> server.
"""

from infra.local.customers.server import Customers
from infra.local.customers.table import (
    BREAKS_DOWN,
    HICCUP,
    PROVIDER,
    REFUSAL,
    REFUSED_AT_ONCE,
    REFUSES,
    TABLE,
    Customer,
    Expected,
)

__all__ = [
    "BREAKS_DOWN",
    "HICCUP",
    "PROVIDER",
    "REFUSAL",
    "REFUSED_AT_ONCE",
    "REFUSES",
    "TABLE",
    "Customer",
    "Customers",
    "Expected",
]
