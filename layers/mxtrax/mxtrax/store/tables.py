"""The tables as PynamoDB models. A row has the fields of its dataclass in model/, plus the keys of its indexes.

`connect` says which tables to use; until then nothing is read or opened.
"""

from typing import Any, Final

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection, Projection
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


class _Meta:
    """What all tables share. Time-outs are in seconds: a call that takes longer is better retried."""

    billing_mode = PAY_PER_REQUEST_BILLING_MODE
    connect_timeout_seconds = 2
    read_timeout_seconds = 5
    max_retry_attempts = 3
    max_pool_connections = 32


class Index[Row: Model](GlobalSecondaryIndex[Row]):
    """An index of a table: its name, and what it holds of a row beside the keys."""

    def __init_subclass__(cls, *, name: str, projection: Projection = _KEYS_ONLY) -> None:
        """Give PynamoDB the Meta that it reads."""
        cls.Meta = type("Meta", (), {"index_name": name, "projection": projection})
        super().__init_subclass__()


class SmtpReplyMap(MapAttribute[str, Any]):
    """model.SmtpReply."""

    at = NumberAttribute()
    text = UnicodeAttribute(default="")
    status = UnicodeAttribute(default="")
    server = UnicodeAttribute(default="")
    cause = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    by_mail = BooleanAttribute(null=True)


class ConfigRow(Model):
    """What people set: the item `settings` is model.Config, `branding` model.Branding; `channels` has all channels.

    `published` has the settings that public pages use, `walls` the links of wallboards, `sessions` those that were
    ended. The item `schema` is model.Schema: the layout of all tables.
    """

    class Meta(_Meta):
        table_name = "config"

    id = UnicodeAttribute(hash_key=True)
    settings = JSONAttribute()
    version = NumberAttribute()


class RuntimeRow(Model):
    """The jobs' own records, an item each: `secret`, `next-*`, `heartbeat-*`, `count-*`, `faults`.

    `number` is the last number taken, the moment of a heartbeat, or the count in the hour `hour`. The attributes after
    `noted_to` are only in the item `heartbeat-tests`: rules/counters.py.
    """

    class Meta(_Meta):
        table_name = "runtime"

    id = UnicodeAttribute(hash_key=True)
    secret = UnicodeAttribute(null=True)
    number = NumberAttribute(null=True)
    hour = NumberAttribute(null=True)
    busy_until = NumberAttribute(null=True)
    state = JSONAttribute(null=True)
    badges = JSONAttribute(null=True)
    stretches = JSONAttribute(null=True)
    by_hour = JSONAttribute(null=True)
    returned = JSONAttribute(null=True)
    maildomain = UnicodeAttribute(null=True)
    since = NumberAttribute(null=True)
    noted = NumberAttribute(null=True)
    untested = JSONAttribute(null=True)
    noted_to = JSONAttribute(null=True)
    ontime = NumberAttribute(null=True)
    late = NumberAttribute(null=True)
    overdue = NumberAttribute(null=True)
    failed = NumberAttribute(null=True)
    unsent = NumberAttribute(null=True)
    took = NumberAttribute(null=True)
    within_1 = NumberAttribute(null=True)
    within_5 = NumberAttribute(null=True)
    within_10 = NumberAttribute(null=True)
    within_30 = NumberAttribute(null=True)
    within_60 = NumberAttribute(null=True)
    within_120 = NumberAttribute(null=True)
    within_300 = NumberAttribute(null=True)
    within_600 = NumberAttribute(null=True)
    within_1800 = NumberAttribute(null=True)
    within_3600 = NumberAttribute(null=True)
    within_14400 = NumberAttribute(null=True)
    within_86400 = NumberAttribute(null=True)


class CustomersInOrder(Index["CustomerRow"], name="in-order", projection=AllProjection()):
    """All customers by codename."""

    all = UnicodeAttribute(hash_key=True)
    codename = UnicodeAttribute(range_key=True)


class ByLink(Index["CustomerRow"], name="by-link"):
    """From a public page's link to its customer: sparse."""

    link = UnicodeAttribute(hash_key=True)


class CustomerRow(Model):
    """model.Customer. `domains` counts its domains, in the transactions that move them: an index lags behind."""

    class Meta(_Meta):
        table_name = "customer"

    codename = UnicodeAttribute(hash_key=True)
    all = UnicodeAttribute(default=ALL)
    friendlyname = UnicodeAttribute()
    alertuser = JSONAttribute(null=True)
    link = UnicodeAttribute(null=True)
    public_note = UnicodeAttribute(null=True)
    ending = BooleanAttribute(null=True)
    version = NumberAttribute(default=0)
    domains = NumberAttribute(default=0)
    in_order = CustomersInOrder()
    by_link = ByLink()


