"""What the dice decide for one mail before any trouble: how long each leg takes, and which rare accidents it has."""

import math
from dataclasses import dataclass
from random import Random

from infra.simulation.model import MINUTE, Domain, Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """What the dice decide for one mail before any trouble: the seconds on each leg, and its hiccups."""

    out: float
    inside: float
    way_back: float
    grey: float
    hiccup: str
    lost: bool
    held: bool
    doubled: bool
    turn: float
    queued: float
    refused_after: float
    told: float


@dataclass
class Memory:
    """What one mail system remembers."""

    known: set[int]
    turn: int = 0
    auto_day: int = -1
    season: int | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """A domain's state apart from its troubles: which greylisting season it is in, how slow it has become."""

    season: int | None = None
    growth: float = 1.0


def luck_of(mail: Mail, domain: Domain, memory: Memory, weather: Weather, roll: Random) -> Luck:
    """Roll for one mail. The order of draws must never change: all later ones depend on it."""
    out = 1.0 + roll.random() * 2 + roll.expovariate(1)
    inside, way_back, hiccup = _healthy(mail, domain, roll)
    inside *= weather.growth
    if grey := _greylisted(domain, memory, weather, roll):
        hiccup = "greylist"
    lost, held = roll.random() < domain.loss, roll.random() < domain.quarantine
    doubled, turn = roll.random() < domain.dup, roll.random()
    queued, refused_after = roll.uniform(10, 40) * 60, roll.uniform(2, 60)
    roll.random()  # Drawn but unused, so that each seed still gives the same results.
    return Luck(
        out=out,
        inside=inside,
        way_back=way_back,
        grey=grey,
        hiccup=hiccup,
        lost=lost,
        held=held,
        doubled=doubled,
        turn=turn,
        queued=queued,
        refused_after=refused_after,
        told=roll.random(),
    )


def _healthy(mail: Mail, domain: Domain, roll: Random) -> tuple[float, float, str]:
    """Give a mail's seconds inside and on its way back if all is well: longer by day, some with a heavy tail."""
    hour = (mail.sent // MINUTE % 1440) / 60
    busy = 1 + 0.7 * max(0.0, math.sin((hour - 7) / 12 * math.pi))
    inside = domain.median * busy * math.exp(roll.gauss(0, domain.sigma))
    way_back = 1 + roll.expovariate(0.7)
    if roll.random() >= domain.tail * busy:
        return inside, way_back, "ok"
    more = min(7200.0, 60 * (1 - roll.random()) ** (-1 / 1.2))
    if roll.random() < 0.6:
        return inside + more, way_back, "tail"
    return inside, way_back + more, "tail"


def _greylisted(domain: Domain, memory: Memory, weather: Weather, roll: Random) -> float:
    """Give how many seconds greylisting holds it: SES sends from many addresses, and each is unknown at first."""
    if weather.season is not None and memory.season != weather.season:
        memory.season, memory.known = weather.season, set()
    if not domain.provider.grey and weather.season is None:
        return 0
    address = min(int(roll.paretovariate(0.7)) - 1, domain.pool - 1)
    if address in memory.known:
        return 0
    memory.known.add(address)
    return roll.uniform(5, 60) * 60 if roll.random() < 0.8 else roll.uniform(60, 300)
