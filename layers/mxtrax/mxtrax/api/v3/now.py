"""What is wrong at this moment, as people know it: one entry for each cause or provider, with those affected."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from mxtrax import model
from mxtrax.api import flags
from mxtrax.api.public.health import Ages, ages, trouble
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.api.v3 import incidents as shown_incidents
from mxtrax.api.v3 import overview
from mxtrax.frozen import dataclass
from mxtrax.model import Cause
from mxtrax.rules.status import FAILING, Status
from mxtrax.rules.together import grouped
from mxtrax.store import fleet_queries, incidents
from mxtrax.store.fleet_queries import DomainStatus
from mxtrax.store.health import health_by_key

MOST: Final = 200
"""Domains that are shown one by one, the worst ones; the others are counted."""

router: Final = Router("Overview")


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """How many are affected: customers (a domain without one counts as its own), and domains."""

    customers: int
    domains: int


@dataclass(frozen=True, kw_only=True)
class TroubleMember(shown_incidents.Incident):
    """An open incident with how its domain is."""

    status: Status
    quiet_until: Time | None
    held: bool


@dataclass(frozen=True, kw_only=True)
class TroubleNow:
    """What people see as one: its cause, and the provider where one runs all of them. The worst status of them counts."""

    status: Status
    since: Time
    cause: Cause | None
    why: str | None
    provider: str | None
    members: tuple[TroubleMember, ...]


@dataclass(frozen=True, kw_only=True)
class Now:
    """What is wrong now. What is quiet or held is in neither `down` nor `slow`; `more` counts domains without an entry."""

    counts: overview.Counts
    down: Concerned
    slow: Concerned
    quiet: Concerned
    held: Concerned
    items: tuple[TroubleNow, ...]
    more: int
    ages: Ages
    now: Time
    monitor_fault: overview.Trouble | None
    storm: overview.Trouble | None


@router.route("GET /api/v3/now", "getNow", gives=Now)
def now(request: Request) -> Now:
    """Show what is wrong now, one entry per cause or provider, and the monitor's own health."""
    bad = list(fleet_queries.of_status(request.caller.customer, FAILING))
    known = flags.read(request)
    flagged = flags.flagged_among(known, bad)
    quiet, held = set(flagged.quiet), set(flagged.held)
    members = _members(request, known, bad[:MOST])
    fault, storm = trouble()
    return Now(
        counts=overview.counts(request),
        down=_concerned(it for it in bad if it.status is Status.DOWN and it.key not in quiet | held),
        slow=_concerned(it for it in bad if it.status is Status.SLOW and it.key not in quiet | held),
        quiet=_concerned(it for it in bad if it.key in quiet),
        held=_concerned(it for it in bad if it.key in held),
        items=tuple(_troubles(members, quiet)),
        more=len(bad) - len(members),
        ages=ages(request.now),
        now=request.now,
        monitor_fault=overview.shown(request, fault),
        storm=overview.shown(request, storm),
    )


def _members(request: Request, known: flags.Flags, bad: Sequence[DomainStatus]) -> list[TroubleMember]:
    health = health_by_key([it.key for it in bad])
    found = incidents.by_ids({it.incident for it in health.values() if it.incident})
    there = {it.id: it for it in shown_incidents.shown(request, list(found.values()))}
    members = []
    for it in bad:
        incident = found.get(health[it.key].incident) or _unwritten(it)
        shown = there.get(incident.id) or shown_incidents.shown(request, [incident])[0]
        flag = {"quiet_until": known.quiet_until(it.domain), "held": known.held(incident)}
        members.append(of(TroubleMember, shown, status=it.status, **flag))
    return members


def _troubles(members: Sequence[TroubleMember], quiet: Collection[str]) -> Iterable[TroubleNow]:
    """Group what people see as one; quiet and held ones are separate, after the others."""

    def behind(it: TroubleMember) -> int:
        return 2 if it.maildomain in quiet else 1 if it.held else 0

    for rank in range(3):
        some = [it for it in members if behind(it) == rank]
        for together in grouped(some, [(it.provider or "", it.cause) for it in some]):
            yield _trouble(together)


def _trouble(members: Sequence[TroubleMember]) -> TroubleNow:
    first = members[0]
    one_provider = len({it.provider for it in members}) == 1
    return TroubleNow(
        status=min(it.status for it in members),
        since=min(it.opened for it in members),
        cause=first.cause,
        why=first.why,
        provider=first.provider if one_provider else None,
        members=tuple(members),
    )


def _concerned(them: Iterable[DomainStatus]) -> Concerned:
    found = list(them)
    return Concerned(customers=len({it.customer or it.key for it in found}), domains=len(found))


def _unwritten(it: DomainStatus) -> model.Incident:
    """Stand in for the incident of a domain that has none, or none yet."""
    return model.Incident(id="", maildomain=it.key, opened=it.since, customer=it.customer)