class InOrder(Index["MailDomainRow"], name="in-order", projection=AllProjection()):
    """All domains by id."""

    fleet = UnicodeAttribute(hash_key=True)
    id = NumberAttribute(range_key=True)


class OfCustomer(Index["MailDomainRow"], name="of-customer", projection=AllProjection()):
    """The domains of a customer by id."""

    customer = UnicodeAttribute(hash_key=True)
    id = NumberAttribute(range_key=True)


class WorstFirst(
    Index["MailDomainRow"], name="worst-first", projection=IncludeProjection(["customer", "provider", "tags"])
):
    """The domains of a status by urgency. Its rows are so small that 10,000 of them fit into one page."""

    status = UnicodeAttribute(hash_key=True)
    urgency = NumberAttribute(range_key=True)


class WorstOfCustomer(
    Index["MailDomainRow"], name="worst-of-customer", projection=IncludeProjection(["provider", "tags"])
):
    """The domains of a customer by urgency."""

    customer = UnicodeAttribute(hash_key=True)
    urgency = NumberAttribute(range_key=True)


class ById(Index["MailDomainRow"], name="by-id"):
    """From an id to its domain."""

    id = NumberAttribute(hash_key=True)


class ByName(
    Index["MailDomainRow"], name="by-name", projection=IncludeProjection(["customer", "provider", "tags", "status"])
):
    """All domains by domain name."""

    fleet = UnicodeAttribute(hash_key=True)
    domainname = UnicodeAttribute(range_key=True)


class MailDomainRow(Model):
    """model.MailDomain, by its address in lower case. Aggregate writes `status`, `urgency` and `early_mark`.

    Observe writes `provider`; `observed` is true once the servers have been looked up.
    """

    class Meta(_Meta):
        table_name = "maildomain"

    key = UnicodeAttribute(hash_key=True)
    fleet = UnicodeAttribute(default=FLEET)
    id = NumberAttribute()
    testuser = UnicodeAttribute()
    domainname = UnicodeAttribute()
    customer = UnicodeAttribute(null=True)
    maintmode = BooleanAttribute(default=False)
    control = BooleanAttribute(default=False)
    returns_bounce = BooleanAttribute(default=False)
    interval_minutes = NumberAttribute(null=True)
    maxreturntime = NumberAttribute(null=True)
    max_sec_until_fail = NumberAttribute(null=True)
    maxfailnumber = NumberAttribute(null=True)
    maxfailpercentage = NumberAttribute(null=True)
    maxlatenumber = NumberAttribute(null=True)
    maxlatepercentage = NumberAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    added = NumberAttribute(default=0)
    version = NumberAttribute(default=0)
    status = UnicodeAttribute()
    urgency = NumberAttribute()
    provider = UnicodeAttribute(null=True)
    observed = BooleanAttribute(null=True)
    early_mark = NumberAttribute(null=True)
    in_order = InOrder()
    of_customer = OfCustomer()
    worst_first = WorstFirst()
    worst_of_customer = WorstOfCustomer()
    by_id = ById()
    by_name = ByName()


class MailServerRow(Model):
    """model.MailServer: an address, and one of the domains whose mail it accepts. `expires` is its TTL."""

    class Meta(_Meta):
        table_name = "mailserver"

    address = UnicodeAttribute(hash_key=True)
    domainname = UnicodeAttribute(range_key=True)
    host = UnicodeAttribute()
    expires = NumberAttribute()


class ByDomain(Index["MailTestRow"], name="by-domain"):
    """The tests of a domain by sendtime."""

    maildomain = UnicodeAttribute(hash_key=True)
    sendtime = NumberAttribute(range_key=True)


class DueIndex(Index["MailTestRow"], name="due"):
    """The tests that need attention: sparse, so that its size depends on tests under way, not on past ones."""

    shard = NumberAttribute(hash_key=True)
    due = NumberAttribute(range_key=True)


class BySesId(Index["MailTestRow"], name="by-ses-id"):
    """From SES's message id (such as an In-Reply-To) to the test."""

    ses_message_id = UnicodeAttribute(hash_key=True)


