"""The Config table: the settings, the secret that test ids are minted from, the counters, and the heartbeats of the jobs."""

import secrets
from dataclasses import replace

from pynamodb.exceptions import PutError

from mxtrax.errors import Refused
from mxtrax.model import Config, Millis
from mxtrax.rules.testid import SECRET_BYTES
from mxtrax.store import mapping
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import lost, update


def load(initial: Config) -> Config:
    """Read the settings; the initial ones where none were ever saved."""
    row = _row("settings")
    return mapping.config(row.settings, int(row.version or 0)) if row and row.settings else initial


def save(config: Config) -> Config:
    """Save checked settings in place of the version they were made from. Raises Refused where somebody was quicker."""
    settings = mapping.config_settings(config)
    row = ConfigRow("settings", settings=settings, version=config.version + 1)
    condition = (ConfigRow.version == config.version) if config.version else ConfigRow.id.does_not_exist()
    try:
        row.save(condition=condition)
    except PutError as error:
        if lost(error):
            raise Refused("version", "The settings were changed meanwhile; look at them again, then save.") from error
        raise
    return replace(config, version=config.version + 1)


def secret() -> bytes:
    """Give the secret behind the test ids, making it when there is none. Whoever comes second takes the first one's."""
    if known := known_secret():
        return known
    made = secrets.token_hex(SECRET_BYTES)
    try:
        ConfigRow("secret", secret=made).save(condition=ConfigRow.id.does_not_exist())
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
    row = ConfigRow(f"next-{name}")
    row.update(actions=[ConfigRow.number.add(how_many)])
    return range(int(row.number) - how_many + 1, int(row.number) + 1)


def last_number(name: str) -> int:
    """Give the last number that somebody took, 0 where nobody did."""
    row = _row(f"next-{name}")
    return int(row.number or 0) if row else 0


def heartbeat(job: str, now: Millis) -> None:
    """Note that a job has just finished a round. A round that was overtaken by a later one does not turn it back."""
    later = ConfigRow.number.does_not_exist() | (ConfigRow.number < now)
    update(ConfigRow(f"heartbeat-{job}"), [ConfigRow.number.set(now)], later)


def count_in_hour(name: str, hour: int) -> None:
    """Count one more of something in an hour. A later hour begins anew; what is of an earlier one counts no more."""
    row, of_this = ConfigRow(f"count-{name}"), ConfigRow.version == hour
    if update(row, [ConfigRow.number.add(1)], of_this):
        return
    anew = ConfigRow.version.does_not_exist() | (ConfigRow.version < hour)
    if not update(row, [ConfigRow.number.set(1), ConfigRow.version.set(hour)], anew):
        update(row, [ConfigRow.number.add(1)], of_this)  # Somebody else has just begun the hour.


def counted_in_hour(name: str, hour: int) -> int:
    """Give how many of something were counted in an hour."""
    row = _row(f"count-{name}")
    return int(row.number or 0) if row and row.version == hour else 0


def acquire_lease(job: str, now: Millis, until: Millis) -> bool:
    """Claim a job for one worker alone. False where another has it, until it gives it up or its time is over."""
    free = ConfigRow.busy_until.does_not_exist() | (ConfigRow.busy_until <= now)
    return update(ConfigRow(f"heartbeat-{job}"), [ConfigRow.busy_until.set(until)], free)


def release_lease(job: str, until: Millis) -> None:
    """Give up a job that was claimed until then."""
    update(ConfigRow(f"heartbeat-{job}"), [ConfigRow.busy_until.remove()], ConfigRow.busy_until == until)


def last_heartbeat(job: str) -> Millis | None:
    """Give when a job last finished a round."""
    row = _row(f"heartbeat-{job}")
    return int(row.number) if row and row.number else None


def _row(name: str) -> ConfigRow | None:
    return next(ConfigRow.query(name, consistent_read=True), None)
