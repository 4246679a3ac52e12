"""What all tables share: how long they wait, the stack that is meant, one client; and the names of single partitions."""

from typing import Any, ClassVar, Final

from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection, Projection
from pynamodb.models import Model

from mxtrax.store.answers import read_plainly
from mxtrax.store.contention import retry_conflicts

FLEET: Final = "fleet"
"""The single partition of all domains, by id."""

ALL: Final = "all"
"""The single partition of all customers, by codename, and that of all incidents, by when they opened."""

AUDIT: Final = "audit"
"""The single partition of all changes."""

OPEN: Final = "open"
"""The single partition of the incidents with a notice to come."""

_KEYS_ONLY: Final = KeysOnlyProjection()


class Shared:
    """What PynamoDB knows of each table. Time-outs are in seconds: a call that takes longer is better retried."""

    billing_mode = PAY_PER_REQUEST_BILLING_MODE
    connect_timeout_seconds = 2
    read_timeout_seconds = 5
    max_retry_attempts = 3
    max_pool_connections = 32


class Row(Model):
    """A row of a table. Its Meta names the table after the stack's name, which `connect` puts before it."""

    name: ClassVar[str]
    prefix: ClassVar[str] = ""
    client: ClassVar[Connection | None] = None

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 -- whatever classes are made with
        """Name the table of a file that is imported after `connect`."""
        super().__init_subclass__(**options)
        cls.name = cls.Meta.table_name
        cls.Meta.table_name = cls.prefix + cls.name

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """Use the shared client: PynamoDB offers no other way, and would make one for each table."""
        own = super()._get_connection()
        if own.connection is not cls.client:
            shared = connection()
            shared.add_meta_table(own.get_meta_table())
            own.connection = shared
        return own


class Index[R: Model](GlobalSecondaryIndex[R]):
    """An index of a table: its name, and what it holds of a row beside the keys."""

    def __init_subclass__(cls, *, name: str, projection: Projection = _KEYS_ONLY) -> None:
        """Give PynamoDB the Meta that it reads."""
        cls.Meta = type("Meta", (), {"index_name": name, "projection": projection})
        super().__init_subclass__()


def connect(prefix: str) -> None:
    """Use the tables whose names begin with this prefix (the stack's name and a dash).

    All tables share one client: PynamoDB would make one for each, and reading botocore's service model takes longest.
    """
    shared = Connection(
        connect_timeout_seconds=Shared.connect_timeout_seconds,
        read_timeout_seconds=Shared.read_timeout_seconds,
        max_retry_attempts=Shared.max_retry_attempts,
        max_pool_connections=Shared.max_pool_connections,
    )
    retry_conflicts(shared.client)
    read_plainly(shared.client)
    Row.prefix, Row.client = prefix, shared
    for table in Row.__subclasses__():
        table.Meta.table_name = prefix + table.name


def connection() -> Connection:
    """Give the client that all tables share; transactions go through it."""
    if Row.client is None:
        raise RuntimeError("connect says first which tables are meant")
    return Row.client
