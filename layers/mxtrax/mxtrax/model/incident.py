"""A stretch of trouble that people are notified of."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final, NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis
from mxtrax.model.test import Cause, Reason

MONITOR: Final = "monitor"
"""What the incidents of the monitor itself have instead of a domain."""


class Stretch(NamedTuple):
    """A period of a fault of our own; `ended` is None while it lasts, `proven` is when something last proved it."""

    began: Millis
    ended: Millis | None = None
    proven: Millis = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A domain's stretch of failing. `due` is when its next notice is due; None once it is over and everybody knows.

    Cause, reason and evidence are those of its newest bad test, which is `testid`, sent at `sent`. `notified` is when
    somebody first was; `notified_channels` are those that have accepted its latest notice, while others have not.
    `dropped` is when it ended with nobody notified, because the fault was ours. `told` is when each target last
    accepted a notice of it, by the target's id: a target that is not in it does not know about the incident.
    `reminders` counts the reminders so far, `escalated` is since when the second list is notified as well. `told_cause`
    and `told_reason` are what people were told last, `corrected` is since when that needs a correction. `acknowledged`
    is when somebody said that they are on it; `note` is what people wrote about it. `again_of` is the incident whose
    relapse it is, "" where it is none, and `first_opened` when that opened.
    """

    id: str
    maildomain: str
    opened: Millis
    customer: str = ""
    cause: Cause | None = None
    reason: Reason | None = None
    evidence: str = ""
    exceeded: tuple[str, ...] = ()
    testid: str = ""
    sent: Millis = 0
    provider: str = ""
    notified: Millis | None = None
    reminded: Millis | None = None
    closed: Millis | None = None
    dropped: Millis | None = None
    notified_channels: frozenset[str] = frozenset()
    told: Mapping[str, Millis] = field(default_factory=dict)
    reminders: int = 0
    escalated: Millis | None = None
    told_cause: Cause | None = None
    told_reason: Reason | None = None
    corrected: Millis | None = None
    acknowledged: Millis | None = None
    acknowledged_by: str = ""
    note: str = ""
    again_of: str = ""
    first_opened: Millis = 0
    due: Millis | None = None

    @property
    def thread(self) -> str:
        """The key that services know: a relapse continues under that of the incident before it.

        The monitor's own share one record, and differ by when they opened.
        """
        return f"{self.id}-{self.opened}" if self.maildomain == MONITOR else self.again_of or self.id

    @property
    def began(self) -> Millis:
        """When it opened for the first time, before all relapses."""
        return self.first_opened or self.opened
