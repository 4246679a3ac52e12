"""Wider worlds, by name: each changes what a seed draws. Without one, a seed's draw stays the same."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from infra.simulation.draw import draw, provider, shares
from infra.simulation.fate import apart, befall, by_provider, outage, trouble
from infra.simulation.model import (
    HOUR,
    MINUTE,
    ON_TIME,
    SECOND,
    Creep,
    Domain,
    Millis,
    Provider,
    Scenario,
    Season,
    Trouble,
    dice,
)

type Wanted = Mapping[str, int]
"""Given values, which are not drawn: most_tests, days, interval, domains."""

NEVER_SET_UP: Final = "never_set_up"
BESIDE_THE_FORGER: Final = "beside_the_forger"
ENOUGH: Final = 1_000_000
"""Most regular tests in a world whose days, interval and fleet are given."""

PATCHED: Final = 5
"""Domains whose servers are patched in one night by the same people."""

MOST_LATE: Final = 500, 1_200
"""The final median latency in seconds, from and to, of mail systems that become too slow."""

BUSIEST: Final = 1.7
"""How many times longer than at night mail takes at noon."""

ONE_PERCENT: Final = 2.33
"""Standard deviations beyond which 1 % lies: if this many mails are late, it must be reported."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """A world: a sentence about it, and the function that draws it."""

    says: str
    draw: Callable[[int, Wanted], Scenario]


def _giant(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck = draw(seed, **wanted), dice("giant", seed)
    giant = replace(provider(0, luck), name="giant.net", grey=False)
    small = [replace(provider(n, luck), vanity=False) for n in range(1, 1 + len(drawn.domains) // 3)]
    it = befall(_moved(drawn, [giant, *small], [len(small) * 1.5, *[1.0] * len(small)], luck), luck)
    start = _start(it, luck, HOUR)
    theirs = by_provider(it, sorted(it.domains))
    it = _with(it, "giant_outage", "accepts_and_loses", theirs[giant.name], start, start + 40 * MINUTE)
    start = _start(it, luck, HOUR)
    three = sorted(theirs.keys() - {giant.name})[:3]
    together = [key for name in three for key in theirs[name]]
    return _with(it, "three_small_outages", "server_down", together, start, start + 45 * MINUTE)


def _greylisting(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck, seasons = draw(seed, **wanted), dice("greylisting", seed), list[Season]()
    for _ in range(3):
        greying = set(luck.sample([it.name for it in drawn.providers], len(drawn.providers) // 2))
        hit = frozenset(key for key, it in drawn.domains.items() if it.provider.name in greying)
        start = drawn.start + luck.randint(2 * HOUR, 19 * HOUR)
        seasons.append(Season(hit, start, start + luck.randint(120, 240) * MINUTE))
    return replace(drawn, seasons=tuple(seasons))


def _forger(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck = draw(seed, **wanted), dice("forger", seed)
    ((customer, _),) = Counter(drawn.domains[key].customer for key in _well(drawn)).most_common(1)
    theirs = [key for key in _well(drawn) if drawn.domains[key].customer == customer][:16]
    others = [key for key in _well(drawn) if drawn.domains[key].customer != customer]
    domains = dict(drawn.domains)
    names = [it.name for it in drawn.providers]
    for n, key in enumerate(theirs):
        there = next((name for name in names if name != domains[key].provider.name), "") if n % 4 == 3 else ""
        domains[key] = replace(domains[key], claims=there or f"invented{n}.net")
        names = [name for name in names if name != there]
    start, half = _start(drawn, luck, 2 * HOUR), len(theirs) // 2
    it = replace(drawn, domains=domains)
    it = _with(it, "forger_slow", "slow_inside", theirs[:half], start, start + 90 * MINUTE)
    it = _with(it, "forger_reports", "forged_report", theirs[half:], start, start + 90 * MINUTE)
    for how, key in zip(("server_down", "accepts_and_loses", "unknown_user"), luck.sample(others, 3), strict=True):
        it = _with(it, BESIDE_THE_FORGER, how, [key], start + 10 * MINUTE, start + 70 * MINUTE)
    return it


def _two_outages(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck, own = draw(seed, **wanted), dice("two outages", seed), list[Trouble]()
    start = drawn.start + luck.randint(180, 360) * MINUTE
    for n, kind in enumerate(("inbox_refuses", luck.choice(("inbox_refuses", "inbox_defers", "receive_down")))):
        own.append(outage(n, kind, start, start + luck.randint(25, 50) * MINUTE))
        start = own[-1].end + luck.randint(240, 480) * MINUTE
    return befall(_unspoilt(drawn), luck, own)


def _never_set_up(seed: int, wanted: Wanted) -> Scenario:
    it, luck = draw(seed, **wanted), dice("never set up", seed)
    for n, key in enumerate(luck.sample(_well(it), max(4, len(it.domains) // 8))):
        how = luck.choice(("accepts_and_loses", "unknown_user", "forward_blocked"))
        ready = it.start + luck.randint(180, 600) * MINUTE if n % 3 == 0 else it.end
        unready = Trouble(
            id=f"t{len(it.troubles)}-{NEVER_SET_UP}",
            kind=NEVER_SET_UP,
            how=how,
            domains=(key,),
            stretches=((it.start, ready),),
            unready=True,
        )
        it = replace(it, troubles=(*it.troubles, unready))
        if ready < it.end:
            start = apart(it.own, ready + luck.randint(120, 300) * MINUTE, HOUR)
            it = _with(
                it, "after_set_up", luck.choice(("server_down", "accepts_and_loses")), [key], start, start + HOUR
            )
    return it


def _clock_change(seed: int, wanted: Wanted) -> Scenario:
    """Draw the weekend on which Europe's clocks change: autumn 2026, or spring 2027 for an odd seed."""
    luck, saturday = (
        dice("clock change", seed),
        datetime(2027, 3, 27, tzinfo=UTC) if seed % 2 else datetime(2026, 10, 24, tzinfo=UTC),
    )
    start = round(saturday.timestamp()) * SECOND
    it = befall(
        replace(
            _unspoilt(draw(seed, **{"domains": 60, **wanted, "days": 2, "interval": 15, "most_tests": ENOUGH})),
            start=start,
        ),
        luck,
    )
    well = _well(it)
    luck.shuffle(well)
    for n in range(4):
        keys = well[n * PATCHED : (n + 1) * PATCHED]
        zone = "America/New_York" if n == 3 else "Europe/Berlin"
        sunday = saturday.date() + timedelta(days=1)
        opens, closes = (_at(f"{sunday} {time}", zone) for time in ("01:00", "05:00"))
        before = sunday - timedelta(days=7)
        window = _at(f"{before} 01:00", zone), _at(f"{before} 05:00", zone)
        night = _with(it, "maintenance_declared", "server_down", keys, opens + 10 * MINUTE, closes - 10 * MINUTE)
        declared = replace(night.troubles[-1], declared=True, window=window, zone=zone)
        it = replace(night, troubles=(*it.troubles, declared))
        if n == 1:
            it = _with(it, "maintenance_overrun", "server_down", keys, closes, closes + 55 * MINUTE)
        if n == 2:
            it = _with(it, "maintenance_early", "server_down", keys, opens - 55 * MINUTE, opens)
    return it


