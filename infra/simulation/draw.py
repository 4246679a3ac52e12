"""Draw a fleet from a seed: its mail providers, and how each mail system behaves when it is well."""

import math
from collections.abc import Sequence
from random import Random
from typing import Final

from infra.simulation import fate
from infra.simulation.model import MINUTE, SECOND, Domain, Provider, Scenario, dice

MOST_TESTS: Final = 9_500
"""Regular tests of a seed, at most: a day of 97 domains at 15 minutes. It costs about a minute of CPU."""

FEWEST_DOMAINS: Final = 60
MOST_DOMAINS: Final = 200


def draw(
    seed: int,
    most_tests: int = MOST_TESTS,
    days: int | None = None,
    interval: int | None = None,
    domains: int | None = None,
) -> Scenario:
    """Draw a fleet and its faults. Given values are not drawn; the others are drawn to fit `most_tests`."""
    luck = dice("fleet", seed)
    interval = interval or luck.choice((5, 15, 15))
    days = days or (1 if interval == 5 else luck.choice((1, 2, 3)))
    while FEWEST_DOMAINS * days * 1440 // interval > most_tests:
        days, interval = (days - 1, interval) if days > 1 else (1, interval + 5)
    most = max(FEWEST_DOMAINS, min(MOST_DOMAINS, most_tests * interval // (days * 1440)))
    number = domains or luck.randint(FEWEST_DOMAINS, most)
    providers = [provider(n, luck) for n in range(luck.randint(5, 20))]
    customers = [f"c{n}" for n in range(luck.randint(3, 9))]
    fleet = _fleet(number, providers, customers, luck)
    drawn = Scenario(
        seed=seed,
        days=days,
        interval=interval,
        providers=tuple(providers),
        domains={it.key: it for it in fleet},
        customers=tuple(customers),
        troubles=(),
        own=(),
        flushes=(),
        plan_second=luck.randrange(MINUTE // SECOND),
        alert_second=luck.randrange(MINUTE // SECOND),
    )
    return fate.befall(drawn, luck)


def provider(n: int, luck: Random) -> Provider:
    """Draw a provider of mail servers."""
    servers = luck.choice((1, 2, 3, 3))
    skew = luck.choice((0, 0, 0, 0, 1, -1)) * luck.randint(60, 420) * SECOND
    return Provider(
        name=f"hoster{n}.net",
        net=f"81.{20 + n}.{luck.randrange(256)}",
        servers=servers,
        skew=skew,
        vanity=n == 4,
        grey=n % 4 == 1,
        redirects=luck.random() < 0.5,
    )


def _fleet(number: int, providers: Sequence[Provider], customers: Sequence[str], luck: Random) -> list[Domain]:
    """Draw domains: a few providers have many, many have few."""
    weights = shares(len(providers))
    return [_domain(n, luck, luck.choices(providers, weights)[0], luck.choice(customers)) for n in range(number)]


def shares(providers: int) -> list[float]:
    """Give the weights by which domains choose among providers."""
    return [1 / (n + 1) ** 0.7 for n in range(providers)]


def _domain(n: int, luck: Random, provider: Provider, customer: str) -> Domain:
    """Draw how one mail system behaves."""
    pool = luck.randint(12, 40)
    known = frozenset(luck.sample(range(pool), round(pool * luck.uniform(0.6, 0.95))))
    return Domain(
        number=n,
        name=f"kunde{n}.example",
        provider=provider,
        customer=customer,
        median=math.exp(luck.gauss(math.log(6), 0.6)),
        sigma=luck.uniform(0.3, 0.8),
        tail=luck.choice((0.0, 0.001, 0.003, 0.01)),
        loss=math.exp(luck.uniform(math.log(0.0005), math.log(0.01))) if luck.random() < 0.6 else 0.0,
        dup=0.02 if luck.random() < 0.1 else 0.0005,
        auto=luck.random() < 0.08,
        quarantine=luck.choice((0, 0, 0, 0.001)),
        pool=pool,
        known=known,
    )
