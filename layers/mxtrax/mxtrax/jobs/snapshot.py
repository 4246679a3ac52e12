"""What alert looks at: the fleet and what is known about it, read once a run and only if a notice may be due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mxtrax.frozen import dataclass
from mxtrax.model import Config, Customer, DomainHealth, MailDomain, Millis, Window
from mxtrax.report.figures import Line
from mxtrax.rules.reminders import Pace, pace_of
from mxtrax.rules.selfcheck import Watched
from mxtrax.rules.windows import in_maintenance
from mxtrax.rules.zones import zone_of
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, fleet, windows
from mxtrax.store.health import all_health


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """One moment. `domains` and `known` are by a domain's key; one in a maintenance window is shown as in maintmode."""

    now: Millis
    config: Config
    settings: Settings
    domains: Mapping[str, MailDomain]
    known: Mapping[str, DomainHealth]
    customers: Mapping[str, Customer]
    windows: Sequence[Window]

    @property
    def pace(self) -> Pace:
        """How often people are reminded of ongoing incidents."""
        return pace_of(self.config, self.settings.minute_seconds, zone_of(self.config.timezone))

    def fleet(self) -> list[Watched]:
        """Give each domain with what is known about it."""
        return [Watched(domain, self.health(key)) for key, domain in self.domains.items()]

    def lines(self, customers: Collection[str] | None = None) -> list[Line]:
        """Give the lines of the report, for all domains or for some customers' own."""
        return [
            Line(domain, self.health(key))
            for key, domain in self.domains.items()
            if customers is None or domain.customer in customers
        ]

    def health(self, key: str) -> DomainHealth:
        """Give what is known about a domain; for a new one, a blank."""
        return self.known.get(key) or DomainHealth(maildomain=key)


def take_snapshot(now: Millis, config: Config, settings: Settings) -> FleetSnapshot:
    """Read the fleet. This is the expensive part: one pass over the domains and one over their health."""
    planned = windows.everything()
    return FleetSnapshot(
        now=now,
        config=config,
        settings=settings,
        domains={domain.key: _as_tested(domain, planned, now) for domain in fleet.everyone()},
        known={health.maildomain: health for health in all_health()},
        customers=customers.everyone(),
        windows=planned,
    )


def _as_tested(domain: MailDomain, planned: Sequence[Window], now: Millis) -> MailDomain:
    """Show a domain that is in a maintenance window as in maintmode."""
    quiet = in_maintenance(planned, domain, now)
    return domain if quiet == domain.maintmode else replace(domain, maintmode=quiet)
