"""The product in the simulation: its jobs, on a database in this process. Nothing else here uses its code.

Judging and notifying are unchanged. Only what surrounds them is made fast and reproducible: records are read again only
if they were written since, a letter is composed once for each address, mails are sent one after the other.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any, Final, Self
from unittest.mock import patch
from zoneinfo import ZoneInfo

from infra.simulation import database
from infra.simulation.model import MINUTE, OWN_LOOP, SECOND, SENDER, Millis, Scenario, Trouble
from infra.simulation.seen import Notice
from mxtrax.aws import s3, ses, sns, sqs
from mxtrax.jobs import aggregate, alert, feedback, observe, plan, receive, send, sweep
from mxtrax.mail import compose
from mxtrax.model import (
    MONITOR,
    AlarmWhen,
    Cause,
    Config,
    Customer,
    Incident,
    Limits,
    MailDomain,
    MailServer,
    MailServers,
    NoticeKind,
    Scope,
    Window,
)
from mxtrax.model import Notice as NoticeOfProduct
from mxtrax.model.orders import FoldOrder, ObserveOrder, SendBatch, Wake, from_json
from mxtrax.report import alert as report
from mxtrax.runtime import log
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, fleet, incidents, mapping, tables, windows
from mxtrax.store.config import load_config, save_config

type Replacement = tuple[object, str, object]

OPENED: Final = str(NoticeKind.OPENED)
CLOSED: Final = str(NoticeKind.CLOSED)
MONITOR_ITSELF: Final = MONITOR
"""Used instead of a domain for our own failures."""

OWN_FAULT: Final = str(Cause.MONITOR_FAULT)
OWN_ADDRESS: Final = f"{OWN_LOOP}@{SENDER.partition('@')[2]}"
"""The address of our own loop."""

ALERTS: Final = "ops@example.org"
PREFIX: Final = "t-"
SECRET: Final = "5e" * 32
"""The secret of test ids; a random one would make each run different."""

SURROUNDINGS: Final = {
    "AWS_ACCESS_KEY_ID": "simulation",
    "AWS_SECRET_ACCESS_KEY": "simulation",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Nothing here can reach an account."""

SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "default": {},
    "open2": {"open_after": 2},
    "open3": {"open_after": 3},
    "lenient": {"open_after": 2, "limits": {"maxlatenumber": 3, "maxlatepercentage": 10.0}},
}
"""Settings by name; each changes Config's fields."""


@dataclass
class Product:
    """The jobs, and their notices. `composing` are those of the alert mail that was composed last."""

    settings: Settings
    database: database.Database
    composing: Sequence[NoticeOfProduct] = field(default=())

    # --- its jobs

    def plan(self, scheduled: Millis) -> None:
        """Run plan, for the minute that the schedule names."""
        plan.run(scheduled, self.settings)

    def alert(self, now: Millis) -> None:
        """Run alert."""
        alert.run(now, self.settings)

    def feedback(self, event: Mapping[str, Any]) -> None:
        """Run feedback with one of SES's events."""
        feedback.run(event, self.settings)

    def receive(self, record: Mapping[str, Any], now: Millis) -> None:
        """Run receive with SES's record of an arrival."""
        receive.run(record, now, self.settings)

    def sweep(self, now: Millis) -> None:
        """Run the sweep of the inbox."""
        sweep.run(now, self.settings, lambda: True)

    def consume(self, queue: str, message: str, clock: Callable[[], Millis]) -> None:
        """Run the job of a queue with a message."""
        match queue:
            case "send":
                send.run(from_json(SendBatch, message), clock, self.settings)
            case "aggregate":
                aggregate.run(from_json(FoldOrder, message), clock(), self.settings, lambda: True)
            case "observe":
                observe.run(from_json(ObserveOrder, message), clock(), self.settings, lambda: True)
            case "alert":
                alert.run(clock(), self.settings, from_json(Wake, message))

    # --- its notices

    def told_by_mail(self, now: Millis) -> list[Notice]:
        """Give the notices of the alert mail sent at this moment."""
        return [_notice("mail", now, _named(it.incident), str(it.kind), it.incident) for it in self.composing]

    def told_by_topic(self, message: Mapping[str, Any], now: Millis) -> Notice:
        """Give the notice in a message of the topic."""
        id_ = message.get("record", message["incident"])
        record = id_.rpartition("-")[0] if message["maildomain"] == MONITOR else id_
        incident = incidents.get(record) or incidents.get(id_)
        if incident is None:
            raise LookupError(f"the topic names an incident that nobody knows: {id_}")
        return _notice("topic", now, id_, message["notice"], incident)

    # --- its records

    def dropped_and_untold(self) -> tuple[int, int]:
        """Count the incidents that it dropped, and those of domains of which it never notified anybody."""
        known = [mapping.incident(row) for row in tables.IncidentRow.scan()]
        untold = [it for it in known if it.maildomain != MONITOR and not it.notified and not it.dropped]
        return sum(bool(it.dropped) for it in known), len(untold)

    def counted(self) -> dict[str, int]:
        """Add up what it counted in all days."""
        days = [mapping.stat(row) for row in tables.StatRow.scan()]
        names = ("ontime_num", "late_num", "fail_num", "total_num", "unsent_num", "quiet_total_num")
        return {name: sum(getattr(day, name) for day in days) for name in names}

    def forget(self, before: Millis) -> None:
        """Delete older tests with a final verdict, as their time to live would do later."""
        table = self.database.tables[f"{PREFIX}mailtest"]
        for key, item in list(table.items.items()):
            if item.get("incl_in_stat", {}).get("BOOL") and int(item["sendtime"]["N"]) < before:
                table.drop(key)


