"""Measure how much one core sends and folds, with an AWS that answers at once."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

import botocore.session

from infra.bench.clock import quickest
from infra.bench.figure import Figure
from infra.bench.stub import answering
from infra.bench.world import SENDER, START, domain
from mxtrax.jobs import aggregate, folds, plan, send
from mxtrax.mail import compose
from mxtrax.model import HOUR, MINUTE, SECOND, Config, DomainHealth, Kind, Recent, Stat, State, Verdict, WindowCounts
from mxtrax.model.orders import FoldOrder, SendBatch
from mxtrax.rules.statistics import RECENT, day_of
from mxtrax.rules.status import listing_of
from mxtrax.runtime.environment import Settings
from mxtrax.store import mapping, tables

BATCH: Final = 90
PAGE: Final = aggregate.PAGE - 1
SETTINGS: Final = Settings(tables="bench-", bucket="inbox", configuration_set="bench")


def figures(rounds: int) -> Iterator[Figure]:
    """Give tests sent and folded per second of one core's time, and how many bare calls would take as long."""
    took, bare = _sending(rounds)
    yield Figure("tests sent a second and core, AWS answering at once", f"{1 / took:,.0f}")
    yield Figure("  time of one, in bare SendEmail calls of botocore", f"{took / bare:.2f}")
    took, bare = _folding(rounds)
    yield Figure("tests folded a second and core, each of another domain, AWS answering at once", f"{1 / took:,.0f}")
    yield Figure(
        "  time of one, in bare TransactWriteItems calls of botocore with as many writes", f"{took / bare:.2f}"
    )


# --- sending


def _sending(rounds: int) -> tuple[float, float]:
    """Give the time of one test of a batch, and of a bare call with the same mail."""
    numbers = itertools.count()
    config = Config(sendinguser=SENDER)
    orders = [plan.order(bytes(32), domain(n), "1", config, None) for n in range(BATCH)]
    batch = SendBatch(sender=SENDER, keep_days=90, tests=tuple(orders))
    raw = compose.compose(orders[0].testid, SENDER, orders[0].to, "", START)
    bare = {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [orders[0].to]},
        "Content": {"Raw": {"Data": raw}},
        "EmailTags": [{"Name": "mxtrax-test", "Value": orders[0].testid}],
        "ConfigurationSetName": "bench",
    }
    with answering({"SendEmail": lambda _: {"MessageId": f"0102019b0c1d2e3f-{next(numbers)}"}}):
        client: Any = botocore.session.get_session().create_client("sesv2")
        took = quickest(lambda: _send(batch), rounds), quickest(lambda: _bare(client.send_email, bare), rounds)
        return took[0] / BATCH, took[1] / BATCH


def _bare(call: Callable[..., object], asked: dict[str, Any]) -> None:
    for _ in range(BATCH):
        call(**asked)


def _send(batch: SendBatch) -> None:
    sent = send.run(batch, lambda: START, SETTINGS)
    if sent["sent"] != BATCH:
        raise AssertionError(sent)


# --- folding


def _folding(rounds: int) -> tuple[float, float]:
    """Give the time of one of a page of on-time tests, each of a domain with a full day behind it, and of a bare call."""
    now = START + 6 * MINUTE
    due = [_row(n) for n in range(PAGE)]
    tables = {
        "bench-maildomain": {domain(n).key: _domain_row(n).serialize() for n in range(PAGE)},
        "bench-health": {domain(n).key: mapping.health_row(_health(n)).serialize() for n in range(PAGE)},
        "bench-mailtest": {row["testid"]["S"]: row for row in due},
        "bench-stat": {domain(n).key: mapping.stat_row(_stat(n)).serialize() for n in range(PAGE)},
    }

    def query(asked: dict[str, Any]) -> dict[str, Any]:
        found = due if asked.get("IndexName") == "due" else []
        return {"Items": found, "Count": len(found), "ScannedCount": len(found)}

    def batch_get(asked: dict[str, Any]) -> dict[str, Any]:
        ((table, wanted),) = asked["RequestItems"].items()
        keys = [
            next(key[name]["S"] for name in ("key", "testid", "maildomain") if name in key) for key in wanted["Keys"]
        ]
        return {"Responses": {table: [tables[table][key] for key in keys]}, "UnprocessedKeys": {}}

    written = dict[str, Any]()

    def write(asked: dict[str, Any]) -> dict[str, Any]:
        written.update(asked)
        return {}

    answers = {
        "Query": query,
        "Scan": query,
        "BatchGetItem": batch_get,
        "TransactWriteItems": write,
    }
    with answering(answers), patch.object(folds, "PER_SECOND", math.inf):
        took = quickest(lambda: _fold(now), rounds) / PAGE
        client: Any = botocore.session.get_session().create_client("dynamodb")
        bare = {"TransactItems": written["TransactItems"]}
        folded = len(bare["TransactItems"]) // 3  # the test, its day, its domain's health
        return took, quickest(lambda: _bare(client.transact_write_items, bare), rounds) / BATCH / folded


def _fold(now: int) -> None:
    done = aggregate.run(FoldOrder(shards=(0,)), now, SETTINGS, lambda: True)
    if done["folded"] != PAGE:
        raise AssertionError(done)


def _row(number: int) -> dict[str, Any]:
    """Give a test that has come back after four seconds, as stored in DynamoDB."""
    back = START + 4 * SECOND
    row = tables.MailTestRow(
        f"0f47b1a2-92f6-4c1e-9d0a-{number:012}",
        maildomain=domain(number).key,
        sendtime=START,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        shard=0,
        due=back,
        receivetime=back,
        returned_as=str(Kind.MESSAGE),
        seen={f"in-{number}"},
        accepted=START,
        ses_message_id=f"0102019b0c1d2e3f-{number}",
        expires=START // SECOND + 90 * 86_400,
        rev=3,
    )
    serialized: dict[str, Any] = row.serialize()
    return serialized


def _domain_row(number: int) -> tables.MailDomainRow:
    return mapping.maildomain_row(domain(number), listing_of(_health(number), maintmode=False))


def _health(number: int) -> DomainHealth:
    recent = tuple(Recent(START - n * 15 * MINUTE, Verdict.ONTIME, 4_000) for n in range(RECENT, 0, -1))
    window_counts = {START // HOUR - n: WindowCounts(4, 0, 0, 16_000) for n in range(24)}
    known = DomainHealth(
        maildomain=domain(number).key, state=State.OK, recent=recent, window_counts=window_counts, streak=RECENT
    )
    return replace(known, version=1_000)


def _stat(number: int) -> Stat:
    return Stat(
        maildomain=domain(number).key,
        d=day_of(START),
        min_delivery_time=3_000,
        max_delivery_time=9_000,
        ontime_num=40,
        total_num=40,
        total_delivery_time=160_000,
        histogram={210 + n: 5 for n in range(8)},
        version=40,
    )
