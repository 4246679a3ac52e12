"""Draw what goes wrong: one trouble per domain, of several kinds, plus our own outages and hiccups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from infra.simulation.model import HOUR, MINUTE, Flush, Millis, Scenario, Trouble

type Stretches = Sequence[tuple[Millis, Millis]]

SINGLE: Final = (
    "mailbox_full",
    "unknown_user",
    "forward_blocked",
    "server_down",
    "accepts_and_loses",
    "slow_inside",
    "slow_return",
    "flapping",
    "partial_loss",
    "bounce_after",
    "relapse",
)
OWN: Final = (
    "inbox_refuses",
    "inbox_defers",
    "ses_fails",
    "ses_throttles",
    "receive_down",
    "feedback_late",
    "plan_down",
)
PROVIDERS_FAIL_BY: Final = ("server_down", "accepts_and_loses", "slow_inside", "server_down")

LARGE: Final = 4
"""Domains that a provider must have for its breakdown to be drawn."""


def befall(scenario: Scenario, luck: Random, own: Sequence[Trouble] = ()) -> Scenario:
    """Draw the faults of a fleet, and our own outages unless they are given."""
    it = _Fate(scenario, luck)
    free = sorted(scenario.domains)
    luck.shuffle(free)
    hittable = free[len(free) * 2 // 5 :]  # The others never have a trouble of their own.
    groups = [keys for keys in by_provider(scenario, free).values() if len(keys) >= LARGE]
    luck.shuffle(groups)
    it.own += own
    if not own:
        it.our_outages()
    it.providers_fail(groups[: min(4, max(2, len(groups) // 3))])
    rest = [keys for keys in groups[4:] if not it.taken & set(keys)]
    it.maintenance(rest[:2])
    it.queues_stand_still(rest[2:4])
    it.single([key for key in hittable if key not in it.taken])
    return replace(scenario, troubles=tuple(it.troubles), own=tuple(it.own), flushes=tuple(it.flushes))


def by_provider(scenario: Scenario, keys: Sequence[str]) -> Mapping[str, list[str]]:
    """Give the domains of each provider, in the given order."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(scenario.domains[key].provider.name, []).append(key)
    return found


