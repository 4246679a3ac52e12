"""All tables together, for what sets them up, compares or empties them. No function needs this."""

from typing import Final

from mxtrax.store.tables.days import RollupRow, StatRow
from mxtrax.store.tables.fleet import AuditRow, CustomerRow, MailDomainRow, MailServerRow, WindowRow
from mxtrax.store.tables.health import HealthRow, IncidentRow
from mxtrax.store.tables.mailtests import MailTestRow
from mxtrax.store.tables.row import Row
from mxtrax.store.tables.settings import ConfigRow, RuntimeRow

TABLES: Final[dict[type[Row], str]] = {
    ConfigRow: "config",
    RuntimeRow: "runtime",
    CustomerRow: "customer",
    MailDomainRow: "maildomain",
    MailServerRow: "mailserver",
    MailTestRow: "mailtest",
    StatRow: "stat",
    HealthRow: "health",
    IncidentRow: "incident",
    WindowRow: "window",
    AuditRow: "audit",
    RollupRow: "rollup",
}
"""The models, and the names of their tables after the stack's name."""
