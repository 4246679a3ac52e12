"""The jobs' own records: the secret of test ids, the key of links, counters, heartbeats, and leases."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mxtrax.errors import Refused
from mxtrax.model import Millis, Stretch
from mxtrax.rules import budget, counters
from mxtrax.rules.act_token import KEY_BYTES
from mxtrax.rules.schedule import MOST_AHEAD
from mxtrax.rules.testid import SECRET_BYTES
from mxtrax.store.reading import row_of
from mxtrax.store.tables import RuntimeRow
from mxtrax.store.writes import saved, update

MOST_RETURNED: Final = 50
"""Addresses with returned alerts that are remembered."""


def secret() -> bytes:
    """Give the secret behind the test ids, creating it if there is none; if two workers do, the first one's is used."""
    if known := known_secret():
        return known
    made = secrets.token_hex(SECRET_BYTES)
    is_new = saved(RuntimeRow("secret", secret=made), RuntimeRow.id.does_not_exist())
    known = bytes.fromhex(made) if is_new else known_secret()
    if known is None:
        raise Refused("secret", "The secret of the test ids can be neither read nor made.")
    return known


def known_secret() -> bytes | None:
    """Give the secret behind the test ids; None before the first plan, when nothing can be genuine."""
    row = row_of(RuntimeRow, "secret")
    return bytes.fromhex(row.secret) if row else None


def act_key() -> bytes:
    """Give the key that signs the links in notices, creating it if there is none; the first one created is used."""
    if known := known_act_key():
        return known
    made = secrets.token_hex(KEY_BYTES)
    update(RuntimeRow(_ACT_KEY), [RuntimeRow.secret.set(made)], RuntimeRow.secret.does_not_exist())
    known = known_act_key()
    if known is None:
        raise Refused("act-key", "The key of the links in notices can be neither read nor made.")
    return known


def known_act_key() -> bytes | None:
    """Give the key of the links in notices; None before the first notice, when no link can be genuine."""
    row = row_of(RuntimeRow, _ACT_KEY)
    return bytes.fromhex(row.secret) if row and row.secret else None


_ACT_KEY: Final = "act-key"


def take_numbers(name: str, how_many: int) -> range:
    """Take this many numbers that nobody else gets; the very first is 1."""
    row = RuntimeRow(f"next-{name}")
    row.update(actions=[RuntimeRow.number.add(how_many)])
    return range(int(row.number) - how_many + 1, int(row.number) + 1)


def last_number(name: str) -> int:
    """Give the last number taken, 0 if none was."""
    row = row_of(RuntimeRow, f"next-{name}")
    return int(row.number or 0) if row else 0


def heartbeat(job: str, now: Millis) -> None:
    """Record that a job has just finished a round. A round that a later one has overtaken does not set it back.

    A heartbeat from the future is wrong, and is overwritten.
    """
    number = RuntimeRow.number
    odd = number.does_not_exist() | (number < now) | (number > now + MOST_AHEAD)
    update(RuntimeRow(f"heartbeat-{job}"), [number.set(now)], odd)


def count_in_hour(name: str, hour: int) -> int:
    """Count one more of something in an hour, and give how many there are now.

    A later hour starts from zero; a count for an earlier one is ignored.
    """
    row, of_this = RuntimeRow(f"count-{name}"), RuntimeRow.hour == hour
    if update(row, [RuntimeRow.number.add(1)], of_this):
        return int(row.number)
    anew = RuntimeRow.hour.does_not_exist() | (RuntimeRow.hour < hour)
    if update(row, [RuntimeRow.number.set(1), RuntimeRow.hour.set(hour)], anew):
        return 1
    # Somebody else has just begun the hour.
    return int(row.number) if update(row, [RuntimeRow.number.add(1)], of_this) else 0


def counted_in_hour(name: str, hour: int) -> int:
    """Give how many of something were counted in an hour."""
    row = row_of(RuntimeRow, f"count-{name}")
    return int(row.number or 0) if row and row.hour == hour else 0


