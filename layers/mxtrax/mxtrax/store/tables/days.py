"""The figures of days: each domain's, and those of many."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from mxtrax.store.tables.row import Index, Row, Shared


class ByDay(Index["StatRow"], name="by-day"):
    """The domains that have figures for a day, by address: in as many partitions as there are shards.

    After each midnight, the whole fleet writes its first test of the day into it, within minutes.
    """

    day_shard = UnicodeAttribute(hash_key=True)
    maildomain = UnicodeAttribute(range_key=True)


class StatRow(Row):
    """model.Stat; `hours` is text (see mapping.hours_text), `day_shard` the key of by-day. Never expires."""

    class Meta(Shared):
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


class RollupRow(Row):
    """A model.Stat of many domains, as JSON: by the name of their group, and the day. Never expires."""

    class Meta(Shared):
        table_name = "rollup"

    group = UnicodeAttribute(hash_key=True)
    d = UnicodeAttribute(range_key=True)
    figures = JSONAttribute()
