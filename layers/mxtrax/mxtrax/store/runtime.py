"""What the jobs keep for themselves: the secret that test ids are minted from, counters, heartbeats, and who works alone."""

import secrets
from collections.abc import Iterable

from pynamodb.exceptions import DoesNotExist, PutError

from mxtrax.errors import Refused
from mxtrax.model import Millis
from mxtrax.rules.evidence import Stretch
from mxtrax.rules.schedule import MOST_AHEAD
from mxtrax.rules.testid import SECRET_BYTES
from mxtrax.store.tables import RuntimeRow
from mxtrax.store.writes import lost, update


def secret() -> bytes:
    """Give the secret behind the test ids, making it when there is none. Whoever comes second takes the first one's."""
    if known := known_secret():
        return known
    made = secrets.token_hex(SECRET_BYTES)
    try:
        RuntimeRow("secret", secret=made).save(condition=RuntimeRow.id.does_not_exist())
    except PutError as error:
        if not lost(error):
            raise
        known = known_secret()
    else:
        known = bytes.fromhex(made)
    if known is None:
        raise Refused("secret", "The secret of the test ids can be neither read nor made.")
    return known


def known_secret() -> bytes | None:
    """Give the secret behind the test ids; None before the first plan, when nothing can be genuine."""
    row = _row("secret")
    return bytes.fromhex(row.secret) if row else None


def take_numbers(name: str, how_many: int) -> range:
    """Take this many numbers that nobody else gets; the first ever is 1."""
    row = RuntimeRow(f"next-{name}")
    row.update(actions=[RuntimeRow.number.add(how_many)])
    return range(int(row.number) - how_many + 1, int(row.number) + 1)


def last_number(name: str) -> int:
    """Give the last number that somebody took, 0 where nobody did."""
    row = _row(f"next-{name}")
    return int(row.number or 0) if row else 0


def heartbeat(job: str, now: Millis) -> None:
    """Note that a job has just finished a round. A round that was overtaken by a later one does not turn it back.

    One of the future was none, and is set right.
    """
    number = RuntimeRow.number
    odd = number.does_not_exist() | (number < now) | (number > now + MOST_AHEAD)
    update(RuntimeRow(f"heartbeat-{job}"), [number.set(now)], odd)


def count_in_hour(name: str, hour: int) -> None:
    """Count one more of something in an hour. A later hour begins anew; what is of an earlier one counts no more."""
    row, of_this = RuntimeRow(f"count-{name}"), RuntimeRow.hour == hour
    if update(row, [RuntimeRow.number.add(1)], of_this):
        return
    anew = RuntimeRow.hour.does_not_exist() | (RuntimeRow.hour < hour)
    if not update(row, [RuntimeRow.number.set(1), RuntimeRow.hour.set(hour)], anew):
        update(row, [RuntimeRow.number.add(1)], of_this)  # Somebody else has just begun the hour.


def counted_in_hour(name: str, hour: int) -> int:
    """Give how many of something were counted in an hour."""
    row = _row(f"count-{name}")
    return int(row.number or 0) if row and row.hour == hour else 0


def acquire_lease(job: str, now: Millis, until: Millis) -> bool:
    """Claim a job for one worker alone. False where another has it, until it gives it up or its time is over."""
    free = RuntimeRow.busy_until.does_not_exist() | (RuntimeRow.busy_until <= now)
    return update(RuntimeRow(f"heartbeat-{job}"), [RuntimeRow.busy_until.set(until)], free)


def release_lease(job: str, until: Millis) -> None:
    """Give up a job that was claimed until then."""
    update(RuntimeRow(f"heartbeat-{job}"), [RuntimeRow.busy_until.remove()], RuntimeRow.busy_until == until)


def last_heartbeat(job: str, now: Millis) -> Millis | None:
    """Give when a job last finished a round; None where it never has. One of the future is none: it would hide a silence."""
    row = _row(f"heartbeat-{job}")
    return int(row.number) if row and row.number and row.number <= now + MOST_AHEAD else None


def faults() -> tuple[Stretch, ...]:
    """Give the stretches of our own faults of the last day, in order."""
    row = _row("faults")
    return tuple(Stretch(*each) for each in row.stretches or ()) if row else ()


def save_faults(stretches: Iterable[Stretch]) -> None:
    """Write the stretches of our own faults; the self-check alone does, one at a time."""
    RuntimeRow("faults").update(actions=[RuntimeRow.stretches.set([list(each) for each in stretches])])


def _row(name: str) -> RuntimeRow | None:
    try:
        return RuntimeRow.get(name, consistent_read=True)
    except DoesNotExist:
        return None
