"""Fleets and their faults in one form, however drawn, for digests."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from infra.simulation.model import Mail, Scenario

SEEDS = range(1, 7)
PROVIDER = ("name", "net", "servers", "skew", "vanity", "grey", "redirects")
DOMAIN = ("number", "name", "customer", "median", "sigma", "tail", "loss", "dup", "auto", "quarantine", "pool")
TROUBLE = ("id", "kind", "how", "domains", "stretches", "declared", "every", "share")
DRAW = ("days", "interval", "customers", "plan_second", "alert_second")
LIFE = ("domain", "sent", "what", "trouble", "ours", "back", "bounced", "delivered", "heard")


def of_scenario(it: Scenario) -> str:
    """Give the digest of what was drawn."""
    providers = {domain.key: domain.provider for domain in it.domains.values()}
    flushes = [(flush.domains, flush.start, flush.end) for flush in it.flushes]
    return digest(it, it.domains, providers, [*it.troubles, *it.own], flushes)


def digest(
    drawn: object,
    domains: Mapping[str, Any],
    providers: Mapping[str, object],
    troubles: Iterable[object],
    flushes: Iterable[tuple[frozenset[str], int, int]],
) -> str:
    """Give the digest of a draw, from its parts."""
    return _hashed(
        {
            "draw": _values(drawn, DRAW),
            "domains": {
                key: [*_values(it, DOMAIN), sorted(it.known), *_values(providers[key], PROVIDER)]
                for key, it in domains.items()
            },
            "troubles": [_values(it, TROUBLE) for it in troubles],
            "flushes": [[sorted(keys), start, end] for keys, start, end in flushes],
        }
    )


def of_lives(mails: Iterable[Mail]) -> str:
    """Give the digest of what became of mails."""
    return _hashed([_values(mail, LIFE) for mail in mails])


def _values(it: object, names: Iterable[str]) -> list[Any]:
    return [getattr(it, name) for name in names]


def _hashed(it: object) -> str:
    return sha256(json.dumps(it).encode()).hexdigest()[:16]