def _creeping(seed: int, wanted: Wanted) -> Scenario:
    """Let mail take longer by the hour: at every second domain until most is late, at the others only until little is."""
    it, luck, creeps = draw(seed, **wanted), dice("creeping", seed), dict[str, Creep]()
    lively = [key for key in _well(it) if _some_late(it.domains[key]) > 3]
    for n, key in enumerate(luck.sample(lively, len(lively) * 2 // 3)):
        domain, some_late, most_late = it.domains[key], _some_late(it.domains[key]), luck.uniform(*MOST_LATE)
        factor = most_late / domain.median if n % 2 else some_late / 2
        begin = it.start + luck.randint(120, 480) * MINUTE
        worst = begin + luck.randint(240, 480) * MINUTE
        creeps[key] = creep = Creep(begin, worst, worst + luck.randint(60, 180) * MINUTE, factor)
        if n % 2:
            noticed = begin + round((worst - begin) * math.log(some_late) / math.log(factor))
            it = _with(it, "creeping", "creeping", [key], noticed, creep.end)
    return replace(it, creeps=creeps)


def _some_late(domain: Domain) -> float:
    """Give how many times slower a mail system must become until 1 % of its mails are late at noon."""
    return ON_TIME / SECOND / (BUSIEST * domain.median * math.exp(ONE_PERCENT * domain.sigma))


def _quiet(seed: int, wanted: Wanted) -> Scenario:
    fleet = {"interval": 15, "domains": 60, **wanted, "days": 3, "most_tests": ENOUGH}
    return _unspoilt(draw(seed, **fleet))


def _intervals(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck = draw(seed, **{"domains": 60, **wanted, "days": 1, "interval": 15}), dice("intervals", seed)
    domains = {key: replace(it, interval=luck.choice((5, 60))) for key, it in drawn.domains.items()}
    return replace(drawn, domains=domains)


def _thousand(seed: int, wanted: Wanted) -> Scenario:
    drawn, luck = draw(seed, **{"interval": 90, **wanted, "days": 1, "domains": 1000}), dice("thousand", seed)
    providers = [provider(n, luck) for n in range(90)]
    return befall(_moved(drawn, providers, shares(len(providers)), luck), luck)


# --- shared by several


def _unspoilt(it: Scenario) -> Scenario:
    return replace(it, troubles=(), own=(), flushes=())


def _moved(it: Scenario, providers: Sequence[Provider], weights: Sequence[float], luck: Random) -> Scenario:
    """Move the domains to other providers, and remove their faults."""
    domains = {key: replace(one, provider=luck.choices(providers, weights)[0]) for key, one in it.domains.items()}
    return replace(_unspoilt(it), providers=tuple(providers), domains=domains)


def _with(it: Scenario, kind: str, how: str, keys: Sequence[str], start: Millis, end: Millis) -> Scenario:
    """Add a trouble, if it begins before the end."""
    added = trouble(it, len(it.troubles), kind, how, keys, [(start, end)])
    return replace(it, troubles=(*it.troubles, added)) if added.stretches else it


def _well(it: Scenario) -> list[str]:
    """Give the domains that have no trouble so far."""
    hit = {key for one in it.troubles for key in one.domains}
    return [key for key in sorted(it.domains) if key not in hit]


def _start(it: Scenario, luck: Random, length: Millis) -> Millis:
    """Draw when a trouble begins, apart from our own outages."""
    return apart(it.own, it.start + luck.randint(2 * HOUR, it.end - it.start - 5 * HOUR), length)


def _at(wall: str, zone: str) -> Millis:
    """Give the moment of a local time in a zone."""
    return round(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


MIXTURES: Final[Mapping[str, Mixture]] = {
    "giant": Mixture("one giant provider and many small ones; the giant fails, three small ones fail together", _giant),
    "greylisting": Mixture(
        "three times in a day half of the providers greylist senders they do not know", _greylisting
    ),
    "forger": Mixture(
        "a customer invents Received fields and reports that our inbox refuses; others fail beside", _forger
    ),
    "two-outages": Mixture("our inbox fails twice in a day, hours apart", _two_outages),
    "never-set-up": Mixture(
        "an eighth of the mailboxes is not set up, some are later and fail after that", _never_set_up
    ),
    "clock-change": Mixture(
        "providers patch in declared nights in which the clocks change; two overrun", _clock_change
    ),
    "creeping": Mixture(
        "latencies of many domains creep up for hours, those of some beyond what is in time", _creeping
    ),
    "quiet": Mixture("three days in which nothing is wrong but what happens to single mails", _quiet),
    "intervals": Mixture("half of the domains are tested every 5 minutes, half once an hour", _intervals),
    "thousand": Mixture("a fleet of 1,000 domains with 90 providers", _thousand),
}
"""All worlds."""