class MailTestRow(Model):
    """model.MailTest, by testid. `shard` and `due` are there only while it needs attention; `expires` is its TTL.

    `fresh` is its first `due`, and is there until a fold has looked at it: until then a return leaves its place in the
    due index alone. `trace` is a packed model.MessageTrace (see traces.py). A test is written five times, and each
    started KB is charged: false values are left out.
    """

    class Meta(_Meta):
        table_name = "mailtest"

    testid = UnicodeAttribute(hash_key=True)
    maildomain = UnicodeAttribute()
    sendtime = NumberAttribute()
    maxreturntime = NumberAttribute()
    max_sec_until_fail = NumberAttribute()
    returns_bounce = BooleanAttribute(null=True)
    receivetime = NumberAttribute(null=True)
    returned_as = UnicodeAttribute(null=True)
    seen = UnicodeSetAttribute(null=True)
    incl_in_stat = BooleanAttribute(default=False)
    counted = UnicodeAttribute(default="pending")
    ses_message_id = UnicodeAttribute(null=True)
    accepted = NumberAttribute(null=True)
    delivered = SmtpReplyMap(null=True)
    deferred = SmtpReplyMap(null=True)
    refused = SmtpReplyMap(null=True)
    unsent = SmtpReplyMap(null=True)
    deferred_by_mail = SmtpReplyMap(null=True)
    refused_by_mail = SmtpReplyMap(null=True)
    left = NumberAttribute(null=True)
    via = UnicodeAttribute(null=True)
    trace = BinaryAttribute(null=True, legacy_encoding=False)
    quiet = BooleanAttribute(null=True)
    unjudged = BooleanAttribute(null=True)
    shard = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    fresh = NumberAttribute(null=True)
    early_mark = NumberAttribute(null=True)
    rev = NumberAttribute(default=0)
    expires = NumberAttribute(null=True)
    by_domain = ByDomain()
    due_index = DueIndex()
    by_ses_id = BySesId()


class ByDay(Index["StatRow"], name="by-day"):
    """The domains that have figures for a day, by address: in as many partitions as there are shards.

    After each midnight, the whole fleet writes its first test of the day into it, within minutes.
    """

    day_shard = UnicodeAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class StatRow(Model):
    """model.Stat; `hours` is text (see mapping.hours_text), `day_shard` the key of by-day. Never expires."""

    class Meta(_Meta):
        table_name = "stat"

    maildomain = UnicodeAttribute(hash_key=True)
    d = UnicodeAttribute(range_key=True)
    day_shard = UnicodeAttribute()
    min_delivery_time = NumberAttribute(null=True)
    max_delivery_time = NumberAttribute(null=True)
    ontime_num = NumberAttribute(null=True)
    late_num = NumberAttribute(null=True)
    fail_num = NumberAttribute(null=True)
    total_num = NumberAttribute(null=True)
    total_delivery_time = NumberAttribute(default=0)
    unsent_num = NumberAttribute(null=True)
    quiet_ontime_num = NumberAttribute(null=True)
    quiet_late_num = NumberAttribute(null=True)
    quiet_fail_num = NumberAttribute(null=True)
    quiet_total_num = NumberAttribute(null=True)
    histogram = JSONAttribute(null=True)
    hours = UnicodeAttribute(null=True)
    version = NumberAttribute(default=0)
    by_day = ByDay()


class RetestIndex(Index["HealthRow"], name="retest"):
    """The domains that are tested more often for now, by how often: sparse, empty on a good day."""

    retest = NumberAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class SlowerIndex(Index["HealthRow"], name="slower"):
    """The domains that refuse permanently, by how many times their interval is doubled: sparse."""

    slower = NumberAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class HealthRow(Model):
    """model.DomainHealth; `window_counts` and `recent` are packed (see packing.py). Zeros may be missing."""

    class Meta(_Meta):
        table_name = "health"

    maildomain = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute(default="setup")
    since = NumberAttribute(default=0)
    clean_from = NumberAttribute(default=0)
    window_counts = BinaryAttribute(null=True, legacy_encoding=False)
    recent = BinaryAttribute(null=True, legacy_encoding=False)
    streak = NumberAttribute(default=0)
    retest = NumberAttribute(null=True)
    slower = NumberAttribute(null=True)
    exceeded = JSONAttribute(null=True)
    relapses = NumberAttribute(default=0)
    early_mark = NumberAttribute(null=True)
    trouble_from = NumberAttribute(null=True)
    fell_from = NumberAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    incident = UnicodeAttribute(null=True)
    last_incident = UnicodeAttribute(null=True)
    version = NumberAttribute(default=0)
    retest_index = RetestIndex()
    slower_index = SlowerIndex()


class PendingIndex(Index["IncidentRow"], name="pending"):
    """The incidents with a notice to come, by when it is due: sparse."""

    pending = UnicodeAttribute(hash_key=True)
    due = NumberAttribute(range_key=True)


class IncidentsOfDomain(Index["IncidentRow"], name="by-domain", projection=IncludeProjection(["closed", "customer"])):
    """The incidents of a domain by when they opened; somebody bound to one customer sees only that customer's."""

    maildomain = UnicodeAttribute(hash_key=True)
    opened = NumberAttribute(range_key=True)


