"""What people set for all, and what the jobs note for themselves."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from mxtrax.store.tables.row import Row, Shared


class ConfigRow(Row):
    """What people set: the item `settings` is model.Config, `branding` model.Branding; `channels` has all channels.

    `published` has the settings that public pages use, `walls` the links of wallboards, `sessions` those that were
    ended. The item `schema` is model.Schema: the layout of all tables.
    """

    class Meta(Shared):
        table_name = "config"

    id = UnicodeAttribute(hash_key=True)
    settings = JSONAttribute()
    version = NumberAttribute()


class RuntimeRow(Row):
    """The jobs' own records, an item each: `secret`, `next-*`, `heartbeat-*`, `count-*`, `faults`.

    `number` is the last number taken, the moment of a heartbeat, or the count in the hour `hour`. The attributes after
    `noted_to` are only in the item `heartbeat-tests`: rules/counters.py.
    """

    class Meta(Shared):
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
