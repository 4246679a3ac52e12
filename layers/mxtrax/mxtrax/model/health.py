"""What is known about a domain: its days, its window, its latest tests."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis
from mxtrax.model.test import Cause, Reason, Verdict


class State(StrEnum):
    """The state of a domain: SETUP until its first return of any kind. It keeps its state in maintenance."""

    SETUP = "setup"
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """The tests of an hour of a day. `quiet` are those that fell into maintenance, whatever became of them."""

    ontime: int = 0
    late: int = 0
    missed: int = 0
    unsent: int = 0
    quiet: int = 0

    @property
    def total(self) -> int:
        """All tests that are no longer pending, went out, and did not fall into maintenance."""
        return self.ontime + self.late + self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """One day of one MailDomain, by send date in UTC. Delivery times are milliseconds here, seconds wherever people read.

    `histogram` counts on-time and late tests by latency bucket, `hours` all tests by the hour of the day in UTC (see
    `rules/statistics.py`). The tests that fell into maintenance are counted in the quiet fields and nowhere else.
    """

    maildomain: str
    d: str
    min_delivery_time: Millis | None = None
    max_delivery_time: Millis | None = None
    ontime_num: int = 0
    late_num: int = 0
    fail_num: int = 0
    total_num: int = 0
    total_delivery_time: Millis = 0
    unsent_num: int = 0
    quiet_ontime_num: int = 0
    quiet_late_num: int = 0
    quiet_fail_num: int = 0
    quiet_total_num: int = 0
    histogram: Mapping[int, int] = field(default_factory=dict)
    hours: Mapping[int, HourOfDay] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """An hour of the window counts. `took` is the delivery time of its on-time and late tests added up."""

    ontime: int = 0
    late: int = 0
    missed: int = 0
    took: Millis = 0

    @property
    def total(self) -> int:
        """All tests that are no longer pending."""
        return self.ontime + self.late + self.missed


@dataclass(frozen=True, slots=True)
class Recent:
    """A test as the heat strip shows it. `took` is None if nothing came back.

    PENDING: past its early mark and still out. `reason` is what a server gave, finer than the cause.
    """

    sendtime: Millis
    verdict: Verdict
    took: Millis | None = None
    cause: Cause | None = None
    quiet: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainHealth:
    """What is known now about one MailDomain.

    `window_counts` counts by the hour (sendtime // HOUR) the tests sent after `clean_from`; `recent` is ordered by
    sendtime. `provider` is who runs its mail server (see providers.py). `retest` is the minutes between retests, 0 for
    none; `slower` doubles its interval this many times, `relapses` counts how often it failed again shortly after a
    recovery. `early_mark` is the seconds after which a test that is still out is suspicious. `trouble_from` is when the
    first bad test was sent that the open incident rests on, 0 if none is to be open; `fell_from` that of the incident
    before. `incident` is open, `last_incident` the one that closed last.
    """

    maildomain: str
    state: State = State.SETUP
    since: Millis = 0
    clean_from: Millis = 0
    window_counts: Mapping[int, WindowCounts] = field(default_factory=dict)
    recent: tuple[Recent, ...] = ()
    streak: int = 0
    retest: int = 0
    exceeded: tuple[str, ...] = ()
    slower: int = 0
    relapses: int = 0
    early_mark: int = 0
    trouble_from: Millis = 0
    fell_from: Millis = 0
    provider: str = ""
    incident: str = ""
    last_incident: str = ""
    version: int = 0

    @property
    def newest(self) -> Recent | None:
        """The newest of its recent tests."""
        return self.recent[-1] if self.recent else None
