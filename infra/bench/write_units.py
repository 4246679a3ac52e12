"""Count the write units of an on-time test: a day of a few domains with a day's history, by DynamoDB's rules.

The jobs run on moto. Each item that they write is compared before and after, in its table and in each index.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from statistics import mean
from typing import Any, Final, NamedTuple

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from pynamodb.indexes import GlobalSecondaryIndex
from pynamodb.models import Model

from infra.bench.ears import hearing, listening
from infra.bench.figure import Figure
from infra.bench.item_size import Index, Item, index_units, size_of, units
from infra.bench.stack import REGION
from infra.bench.world import START, World, seed, world
from infra.partiql.requests import requested
from mxtrax.model import DAY, HOUR, MINUTE, SECOND, DomainHealth, MailDomain, MailTest, Millis, State, Verdict
from mxtrax.rules import schedule
from mxtrax.rules.cause import Why
from mxtrax.rules.marks import early_mark
from mxtrax.rules.statistics import add_to_health
from mxtrax.rules.status import listing_of
from mxtrax.store import mapping, tables

DOMAINS: Final = 4
INTERVAL: Final = 15
AIM: Final = 14.1
MIDNIGHT: Final[Millis] = START // DAY * DAY

WRITTEN: Final = (tables.MailTestRow, tables.StatRow, tables.HealthRow, tables.MailDomainRow)

OVERHEAD: Final = 100
"""Bytes that DynamoDB adds to each item and index entry when it counts storage."""

type Spent = Counter[tuple[str, str]]
"""Write units by table and index; the table itself is ""."""


class Measured(NamedTuple):
    """A day's result: units, tests, minutes with tests, bytes stored per test, bytes of items by table (mean, most)."""

    spent: Spent
    tests: int
    minutes: int
    kept: float
    items: Mapping[str, tuple[float, int]]