def _named(it: Incident) -> str:
    """Name an incident as in machines' notices: the monitor's own share one record, and differ by when they opened."""
    return f"{it.id}-{it.opened}" if it.maildomain == MONITOR else it.id


def _notice(channel: str, now: Millis, id_: str, kind: str, it: Incident) -> Notice:
    return Notice(
        channel=channel,
        at=now,
        incident=id_,
        kind=kind,
        domain=it.maildomain,
        cause=str(it.cause or ""),
        mail=it.testid,
        evidence=it.evidence,
    )


@contextmanager
def on_stage(scenario: Scenario, config: Mapping[str, Any], clients: Mapping[str, Any]) -> Iterator[Product]:
    """Set up the product for a scenario, with these AWS clients, and restore everything afterwards."""
    settings = Settings(
        tables=PREFIX,
        bucket="inbox",
        send_queue="send",
        aggregate_queue="aggregate",
        observe_queue="observe",
        alert_queue="alert",
        alert_topic="topic",
        sending_user=SENDER,
        alert_user=ALERTS,
        own_loop=OWN_LOOP,
        send_rate=50.0,
    )
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, SURROUNDINGS))
        it = Product(settings, stack.enter_context(database.answering()))
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        for where, name, by in (*_surroundings(clients), *_quick(it), (observe, "Resolver", _names(scenario))):
            stack.enter_context(patch.object(where, name, by))
        tables.connect(PREFIX)
        for table in tables.TABLES:
            table.create_table()
        tables.RuntimeRow("secret", secret=SECRET).save()
        _furnish(scenario, config, settings)
        yield it


def _furnish(scenario: Scenario, config: Mapping[str, Any], settings: Settings) -> None:
    """Save settings, customers, domains and declared maintenance."""
    save_config(replace(load_config(settings.initial), interval_minutes=scenario.interval, **_of_config(config)))
    for name in scenario.customers:
        customers.add(Customer(codename=name, friendlyname=f"Customer {name}"))
    domains = scenario.domains.values()
    made = [MailDomain(id=0, testuser="mxtrax", domainname=it.name, customer=it.customer) for it in domains]
    fleet.add([replace(one, interval_minutes=it.interval) for one, it in zip(made, domains, strict=True)])
    for trouble in scenario.troubles:
        for key in trouble.domains if trouble.declared else ():
            windows.save(_window(trouble, key))


def _of_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Make Config's fields of plain values."""
    given = dict(config)
    if "limits" in given:
        given["limits"] = Limits(**given["limits"])
    if "alarm_when" in given:
        given["alarm_when"] = AlarmWhen(given["alarm_when"])
    known = Config.__dataclass_fields__
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"Config has no {', '.join(unknown)}; it has {', '.join(known)}")
    return given


