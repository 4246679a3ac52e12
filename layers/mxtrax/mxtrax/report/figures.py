"""The figures of one domain as the report shows them, from its window_counts, and which of two domains is worse off."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model import Config, DomainHealth, Limits, MailDomain, Millis, State, WindowCounts
from mxtrax.report.words import limit, many, per_cent, rate
from mxtrax.rules.health import exceeded
from mxtrax.rules.limits import effective
from mxtrax.rules.statistics import total, trim


class Line(NamedTuple):
    """A domain and what is known of it."""

    domain: MailDomain
    health: DomainHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a domain's window_counts comes to. `exceeded` names limits; the rates are percentages."""

    line: Line
    counts: WindowCounts
    limits: Limits
    exceeded: tuple[str, ...]

    @property
    def failing(self) -> bool:
        """True if the domain counts as failing, by its window counts or until it has recovered."""
        return self.line.health.state is State.FAILING

    @property
    def missed_rate(self) -> float:
        """What did not return, of all."""
        return rate(self.counts.missed, self.counts.total)

    @property
    def late_rate(self) -> float:
        """What was late, of all."""
        return rate(self.counts.late, self.counts.total)

    @property
    def order(self) -> tuple[bool, float, float, int, str]:
        """What worst first goes by: failing, rate not returned, rate late, number not returned, address."""
        return (not self.failing, -self.missed_rate, -self.late_rate, -self.counts.missed, self.line.domain.key)

    def sentences(self) -> list[str]:
        """Say what is exceeded: number and rate in one sentence, as they mostly are it together."""
        missed = f"{many(self.counts.missed, 'test')} did not return", f"{per_cent(self.missed_rate)} did not return"
        late = many(self.counts.late, "late test"), f"{per_cent(self.late_rate)} were late"
        return [
            *self._exceeding("maxfailnumber", "maxfailpercentage", *missed, per_cent(self.missed_rate)),
            *self._exceeding("maxlatenumber", "maxlatepercentage", *late, per_cent(self.late_rate)),
        ]

    def _exceeding(self, number: str, percentage: str, as_number: str, as_rate: str, share: str) -> list[str]:
        both = [name for name in (number, percentage) if name in self.exceeded]
        allowed = [limit(name, getattr(self.limits, name)) for name in both]
        if len(both) < 2:
            return [
                f"Limit exceeded: {as_number if name == number else as_rate} (limit: {allowed[0]})." for name in both
            ]
        if any(getattr(self.limits, name) for name in both):
            return [f"Limits exceeded: {as_number}, {share} of all (limits: {' and '.join(allowed)})."]
        return [f"Limit exceeded: {as_number}, {share} of all (limit: 0)."]


def worst_first(fleet: Iterable[Line], config: Config, now: Millis) -> list[Figures]:
    """Work out the figures of a fleet as of now: hours that have left the window since the last fold do not count."""
    return sorted((_of(line, config, now) for line in fleet), key=lambda figures: figures.order)


def _of(line: Line, config: Config, now: Millis) -> Figures:
    domain, health = line
    health = replace(health, window_counts=trim(health.window_counts, config.window_hours, now))
    limits = effective(domain, config)
    return Figures(line=line, counts=total(health.window_counts), limits=limits, exceeded=exceeded(health, limits))


def together(fleet: Iterable[Figures]) -> WindowCounts:
    """Add up the counts of several domains."""
    return total(dict(enumerate(figures.counts for figures in fleet)))
