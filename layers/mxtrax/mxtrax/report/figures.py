"""The figures of one domain as the report shows them, from its slate, and which of two domains is worse off."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from mxtrax.judge import exceeded, limits_for
from mxtrax.model import Config, Counts, Limits, MailDomain, Millis, Standing, State
from mxtrax.report.words import limit, many, per_cent, rate
from mxtrax.tally import total, trim


class Line(NamedTuple):
    """A domain and what is known of it."""

    domain: MailDomain
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a domain's slate comes to. `exceeded` names limits; the rates are percentages."""

    line: Line
    counts: Counts
    limits: Limits
    exceeded: tuple[str, ...]

    @property
    def failing(self) -> bool:
        """True where the domain counts as failing, by its slate or until it has recovered."""
        return self.line.standing.state is State.FAILING

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
        """Say each limit that is exceeded."""
        found = {
            "maxfailnumber": f"{many(self.counts.missed, 'test')} did not return",
            "maxfailpercentage": f"{per_cent(self.missed_rate)} did not return",
            "maxlatenumber": f"{many(self.counts.late, 'late test')}",
            "maxlatepercentage": f"{per_cent(self.late_rate)} were late",
        }
        return [
            f"Limit exceeded: {found[name]} (limit: {limit(name, getattr(self.limits, name))})."
            for name in self.exceeded
        ]


def worst_first(fleet: Iterable[Line], config: Config, now: Millis) -> list[Figures]:
    """Work out the figures of a fleet as of now: hours that have left the window since the last fold do not count."""
    return sorted((_of(line, config, now) for line in fleet), key=lambda figures: figures.order)


def _of(line: Line, config: Config, now: Millis) -> Figures:
    domain, standing = line
    standing = replace(standing, slate=trim(standing.slate, config.window_hours, now))
    limits = limits_for(domain, config)
    return Figures(line=line, counts=total(standing.slate), limits=limits, exceeded=exceeded(standing, limits))


def together(fleet: Iterable[Figures]) -> Counts:
    """Add up the counts of several domains."""
    return total(dict(enumerate(figures.counts for figures in fleet)))
