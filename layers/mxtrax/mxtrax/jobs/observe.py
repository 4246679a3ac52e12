"""Observe domains from outside: look up which servers accept their mail, and so who runs those.

Plan orders each domain once a day; aggregate orders a new domain after its first test, and one whose incident has just
opened. If the DNS does not answer, nothing that is known is overwritten.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from mxtrax.aws.resolver import Pace, Resolver
from mxtrax.errors import TryAgain
from mxtrax.model import DAY, MailServers, Millis
from mxtrax.model.orders import ObserveOrder
from mxtrax.rules import providers
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import fleet, mailservers, mailtests, runtime

QUESTIONS_PER_SECOND: Final = 30.0
"""Half of the 60 queries a second that we allow: at most two workers run."""

AT_ONCE: Final = 8
"""Names that are looked up in parallel, so that a slow one does not hold up the others."""

LOOKED_AT: Final = 5
"""Tests of a domain that are read to find where its mail was delivered."""


def run(order: ObserveOrder, now: Millis, settings: Settings, has_time: Callable[[], bool]) -> dict[str, int]:
    """Observe the order's domains, while there is time; the rest come again another day."""
    resolver = Resolver(settings.resolver, Pace(QUESTIONS_PER_SECOND))
    names = {key: key.rpartition("@")[2] for key in order.domains}
    wanted = sorted(set(names.values()))
    seen = unanswered = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, found in zip(wanted, pool.map(_asking(resolver, has_time), wanted), strict=True):
            if found is None:
                unanswered += 1
                continue
            mailservers.note(found.servers, now)
            for key in (key for key, of in names.items() if of == name):
                _note(key, found, now)
                seen += 1
    runtime.heartbeat("observe", now)
    count("DomainsObserved", seen)
    count("NamesUnanswered", unanswered)
    return {"observed": seen, "unanswered": unanswered}


def _asking(resolver: Resolver, has_time: Callable[[], bool]) -> Callable[[str], MailServers | None]:
    def ask(name: str) -> MailServers | None:
        if not has_time():
            return None
        try:
            return resolver.mail_servers(name)
        except TryAgain as later:
            logger.info("the DNS did not answer", domainname=name, reason=str(later))
            return None

    return ask


def _note(key: str, found: MailServers, now: Millis) -> None:
    """Record who runs a domain's servers now."""
    tests = list(mailtests.of_domain(key, now - DAY, LOOKED_AT))
    to = next((it.delivered.server for it in tests if it.delivered and providers.is_public(it.delivered.server)), "")
    known = {address: mailservers.at(address) for address in providers.addresses(found, to)}
    fleet.observed(key, providers.provider_of(found, to, known, providers.named_by(tests)))
