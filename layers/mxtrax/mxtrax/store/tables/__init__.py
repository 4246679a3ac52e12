"""The tables as PynamoDB models. A row has the fields of its dataclass in model/, plus the keys of its indexes.

`connect` says which tables to use; until then nothing is read or opened. PynamoDB looks through a model several times to
make it, and a function uses few of them, so each file is imported when one of its tables is first asked for.
"""

from typing import TYPE_CHECKING

from mxtrax import lazily
from mxtrax.store.tables.row import ALL, AUDIT, FLEET, OPEN, connect, connection

if TYPE_CHECKING:
    from mxtrax.store.tables.days import RollupRow, StatRow
    from mxtrax.store.tables.every import TABLES
    from mxtrax.store.tables.fleet import AuditRow, CustomerRow, MailDomainRow, MailServerRow, WindowRow
    from mxtrax.store.tables.health import HealthRow, IncidentRow
    from mxtrax.store.tables.mailtests import MailTestRow, SmtpReplyMap
    from mxtrax.store.tables.settings import ConfigRow, RuntimeRow

__all__ = [
    "ALL",
    "AUDIT",
    "FLEET",
    "OPEN",
    "TABLES",
    "AuditRow",
    "ConfigRow",
    "CustomerRow",
    "HealthRow",
    "IncidentRow",
    "MailDomainRow",
    "MailServerRow",
    "MailTestRow",
    "RollupRow",
    "RuntimeRow",
    "SmtpReplyMap",
    "StatRow",
    "WindowRow",
    "connect",
    "connection",
]

__getattr__ = lazily.imported(
    __name__,
    {
        "days": "RollupRow StatRow",
        "every": "TABLES",
        "fleet": "AuditRow CustomerRow MailDomainRow MailServerRow WindowRow",
        "health": "HealthRow IncidentRow",
        "mailtests": "MailTestRow SmtpReplyMap",
        "settings": "ConfigRow RuntimeRow",
    },
)
