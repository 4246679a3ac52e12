"""What is known now of each domain, and the incidents."""

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import IncludeProjection

from mxtrax.store.tables.row import ALL, Index, Row, Shared


class RetestIndex(Index["HealthRow"], name="retest"):
    """The domains that are tested more often for now, by how often: sparse, empty on a good day."""

    retest = NumberAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class SlowerIndex(Index["HealthRow"], name="slower"):
    """The domains that refuse permanently, by how many times their interval is doubled: sparse."""

    slower = NumberAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class HealthRow(Row):
    """model.DomainHealth; `window_counts` and `recent` are packed (see packing.py). Zeros may be missing."""

    class Meta(Shared):
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


class IncidentRow(Row):
    """model.Incident. `pending` is there only while a notice is due, now or later.

    While a domain fails, each of its tests may bring newer evidence, so no index includes that.
    """

    class Meta(Shared):
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