def _window(trouble: Trouble, key: str) -> Window:
    """Make the maintenance window: as announced, else from shortly before to shortly after."""
    announced = trouble.window or (trouble.start - 5 * MINUTE, trouble.end + 10 * MINUTE)
    zone = ZoneInfo(trouble.zone)
    start, end = (datetime.fromtimestamp(at / SECOND, zone).strftime("%Y-%m-%dT%H:%M") for at in announced)
    return Window(id=f"w{key}", scope=Scope.DOMAIN, start=start, end=end, zone=trouble.zone, target=key, weekly=True)


# --- around the jobs


def _names(scenario: Scenario) -> type:
    """Make a DNS with the scenario's providers and the names of their servers."""
    by_name = {it.name: it for it in scenario.domains.values()}

    class Names:
        """Replaces the resolver."""

        def __init__(self, *_: object) -> None:
            pass

        def mail_servers(self, name: str) -> MailServers:
            """Give the servers that accept a domain's mail."""
            if (it := by_name.get(name)) is None:
                return MailServers(name, ("inbound-smtp.eu-west-1.amazonaws.com",))
            return MailServers(name, (it.mx,), (MailServer(it.address, name, it.mx),))

    return Names


class _InLine:
    """Replaces a thread pool: runs calls one after the other, so that all runs are the same."""

    def __init__(self, _: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


def _surroundings(clients: Mapping[str, Any]) -> Iterator[Replacement]:
    for module in (s3, ses, sns, sqs):
        yield module, "client", clients.__getitem__
    yield send, "ThreadPoolExecutor", _InLine
    yield observe, "ThreadPoolExecutor", _InLine
    yield receive, "_known_secret", []
    yield log.metrics, "add_metric", lambda **_: None


def _quick(it: Product) -> Iterator[Replacement]:
    for name in ("everyone", "everyone_listed"):
        yield fleet, name, _cached(it, "maildomain", getattr(fleet, name), list)
    yield customers, "everyone", _cached(it, "customer", customers.everyone, dict)
    yield windows, "everything", _cached(it, "window", windows.everything, list)
    yield compose, "compose", _composed_once(compose.compose)
    for name in ("health", "maildomain", "incident"):
        yield mapping, name, _made_once(getattr(mapping, name))
    yield report, "compose", _watched(it, report.compose)


def _cached[T](it: Product, name: str, read: Callable[[], Any], copied: Callable[[Any], T]) -> Callable[[], T]:
    """Read a whole table again only if it was written since."""
    known: dict[int, T] = {}

    def quick() -> T:
        writes = it.database.tables[PREFIX + name].writes
        if writes not in known:
            known.clear()
            known[writes] = copied(read())
        return copied(known[writes])

    return quick


def _made_once(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let the store turn each row into a record only once."""

    def quick(row: Any) -> Any:  # noqa: ANN401 -- whatever the store makes of a row
        known = vars(row).get("_record")
        if known is None:
            known = vars(row)["_record"] = make(row)
        return known

    return quick


def _composed_once(write: Callable[[str, str, str, str, Millis], bytes]) -> Callable[..., bytes]:
    """Compose each address's letter once, and then only fill in id and date."""
    blank = "00000000-0000-4000-8000-000000000000"

    @cache
    def form(sender: str, address: str, name: str) -> bytes:
        return write(blank, sender, address, name, 0).replace(b"Thu, 01 Jan 1970 00:00:00 +0000", b"@DATE@")

    def quick(testid: str, sender: str, address: str, name: str, now: Millis) -> bytes:
        date = format_datetime(datetime.fromtimestamp(now // SECOND, UTC)).encode()
        return form(sender, address, name).replace(blank.encode(), testid.encode()).replace(b"@DATE@", date)

    return quick


def _watched(it: Product, compose_mail: Callable[..., report.Mail]) -> Callable[..., report.Mail]:
    """Record which incidents a composed mail is about."""

    def seen(
        now: Millis, config: Config, notices: Sequence[NoticeOfProduct], *rest: object, **more: object
    ) -> report.Mail:
        it.composing = tuple(notices)
        return compose_mail(now, config, notices, *rest, **more)

    return seen
