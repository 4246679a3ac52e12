"""The records of a simulated world. Times are milliseconds since 1970, UTC; durations are milliseconds, too."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

type Millis = int

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

START: Final = 1_795_305_600_000
"""2026-11-22 00:00 UTC, a Sunday."""

ON_TIME: Final = 300 * SECOND
"""How long a mail may take: the product's maxreturntime."""

OWN_LOOP: Final = "loop"
SENDER: Final = "mxtrax@monitor.example.net"
"""Our inbox: tests are sent from it and come back to it."""


def dice(*words: object) -> Random:
    """Give a random generator that is the same for the same words: a seed, a domain, a minute."""
    return Random(" ".join(map(str, words)))  # noqa: S311 -- it need be repeatable, not secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The operator of some domains' mail servers.

    `net` is their /24 network, `servers` how many of them stamp a mail, `skew` their clocks' error. `vanity` names each
    server after its customer, `grey` greylists, `redirects` sends back with our own envelope sender.
    """

    name: str
    net: str
    servers: int
    skew: Millis
    vanity: bool = False
    grey: bool = False
    redirects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One monitored mailbox, and how its mail system behaves when it is well.

    A mail takes `median` seconds inside, spread by `sigma`; `tail`, `loss`, `dup` and `quarantine` are the chances of
    accidents. SES sends from `pool` addresses, of which its greylisting knows `known` at the beginning. `interval` is
    in minutes, if it is not the fleet's. Its mail `claims` to come through another host, if that is not empty.
    """

    number: int
    name: str
    provider: Provider
    customer: str
    median: float
    sigma: float
    tail: float
    loss: float
    dup: float
    auto: bool
    quarantine: float
    pool: int
    known: frozenset[int]
    interval: int | None = None
    claims: str = ""

    @property
    def key(self) -> str:
        """The address that tests are sent to."""
        return f"mxtrax@{self.name}"

    @property
    def mx(self) -> str:
        """The name of the server that accepts its mail."""
        return f"mx1.{f'mail.{self.name}' if self.provider.vanity else self.provider.name}"

    @property
    def address(self) -> str:
        """That server's address."""
        return f"{self.provider.net}.{10 + self.number % 200}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One true cause: what it does to a mail (`how`), to whom, and in which stretches of time.

    With `domains` empty it is an outage of ours. It hits a `share` of mails; if it flaps, it spares each `every`-th.
    `declared` maintenance is in a weekly `window`, in local time of `zone`; an `unready` mailbox has not been set up
    yet: for both, nobody is notified.
    """

    id: str
    kind: str
    how: str
    domains: tuple[str, ...]
    stretches: tuple[tuple[Millis, Millis], ...]
    declared: bool = False
    every: int = 2
    share: float = 1.0
    unready: bool = False
    window: tuple[Millis, Millis] | None = None
    zone: str = "UTC"

    @property
    def to_tell(self) -> bool:
        """True if people should be notified of it."""
        return not (self.declared or self.unready)

    @property
    def start(self) -> Millis:
        """When it begins for the first time."""
        return self.stretches[0][0]

    @property
    def end(self) -> Millis:
        """When it is over for good."""
        return self.stretches[-1][1]

    def active(self, at: Millis) -> bool:
        """Say whether it is active at a moment."""
        return any(begin <= at < end for begin, end in self.stretches)


@dataclass(frozen=True, slots=True)
class Season:
    """For some hours, these domains' servers greylist unknown senders, after losing the list of known ones."""

    domains: frozenset[str]
    start: Millis
    end: Millis


@dataclass(frozen=True, slots=True)
class Creep:
    """A mail system becomes slower by the hour, `factor` times at `worst`, and is fixed at `end`."""

    start: Millis
    worst: Millis
    end: Millis
    factor: float

    def growth(self, at: Millis) -> float:
        """Give how many times longer than usual a mail takes inside at a moment."""
        if not self.start <= at < self.end:
            return 1.0
        return float(self.factor ** min(1.0, (at - self.start) / (self.worst - self.start)))


@dataclass(frozen=True, slots=True)
class Flush:
    """A provider's outbound queue stops for some minutes, then flushes: not an outage."""

    domains: frozenset[str]
    start: Millis
    end: Millis


@dataclass(slots=True)
class Mail:
    """One test that went out, and what really became of it.

    `what` is its outcome in a word, `trouble` and `ours` the ids of what affected it. `heard` has SES's events and
    their times.
    """

    id: str
    domain: str
    sent: Millis
    what: str = "ok"
    trouble: str = ""
    ours: str = ""
    back: Millis | None = None
    bounced: Millis | None = None
    delivered: Millis | None = None
    heard: dict[str, Millis] = field(default_factory=dict)

    @property
    def bad(self) -> bool:
        """True if it was not back in time."""
        return self.back is None or self.back - self.sent > ON_TIME

    @property
    def known_bad(self) -> Millis | None:
        """Give when it could first be known that this test failed: from a bounce, or because its time was over."""
        if not self.bad:
            return None
        over = self.sent + ON_TIME
        return over if self.bounced is None else min(over, self.bounced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What a seed has drawn: a fleet, its faults and their times, and our own outages (`own`).

    `interval` is in minutes. `seasons` and `creeps` belong to wider worlds. The schedule's rules run each minute at the
    second `plan_second` or `alert_second`.
    """

    seed: int
    days: int
    interval: int
    providers: tuple[Provider, ...]
    domains: Mapping[str, Domain]
    customers: tuple[str, ...]
    troubles: tuple[Trouble, ...]
    own: tuple[Trouble, ...]
    flushes: tuple[Flush, ...]
    plan_second: int
    alert_second: int
    start: Millis = START
    seasons: tuple[Season, ...] = ()
    creeps: Mapping[str, Creep] = field(default_factory=dict)

    @property
    def end(self) -> Millis:
        """When it is over."""
        return self.start + self.days * DAY

    @property
    def domain_days(self) -> int:
        """The number of days played, summed over all domains."""
        return len(self.domains) * self.days

    @property
    def regular(self) -> int:
        """The number of regular tests at this interval."""
        intervals = Counter(map(self.interval_of, self.domains))
        return sum(domains * self.days * 1440 // interval for interval, domains in intervals.items())

    def interval_of(self, key: str) -> int:
        """Give the minutes between two tests of a domain."""
        return self.domains[key].interval or self.interval

    def minutes(self) -> Iterator[Millis]:
        """Iterate over its minutes."""
        return iter(range(self.start, self.end, MINUTE))