class Storm(NamedTuple):
    """More mail than is kept: when it was last seen, and whose tests it has copies of; "" if it belongs to no test."""

    at: Millis
    maildomain: str


def note_storm(at: Millis, maildomain: str = "") -> None:
    """Record that there is more mail than is kept."""
    later = RuntimeRow.number.does_not_exist() | (RuntimeRow.number < at)
    update(RuntimeRow(_STORM), [RuntimeRow.number.set(at), RuntimeRow.maildomain.set(maildomain)], later)


def last_storm(now: Millis) -> Storm | None:
    """Give the last time that there was more mail than is kept; a time in the future does not count."""
    row, at = row_of(RuntimeRow, _STORM), last_heartbeat("storm", now)
    return Storm(at, row.maildomain or "") if row and at else None


_STORM: Final = "heartbeat-storm"


class Untested(NamedTuple):
    """Domains that seem untested, with since when that was seen; and for how many of them it is certain, as of `at`."""

    suspects: Mapping[str, Millis]
    certain: int = 0
    at: Millis = 0


def untested() -> Untested:
    """Give the domains that were untested at the last check."""
    row = next(RuntimeRow.batch_get([_UNTESTED], consistent_read=True), None)
    if row is None:
        return Untested({})
    return Untested(
        {key: int(at) for key, at in (row.untested or {}).items()}, int(row.number or 0), int(row.since or 0)
    )


def save_untested(suspects: Mapping[str, Millis], certain: int, now: Millis) -> None:
    """Record which domains seem untested; only rollup does."""
    known, number, since = (
        RuntimeRow.untested.set(dict(suspects)),
        RuntimeRow.number.set(certain),
        RuntimeRow.since.set(now),
    )
    RuntimeRow(_UNTESTED).update(actions=[known, number, since])


_UNTESTED: Final = "heartbeat-untested"


def count_tests(added: Mapping[str, int], now: Millis) -> None:
    """Add to the counters of tests (rules.counters), and record when, if some have come back.

    It is one write for all, made only if there is something to add.
    """
    actions = [getattr(RuntimeRow, name).add(number) for name, number in added.items() if number]
    if counters.TOOK in added:
        actions.append(RuntimeRow.number.set(now))
    if actions:
        RuntimeRow(_TESTS).update(actions=actions)


class Counted(NamedTuple):
    """The counters of tests so far, by name (rules.counters), and when a returned test was last counted."""

    by_name: Mapping[str, int]
    returned: Millis | None


def counted_tests() -> Counted:
    """Give the counters of tests so far."""
    row = next(RuntimeRow.batch_get([_TESTS]), None)
    numbers = {name: int(getattr(row, name, None) or 0) for name in counters.NAMES}
    return Counted(numbers, int(row.number) if row and row.number else None)


_TESTS: Final = "heartbeat-tests"


def spent_by_hour() -> dict[int, int]:
    """Give how many tests were ordered in each of the last hours."""
    row = row_of(RuntimeRow, "count-spent")
    return {int(hour): int(number) for hour, number in (row.by_hour or {}).items()} if row else {}


def spend(number: int, now: Millis) -> None:
    """Add tests to those of the day; only plan does, one run at a time."""
    after = budget.with_spent(spent_by_hour(), number, now)
    RuntimeRow("count-spent").update(actions=[RuntimeRow.by_hour.set({str(hour): it for hour, it in after.items()})])


def acquire_lease(job: str, now: Millis, until: Millis) -> bool:
    """Claim a job for one worker. False if another has it, until that releases it or its time is over."""
    free = RuntimeRow.busy_until.does_not_exist() | (RuntimeRow.busy_until <= now)
    return update(RuntimeRow(f"heartbeat-{job}"), [RuntimeRow.busy_until.set(until)], free)


def release_lease(job: str, until: Millis) -> None:
    """Release a job that was claimed until then."""
    update(RuntimeRow(f"heartbeat-{job}"), [RuntimeRow.busy_until.remove()], RuntimeRow.busy_until == until)