class IncidentsInOrder(Index["IncidentRow"], name="in-order", projection=IncludeProjection(["closed"])):
    """All incidents by when they opened."""

    all = UnicodeAttribute(hash_key=True)
    opened = NumberAttribute(range_key=True)


class IncidentsOfCustomer(Index["IncidentRow"], name="of-customer", projection=IncludeProjection(["closed"])):
    """The incidents of a customer by when they opened."""

    customer = UnicodeAttribute(hash_key=True)
    opened = NumberAttribute(range_key=True)


class IncidentRow(Model):
    """model.Incident. `pending` is there only while a notice is due, now or later.

    While a domain fails, each of its tests may bring newer evidence, so no index includes that.
    """

    class Meta(_Meta):
        table_name = "incident"

    id = UnicodeAttribute(hash_key=True)
    maildomain = UnicodeAttribute()
    customer = UnicodeAttribute(null=True)
    opened = NumberAttribute()
    cause = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    evidence = UnicodeAttribute(default="")
    exceeded = JSONAttribute(null=True)
    testid = UnicodeAttribute(null=True)
    sent = NumberAttribute(default=0)
    provider = UnicodeAttribute(null=True)
    notified = NumberAttribute(null=True)
    reminded = NumberAttribute(null=True)
    closed = NumberAttribute(null=True)
    dropped = NumberAttribute(null=True)
    notified_channels = UnicodeSetAttribute(null=True)
    told = JSONAttribute(null=True)
    reminders = NumberAttribute(default=0)
    escalated = NumberAttribute(null=True)
    told_cause = UnicodeAttribute(null=True)
    told_reason = UnicodeAttribute(null=True)
    corrected = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    pending = UnicodeAttribute(null=True)
    acknowledged = NumberAttribute(null=True)
    acknowledged_by = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    again_of = UnicodeAttribute(null=True)
    first_opened = NumberAttribute(null=True)
    all = UnicodeAttribute(default=ALL)
    pending_index = PendingIndex()
    by_domain = IncidentsOfDomain()
    in_order = IncidentsInOrder()
    of_customer = IncidentsOfCustomer()


class OfTarget(Index["AuditRow"], name="of-target", projection=AllProjection()):
    """The changes of one target, in order."""

    target = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class AuditRow(Model):
    """model.Change. `id` begins with the moment, which keeps them in order; `before` and `after` are JSON."""

    class Meta(_Meta):
        table_name = "audit"

    log = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    who = UnicodeAttribute()
    door = UnicodeAttribute()
    what = UnicodeAttribute()
    target = UnicodeAttribute()
    before = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    of_target = OfTarget()


class WindowRow(Model):
    """model.Window."""

    class Meta(_Meta):
        table_name = "window"

    id = UnicodeAttribute(hash_key=True)
    scope = UnicodeAttribute()
    start = UnicodeAttribute()
    end = UnicodeAttribute()
    zone = UnicodeAttribute()
    target = UnicodeAttribute(null=True)
    weekly = BooleanAttribute(default=False)
    note = UnicodeAttribute(null=True)
    version = NumberAttribute(default=0)


class RollupRow(Model):
    """A model.Stat of many domains, as JSON: by the name of their group, and the day. Never expires."""

    class Meta(_Meta):
        table_name = "rollup"

    group = UnicodeAttribute(hash_key=True)
    d = UnicodeAttribute(range_key=True)
    figures = JSONAttribute()


TABLES: Final[dict[type[Model], str]] = {
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


def connect(prefix: str) -> None:
    """Use the tables whose names begin with this prefix (the stack's name and a dash).

    All tables share one client: PynamoDB would make one for each, and reading botocore's service model takes longest.
    """
    shared = Connection(
        connect_timeout_seconds=_Meta.connect_timeout_seconds,
        read_timeout_seconds=_Meta.read_timeout_seconds,
        max_retry_attempts=_Meta.max_retry_attempts,
        max_pool_connections=_Meta.max_pool_connections,
    )
    retry_conflicts(shared.client)
    read_plainly(shared.client)
    for table, name in TABLES.items():
        table.Meta.table_name = prefix + name
        table._connection = None  # noqa: SLF001 -- PynamoDB offers no other way to share a client
        own = table._get_connection()  # noqa: SLF001
        shared.add_meta_table(own.get_meta_table())
        own.connection = shared


def connection() -> Connection:
    """Give the client that all tables share; transactions go through it."""
    return MailTestRow._get_connection().connection  # noqa: SLF001
