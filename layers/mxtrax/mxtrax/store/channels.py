"""The channels that people have added: all in one record, and the state of each in one of its own."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, Final

from mxtrax.model import Change, ChannelConfig, ChannelKind, ChannelState, Severity
from mxtrax.rules import channels as rules
from mxtrax.store import customers
from mxtrax.store.config import Kept, record, save_record
from mxtrax.store.reading import row_of
from mxtrax.store.tables import RuntimeRow

_ALL: Final = "channels"


Channels = Kept[ChannelConfig]


def load() -> Channels:
    """Read the channels."""
    known = record(_ALL)
    return Channels(tuple(_channel(it) for it in known.values["channels"]), known.version) if known else Channels()


def save(
    before: Channels, after: Collection[ChannelConfig], change: Change | None = None, *, customer: str = ""
) -> bool:
    """Replace the channels that were read; False if somebody was quicker, or a channel's customer is gone."""
    values = {"channels": [_plain(it) for it in after]}
    return save_record(_ALL, values, before.version, change, beside=lambda it: customers.demand(it, customer))


def state_of(number: str) -> ChannelState:
    """Read a channel's state; a blank if it was never used."""
    row = row_of(RuntimeRow, _key(number))
    return ChannelState(**(row.state or {})) if row else ChannelState()


def broken(them: Collection[ChannelConfig]) -> dict[str, ChannelState]:
    """Give the states of those channels that do not accept notices, by id."""
    keys = {_key(it.id): it.id for it in them if it.enabled}
    rows = RuntimeRow.batch_get(list(keys), consistent_read=True) if keys else ()
    states = {keys[row.id]: ChannelState(**(row.state or {})) for row in rows}
    return {number: state for number, state in states.items() if rules.broken(state)}


def note_state(number: str, state: ChannelState) -> None:
    """Record a channel's state."""
    RuntimeRow(_key(number)).update(actions=[RuntimeRow.state.set(asdict(state))])


def _key(number: str) -> str:
    return f"heartbeat-channel-{number}"


def _plain(it: ChannelConfig) -> dict[str, Any]:
    return asdict(it) | {"severities": _words(it.severities), "tags": _words(it.tags)}


def _words(them: Collection[str]) -> Sequence[str]:
    return sorted(map(str, them))


def _channel(known: dict[str, Any]) -> ChannelConfig:
    return ChannelConfig(
        **{
            **known,
            "kind": ChannelKind(known["kind"]),
            "severities": frozenset(map(Severity, known["severities"])),
            "tags": frozenset(known["tags"]),
        }
    )
