"""The customers and their domains, whose servers take their mail, the maintenance windows, and who changed what."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import AllProjection, IncludeProjection

from mxtrax.store.tables.row import ALL, FLEET, Index, Row, Shared


class CustomersInOrder(Index["CustomerRow"], name="in-order", projection=AllProjection()):
    """All customers by codename."""

    all = UnicodeAttribute(hash_key=True)
    codename = UnicodeAttribute(range_key=True)


class ByLink(Index["CustomerRow"], name="by-link"):
    """From a public page's link to its customer: sparse."""

    link = UnicodeAttribute(hash_key=True)


class CustomerRow(Row):
    """model.Customer. `domains` counts its domains, in the transactions that move them: an index lags behind."""

    class Meta(Shared):
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


class MailDomainRow(Row):
    """model.MailDomain, by its address in lower case. Aggregate writes `status`, `urgency` and `early_mark`.

    Observe writes `provider`; `observed` is true once the servers have been looked up.
    """

    class Meta(Shared):
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


class MailServerRow(Row):
    """model.MailServer: an address, and one of the domains whose mail it accepts. `expires` is its TTL."""

    class Meta(Shared):
        table_name = "mailserver"

    address = UnicodeAttribute(hash_key=True)
    domainname = UnicodeAttribute(range_key=True)
    host = UnicodeAttribute()
    expires = NumberAttribute()


class WindowRow(Row):
    """model.Window."""

    class Meta(Shared):
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


class OfTarget(Index["AuditRow"], name="of-target", projection=AllProjection()):
    """The changes of one target, in order."""

    target = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class AuditRow(Row):
    """model.Change. `id` begins with the moment, which keeps them in order; `before` and `after` are JSON."""

    class Meta(Shared):
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
