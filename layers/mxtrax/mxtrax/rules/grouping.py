"""One cause, one alarm: who is notified of an incident at once, and who of several in one notice.

A target that knows of no incident of a cause is notified of the first one at once. Incidents that join follow as one notice
(`changed`): after three minutes or, while more join each minute, after six. The longer the cause has been growing, the
longer later ones wait. While any incident is ongoing, recoveries wait for one another for up to three minutes, and so
does the monitor's own.
Machines get each incident separately and at once: a target says whether its notices are grouped.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from itertools import accumulate
from typing import Final, NamedTuple

from mxtrax.model import MINUTE, MONITOR, Incident, Millis
from mxtrax.rules.evidence import TOLD_BY_SMTP
from mxtrax.rules.severity import SLOW

GATHERED: Final = 3
"""Minutes for which related notices are gathered."""

ROUND: Final = 6
"""A wait is longer by this part of a minute: the fold runs once in each, and what it finds still goes along."""

GROWING: Final = 4
"""Later notices wait for this many times as long as the cause has been growing."""

SETTLED: Final = 15
"""Minutes until a notice is corrected. While tests are still on their way, a cause may change back and forth."""

EASED: Final = 60
"""Minutes until a notice of its own says that mail that seemed lost comes back late: nobody is woken for good news."""

NEAR: Final = 30
"""Minutes within which incidents of one cause must open. Last week's full mailbox is not part of today's outage."""

_QUOTED: Final = re.compile("\N{LEFT DOUBLE QUOTATION MARK}(.*)\N{RIGHT DOUBLE QUOTATION MARK}")
_NAMES: Final = re.compile(r"\S*[@\d]\S*|\S+\.\S+")
"""What differs between mailboxes: addresses, host names, numbers."""


class Wait(NamedTuple):
    """Until when a notice waits for others, and how many incidents of its cause its targets know."""

    until: Millis = 0
    joined: int = 0


def causes_of(incident: Incident) -> tuple[tuple[str, ...], ...]:
    """Give what incidents of the same cause share: the provider, or the cause and the server's words."""
    if incident.maildomain == MONITOR:
        return ()
    shared: list[tuple[str, ...]] = [("provider", incident.provider)] if incident.provider else []
    if incident.cause in TOLD_BY_SMTP and (said := words_of(incident.evidence)):
        shared.append((str(incident.cause), said))
    return tuple(shared)


def words_of(evidence: str) -> str:
    """Give what a server said, without what differs between mailboxes; "" if it said nothing."""
    quoted = _QUOTED.search(evidence)
    return " ".join(re.findall(r"[^\W_]{3,}", _NAMES.sub(" ", quoted[1].lower()))) if quoted else ""


@dataclass
class Gathering:
    """The incidents that are open, or over without everybody knowing, by what they share."""

    known: Sequence[Incident]
    now: Millis
    minute: Millis = MINUTE
    _by_cause: Mapping[tuple[str, ...], list[Incident]] = field(init=False)
    _seen: dict[tuple[tuple[str, ...], str], "_Seen"] = field(init=False, default_factory=dict)
    _over: dict[str, Millis | None] = field(init=False, default_factory=dict)
    """When the first incident ended of whose end a target is not notified yet; None if it knows of no ongoing one."""

    def __post_init__(self) -> None:
        """Group incidents by what they share."""
        by_cause = defaultdict[tuple[str, ...], list[Incident]](list)
        for incident in self.known:
            for cause in causes_of(incident):
                by_cause[cause].append(incident)
        self._by_cause = by_cause

    def wait(self, incident: Incident, target: str, *, corrected: bool = False) -> Wait:
        """Say until when a notice of an incident waits for others, for one target; a reminder never waits.

        `corrected`: the notice corrects the cause. It goes along with the next notice, or on its own when the cause has
        settled.
        """
        if incident.closed is not None:
            return self._recovery(incident, target)
        if target in incident.told:
            known = [incident.told[target], *(max(seen.latest, default=0) for seen in self._of(incident, target))]
            settles = EASED if incident.cause in SLOW else SETTLED
            return Wait(max(known) + settles * self.minute) if corrected else Wait()
        last, joined, began, newest = 0, 0, incident.opened, incident.opened
        for seen in self._of(incident, target):
            newest = max(newest, seen.newest)
            first = bisect_left(seen.opened, incident.opened - NEAR * self.minute)
            if first < len(seen.opened):
                last, joined = max(last, seen.latest[first]), max(joined, len(seen.opened) - first)
                began = min(began, seen.opened[first])
        until = last + max(self._gathered, min(GROWING * (last - began), NEAR * self.minute))
        longest = max(until, last + 2 * self._gathered)
        if not joined or incident.opened > longest:
            return Wait()
        return Wait(max(until, min(longest, newest + self._round)), joined)

    def _recovery(self, incident: Incident, target: str) -> Wait:
        """Let a recovery wait for others, while any incident is ongoing, up to three minutes from the first of them."""
        if incident.closed is None:
            return Wait()
        if target not in self._over:
            known = (it for it in self.known if target in it.told)
            told = [it.closed for it in known if it.closed is None or target not in it.notified_channels]
            ended = [at for at in told if at is not None]
            self._over[target] = min(ended, default=self.now) if len(ended) < len(told) else None
        first = self._over[target]
        return Wait() if first is None else Wait(min(first, incident.closed) + self._gathered)

    @property
    def _round(self) -> Millis:
        return self.minute + self.minute // ROUND

    @property
    def _gathered(self) -> Millis:
        return (GATHERED - 1) * self.minute + self._round

    def _of(self, incident: Incident, target: str) -> Iterable["_Seen"]:
        for cause in causes_of(incident):
            key = cause, target
            if key not in self._seen:
                self._seen[key] = _seen(self._by_cause[cause], target)
            yield self._seen[key]


class _Seen(NamedTuple):
    """What a target knows about a cause: when its ongoing incidents opened, and when it was last notified since.

    `newest` is when the last incident opened that it has not been notified of, 0 if there is none.
    """

    opened: Sequence[Millis]
    latest: Sequence[Millis]
    newest: Millis


def _seen(incidents: Iterable[Incident], target: str) -> _Seen:
    open_ = [it for it in incidents if it.closed is None]
    mine = sorted((it.opened, it.told[target]) for it in open_ if target in it.told)
    newest = max((it.opened for it in open_ if target not in it.told), default=0)
    latest = list(accumulate((told for _, told in reversed(mine)), max))[::-1]
    return _Seen([opened for opened, _ in mine], latest, newest)