@dataclass
class _Fate:
    """What was drawn so far. `taken` are the domains that already have a trouble."""

    scenario: Scenario
    luck: Random
    troubles: list[Trouble] = field(default_factory=list)
    own: list[Trouble] = field(default_factory=list)
    flushes: list[Flush] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    @property
    def last(self) -> Millis:
        """The latest time at which a trouble begins: early enough to see the product's response."""
        return self.scenario.end - 3 * HOUR

    def our_outages(self) -> None:
        """Draw our own outages, hours apart; inbox_refuses is always among them."""
        kinds = list(OWN)
        self.luck.shuffle(kinds)
        kinds = ["inbox_refuses", *[kind for kind in kinds if kind != "inbox_refuses"]]
        if self.scenario.days == 1:
            kinds = kinds[:5]
        room = (self.last - self.scenario.start) // len(kinds)
        order = list(range(len(kinds)))
        self.luck.shuffle(order)
        for slot, kind in zip(order, kinds, strict=True):
            start = self.scenario.start + HOUR + slot * room + self.luck.randint(0, max(1, room // 4))
            length = {"plan_down": 10, "feedback_late": 30}.get(kind) or self.luck.randint(12, 40)
            self.own.append(outage(len(self.own), kind, start, start + length * MINUTE))

    def providers_fail(self, groups: Sequence[list[str]]) -> None:
        """Let whole providers fail, every second one only half; the first one breaks down during an outage of ours."""
        for n, keys in enumerate(groups):
            hit = keys if n % 2 == 0 else keys[: (len(keys) + 1) // 2]
            if n == 0:
                ours = next(it for it in self.own if it.kind == "inbox_refuses")
                start = ours.start + self.luck.randint(-10, 10) * MINUTE
                length = (ours.end - start) + self.luck.randint(45, 120) * MINUTE
                kind = "provider_in_our_outage"
            else:
                start = self.scenario.start + self.luck.randint(2 * HOUR, self.last - self.scenario.start)
                length = self.luck.randint(25, 150) * MINUTE
                start = self._apart(start, length)
                kind = "provider_outage" if hit is keys else "provider_half"
            self.taken.update(hit)
            self._add(kind, PROVIDERS_FAIL_BY[n], hit, [(start, start + length)])

    def maintenance(self, groups: Sequence[list[str]]) -> None:
        """Let one provider have declared maintenance, and another one undeclared."""
        for declared, keys in zip((True, False), groups, strict=False):
            start = self._apart(self.scenario.start + self.luck.choice((2, 3, 22)) * HOUR, 2 * HOUR)
            end = start + self.luck.randint(40, 90) * MINUTE
            kind = "maintenance_declared" if declared else "maintenance_undeclared"
            self._add(kind, "server_down", keys, [(start, end)], declared=declared)
            self.taken.update(keys)

    def queues_stand_still(self, groups: Sequence[list[str]]) -> None:
        """Let providers' outbound queues stop for some minutes, then flush."""
        for keys in groups:
            start = self._apart(self.scenario.start + self.luck.randint(HOUR, self.last - self.scenario.start), HOUR)
            self.flushes.append(Flush(frozenset(keys), start, start + self.luck.randint(7, 18) * MINUTE))

    def single(self, hittable: list[str]) -> None:
        """Let single domains have each kind of trouble twice, as far as there are domains."""
        wanted = [kind for kind in SINGLE for _ in range(2)]
        if self.scenario.days > 1:
            wanted.insert(0, "expires")
        for kind, key in zip(wanted, reversed(hittable), strict=False):
            start = self.scenario.start + self.luck.randint(90 * MINUTE, self.last - self.scenario.start)
            match kind:
                case "relapse":
                    self._relapse(key, start)
                case "expires":
                    start = self.scenario.start + self.luck.randint(1, 4) * HOUR
                    self._add("server_down_for_long", "server_down", [key], [(start, start + 20 * HOUR)])
                case _:
                    self._alone(kind, key, start)

    def _relapse(self, key: str, start: Millis) -> None:
        start = self._apart(min(start, self.scenario.end - 5 * HOUR), 3 * HOUR)
        well = start + self.luck.randint(30, 50) * MINUTE
        again = well + self.luck.randint(30, 75) * MINUTE
        over = again + self.luck.randint(30, 50) * MINUTE
        self._add("relapse", "accepts_and_loses", [key], [(start, well), (again, over)])

    def _alone(self, kind: str, key: str, start: Millis) -> None:
        lengths = {  # All are drawn each time, so that what follows does not depend on the kind.
            "server_down": self.luck.choice((20, 60, 180, 400)),
            "flapping": self.luck.randint(180, 420),
            "partial_loss": self.luck.randint(240, 600),
            "": self.luck.choice((12, 25, 45, 90, 240)),
        }
        length = lengths.get(kind, lengths[""]) * MINUTE
        start = self._apart(start, length)
        every, share = self.luck.choice((2, 3)), 0.2 if kind == "partial_loss" else 1.0
        self._add(kind, kind, [key], [(start, start + length)], every=every, share=share)

    def _apart(self, start: Millis, length: Millis) -> Millis:
        return apart(self.own, start, length)

    def _add(
        self,
        kind: str,
        how: str,
        keys: Sequence[str],
        stretches: Stretches,
        *,
        declared: bool = False,
        every: int = 2,
        share: float = 1.0,
    ) -> None:
        it = trouble(self.scenario, len(self.troubles), kind, how, keys, stretches)
        if it.stretches:
            self.troubles.append(replace(it, declared=declared, every=every, share=share))


def apart(own: Sequence[Trouble], start: Millis, length: Millis) -> Millis:
    """Move a beginning out of the hours around our own outages: overlaps are drawn on purpose only."""
    ours = [(it.start - HOUR, it.end + 75 * MINUTE) for it in own]
    for _ in range(50):
        moved = next((over for begun, over in ours if begun - length // 4 <= start < over), None)
        if moved is None:
            return start
        start = moved
    return start


def trouble(scenario: Scenario, number: int, kind: str, how: str, keys: Sequence[str], stretches: Stretches) -> Trouble:
    """Make a trouble. It is over 20 minutes before the end at the latest; stretches that begin later are left out."""
    end = scenario.end - 20 * MINUTE
    within = tuple((begin, min(over, end)) for begin, over in stretches if begin < end)
    return Trouble(id=f"t{number}-{kind}", kind=kind, how=how, domains=tuple(keys), stretches=within)


def outage(number: int, kind: str, start: Millis, end: Millis) -> Trouble:
    """Make an outage of ours."""
    return Trouble(id=f"own{number}-{kind}", kind=kind, how=kind, domains=(), stretches=((start, end),))