def last_heartbeat(job: str, now: Millis) -> Millis | None:
    """Give when a job last finished a round; None if never. A time in the future does not count: it would hide a silence."""
    row = row_of(RuntimeRow, f"heartbeat-{job}")
    return int(row.number) if row and row.number and row.number <= now + MOST_AHEAD else None


class Progress(NamedTuple):
    """How far alert has come: the version of the settings that it last used, and the last daily note.

    `noted` is when that was due, `noted_to` are the addresses that have it; `since` is when alert first ran.
    """

    version: int = 0
    since: Millis = 0
    noted: Millis = 0
    noted_to: tuple[str, ...] = ()


def alert_progress() -> Progress:
    """Give how far alert has come."""
    row = row_of(RuntimeRow, _PROGRESS)
    if row is None:
        return Progress()
    return Progress(int(row.number or 0), int(row.since or 0), int(row.noted or 0), tuple(row.noted_to or ()))


def save_alert_progress(it: Progress) -> None:
    """Record how far alert has come; only alert does, one run at a time."""
    version, since = RuntimeRow.number.set(it.version), RuntimeRow.since.set(it.since)
    noted, to = RuntimeRow.noted.set(it.noted), RuntimeRow.noted_to.set(list(it.noted_to))
    RuntimeRow(_PROGRESS).update(actions=[version, since, noted, to])


_PROGRESS: Final = "heartbeat-alert-progress"


class Came(NamedTuple):
    """A returned alert mail: when, and what that address's server said."""

    at: Millis
    why: str


def returned_alerts() -> dict[str, Came]:
    """Give the addresses whose last alert came back, by address, the latest first."""
    row = row_of(RuntimeRow, _RETURNED)
    known = {address: Came(*each) for address, each in (row.returned or {}).items()} if row else {}
    return dict(sorted(known.items(), key=lambda it: it[1].at, reverse=True))


def note_returned_alert(address: str, at: Millis, why: str) -> None:
    """Record that an alert came back from an address; only alert does, one run at a time. The latest are kept."""
    known = {**returned_alerts(), address: Came(at, why)}
    latest = sorted(known.items(), key=lambda it: it[1].at, reverse=True)[:MOST_RETURNED]
    RuntimeRow(_RETURNED).update(actions=[RuntimeRow.returned.set({name: list(each) for name, each in latest})])


_RETURNED: Final = "heartbeat-returned-alerts"


def who_names_us() -> dict[str, Millis]:
    """Give the domains whose servers said that our inbox refuses tests, with when each last did."""
    row = row_of(RuntimeRow, _NAME_US)
    return {key: int(each[0]) for key, each in (row.returned or {}).items()} if row else {}


def note_who_names_us(them: Mapping[str, Millis], since: Millis) -> None:
    """Record whose servers say that our inbox refuses tests; only alert does. The latest are kept, none before `since`."""
    known = {key: at for key, at in {**who_names_us(), **them}.items() if at >= since}
    latest = sorted(known.items(), key=lambda it: it[1], reverse=True)[:MOST_RETURNED]
    RuntimeRow(_NAME_US).update(actions=[RuntimeRow.returned.set({key: [at] for key, at in latest})])


_NAME_US: Final = "heartbeat-who-names-us"


def faults() -> tuple[Stretch, ...]:
    """Give the stretches of our own faults of the last day, in order."""
    row = row_of(RuntimeRow, "faults")
    return tuple(Stretch(*each) for each in row.stretches or ()) if row else ()


def save_faults(stretches: Iterable[Stretch]) -> None:
    """Write the stretches of our own faults; only the self-check does, one run at a time."""
    RuntimeRow("faults").update(actions=[RuntimeRow.stretches.set([list(each) for each in stretches])])


def last_heartbeats(jobs: Iterable[str]) -> dict[str, Millis | None]:
    """Give when each of some jobs last finished a round."""
    names = list(jobs)
    rows = RuntimeRow.batch_get([f"heartbeat-{job}" for job in names], consistent_read=True)
    found = {row.id: int(row.number) for row in rows if row.number}
    return {job: found.get(f"heartbeat-{job}") for job in names}
