"""The two flags of a status: quiet, because a maintenance window is on, and held, because the fault may be ours."""

from collections.abc import Iterable, Sequence

from mxtrax.admin.settings import current
from mxtrax.api.routing import Request
from mxtrax.frozen import dataclass
from mxtrax.model import Config, Incident, MailDomain, Millis, Stretch, Window
from mxtrax.rules import selfcheck
from mxtrax.rules.status import FAILING
from mxtrax.rules.windows import is_quiet, quiet_until
from mxtrax.store import fleet_queries, incidents, runtime, windows
from mxtrax.store.fleet_queries import DomainStatus
from mxtrax.store.health import health_by_key


@dataclass(frozen=True, slots=True)
class Flags:
    """What decides the flags at a moment."""

    now: Millis
    windows: Sequence[Window]
    faults: Sequence[Stretch]
    config: Config

    def quiet_until(self, domain: MailDomain) -> Millis | None:
        """Give until when alerts of a domain are quiet; None if they are not."""
        return quiet_until(self.windows, domain, self.now)

    def any_quiet(self) -> bool:
        """Say whether any window is on now."""
        return any(is_quiet(it, self.now) for it in self.windows)

    def held(self, incident: Incident | None) -> bool:
        """Say whether alerts of an incident are on hold, because the fault may be ours."""
        return incident is not None and selfcheck.held(incident, self.faults, self.config, self.now)


@dataclass(frozen=True, slots=True)
class Flagged:
    """The keys of the failing domains that are quiet, and of the others that are on hold."""

    quiet: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def read(request: Request) -> Flags:
    """Read what decides the flags now."""
    return Flags(request.now, windows.everything(), runtime.faults(), current(request.settings))


def held_among(flags: Flags, ids: Iterable[str]) -> frozenset[str]:
    """Give those of some open incidents that are on hold. Where we had no fault of late, none is read."""
    if not flags.faults:
        return frozenset()
    found = incidents.by_ids({number for number in ids if number})
    return frozenset(number for number, it in found.items() if flags.held(it))


def flagged(flags: Flags, customer: str) -> Flagged:
    """Find the failing domains, all or one customer's, that are quiet or on hold. Where none can be, none is read."""
    if not flags.any_quiet() and not flags.faults:
        return Flagged()
    return flagged_among(flags, list(fleet_queries.of_status(customer, FAILING)))


def flagged_among(flags: Flags, bad: Sequence[DomainStatus]) -> Flagged:
    """Find those of some failing domains, however many they are, that are quiet or on hold."""
    any_quiet = flags.any_quiet()
    quiet = {it.key: None for it in bad if any_quiet and flags.quiet_until(it.domain) is not None}
    others = [it.key for it in bad if it.key not in quiet] if flags.faults else []
    known = health_by_key(others)
    held = held_among(flags, (it.incident for it in known.values()))
    return Flagged(tuple(quiet), tuple(key for key in others if known[key].incident in held))