def figures(days: float = 1.0) -> Iterator[Figure]:
    """Give the write units of a test, in total and by table and index, and those of a minute, whatever is tested."""
    spent, tests, minutes, kept, items = measured(int(days * DAY) // (INTERVAL * MINUTE))
    of_minute = spent.pop(("runtime", ""), 0)
    total = spent.total() / tests
    where = f"{DOMAINS} domains every {INTERVAL} min, {tests} tests, a day behind them"
    what = f"DynamoDB write units per on-time test ({where})"
    yield Figure(what, f"{total:.2f}", f"at most {AIM}", ok=total <= AIM).named(write_units_per_test=round(total, 3))
    for (table, index), number in spent.most_common():
        yield Figure(f"  {table}{', index ' if index else ''}{index}", f"{number / tests:.2f}")
    yield Figure("  bytes kept of a test, with its entries in indexes", f"{kept:.0f}").named(bytes_per_test=round(kept))
    for table, (average, most) in items.items():
        yield Figure(f"  bytes of an item of {table}, without indexes: on average, at most", f"{average:.0f}, {most}")
    yield Figure("  and of each minute, whatever it tests (runtime)", f"{of_minute / minutes:.0f}")


def measured(rounds: int) -> Measured:
    """Test the domains this many times from midnight on; give the units, the tests, and the minutes with tests."""
    chance = Random(7)  # noqa: S311 -- it need be repeatable, not secret
    with listening() as heard, _spending() as spent, world(heard, 100) as it:
        domains = _same_phase(DOMAINS)
        seed(_ripe_rows(domains, chance))
        spent.clear()
        tests = sum(_round(it, MIDNIGHT + number * INTERVAL * MINUTE, domains, chance) for number in range(rounds))
        return Measured(spent, tests, rounds, _kept(), _items())


def _kept() -> float:
    """Give the bytes of a test with its index entries, as DynamoDB counts storage."""
    model = tables.MailTestRow
    items = _stored(model.Meta.table_name)
    sizes = [size_of(item) + OVERHEAD for item in items]
    for index in _indexes(model):
        entries = [item for item in items if all(key in item for key in index.keys)]
        sizes += [
            size_of({name: item[name] for name in index.holds or item if name in item}) + OVERHEAD for item in entries
        ]
    return sum(sizes) / len(items)


def _items() -> dict[str, tuple[float, int]]:
    """Give the bytes of the items of each table that a test writes."""
    sizes = {it: [size_of(item) for item in _stored(it.Meta.table_name)] for it in WRITTEN}
    return {it.Meta.table_name.removeprefix("bench-"): (mean(each), max(each)) for it, each in sizes.items() if each}


def _stored(table: str) -> list[Item]:
    return [_plain(item.attrs) for item in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[table].all_items()]


def _plain(attributes: Any) -> Item:  # noqa: ANN401 -- moto's
    item: Item = json.loads(json.dumps(attributes, default=lambda it: it.to_json()))
    return item


def _round(it: World, slot: Millis, domains: list[MailDomain], chance: Random) -> int:
    phase = next(n for n in range(INTERVAL) if schedule.is_due(domains[0], slot // MINUTE + n, it.config))
    it.now = slot + phase * MINUTE + chance.randrange(900)
    it.heard.forget()
    return it.tick(DOMAINS, _took(chance))


def _took(chance: Random) -> Millis:
    return round(4 * SECOND * math.exp(chance.gauss(0, 0.4)))


def _same_phase(wanted: int) -> list[MailDomain]:
    """Make domains that are due in the same minute, so that a round takes one minute of the jobs."""
    found, number = list[MailDomain](), 0
    config = World.config
    while len(found) < wanted:
        number += 1
        domain = MailDomain(id=number, testuser="mxtrax", domainname=f"customer{number}.example", customer="acme")
        if schedule.is_due(domain, 0, config):
            found.append(domain)
    return found


def _ripe_rows(domains: list[MailDomain], chance: Random) -> Iterator[Model]:
    """Give each domain a day of earlier on-time tests."""
    for domain in domains:
        health = DomainHealth(
            maildomain=domain.key, state=State.OK, since=MIDNIGHT - DAY, provider="outlook.com", version=1
        )
        for age in range(DAY // (INTERVAL * MINUTE), 0, -1):
            test = _past(domain, MIDNIGHT - age * INTERVAL * MINUTE + chance.randrange(900), _took(chance))
            health = add_to_health(health, test, Verdict.ONTIME, Why(), 24, MIDNIGHT)
        health = replace(health, early_mark=early_mark(health.recent, World.config.maxreturntime))
        yield mapping.health_row(health)
        yield mapping.maildomain_row(domain, listing_of(health, maintmode=False))


def _past(domain: MailDomain, sent: Millis, took: Millis) -> MailTest:
    return MailTest(
        testid="past",
        maildomain=domain.key,
        sendtime=sent,
        receivetime=sent + took,
        maxreturntime=300,
        max_sec_until_fail=24 * HOUR // SECOND,
    )


# --- the cost of each write


@contextmanager
def _spending() -> Iterator[Spent]:
    """Add up what every session opened within this context writes."""
    spent: Spent = Counter()

    def asks(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 -- botocore's
        context["written"] = [(*each, _read(*each[:2])) for each in _written(model.name, params)]

    def done(context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        for table, key, times, before in context.pop("written", ()):
            _count(spent, table, times, before, _read(table, key))

    with hearing(("before-parameter-build.dynamodb", asks), ("after-call.dynamodb", done)):
        yield spent


def _written(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, Item, int]]:
    """Give a call's writes: the table, the item's key, and the factor for its units."""
    match operation:
        case "PutItem" | "UpdateItem" | "DeleteItem":
            yield params["TableName"], _key(params), 1
        case "BatchExecuteStatement":
            for each in params["Statements"]:
                _, asked = requested(each)
                yield asked["TableName"], _key(asked), 1
        case "TransactWriteItems":
            for each in params["TransactItems"]:
                ((_, part),) = each.items()
                yield part["TableName"], _key(part), 2
        case "BatchWriteItem":
            for table, parts in params["RequestItems"].items():
                for part in parts:
                    ((_, it),) = part.items()
                    yield table, _key({"TableName": table, **it}), 1


def _key(part: Mapping[str, Any]) -> Item:
    names = {
        it.attr_name for it in _model(part["TableName"]).get_attributes().values() if it.is_hash_key or it.is_range_key
    }
    given: Item = part.get("Key") or part["Item"]
    return {name: given[name] for name in names}


def _read(table: str, key: Item) -> Item | None:
    """Read moto's own tables; through its API, this would count as a call."""
    found = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_item(table, dict(key))
    if found is None:
        return None
    return _plain(found.attrs)


def _count(spent: Spent, table: str, times: int, before: Item | None, after: Item | None) -> None:
    name = table.removeprefix("bench-")
    spent[name, ""] += times * units(before, after)
    for index in _indexes(_model(table)):
        if cost := index_units(before, after, index):
            spent[name, index.name] += cost


def _model(table: str) -> type[Model]:
    return next(model for model in tables.TABLES if model.Meta.table_name == table)


def _indexes(model: type[Model]) -> Iterator[Index]:
    own = tuple(it.attr_name for it in model.get_attributes().values() if it.is_hash_key or it.is_range_key)
    for it in vars(model).values():
        if isinstance(it, GlobalSecondaryIndex):
            keys = tuple(each.attr_name for each in it.Meta.attributes.values())
            projection = it.Meta.projection
            everything = projection.projection_type == "ALL"
            more = frozenset(projection.non_key_attributes or ())
            yield Index(it.Meta.index_name, keys, None if everything else frozenset((*own, *keys)) | more)
