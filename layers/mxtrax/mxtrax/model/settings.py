"""What people set for the whole fleet."""

from dataclasses import field
from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


class AlarmWhen(StrEnum):
    """What opens an incident: the weight of evidence, or the wiki's limits alone."""

    EVIDENCE = "evidence"
    LIMITS = "limits"


class AlertMail(StrEnum):
    """What an alert mail holds: the news alone, or the report of the whole fleet below it."""

    NEWS = "news"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a domain may miss before it is failing.

    Exceeding means greater than. Percentages are 0 to 100; None: no limit.
    """

    maxfailnumber: int | None = 0
    maxfailpercentage: float | None = None
    maxlatenumber: int | None = 0
    maxlatepercentage: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The one record of settings. maxreturntime and max_sec_until_fail are seconds, *_minutes minutes, keep_days days.

    remind_minutes is doubled with each reminder (rules/reminders.py); 0 reminds with each run, None never.
    escalateuser are notified of what nobody has acknowledged escalate_minutes after the first notice; None is never.
    """

    sendinguser: str = ""
    alertuser: tuple[str, ...] = ()
    maxreturntime: int = 300
    max_sec_until_fail: int = 86_400
    limits: Limits = field(default_factory=Limits)
    interval_minutes: int = 15
    retest_minutes: int = 1
    window_hours: int = 24
    alarm_when: AlarmWhen = AlarmWhen.EVIDENCE
    open_after: int = 1
    recover_after: int = 3
    remind_minutes: int | None = 60
    escalate_minutes: int | None = None
    escalateuser: tuple[str, ...] = ()
    keep_days: int = 90
    alert_mail: AlertMail = AlertMail.NEWS
    timezone: str = "UTC"
    self_check_percent: int = 50
    target_percent: float = 99.9
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLink:
    """A link that shows the wallboard. `digest` is the hash of its secret, `by` who created it."""

    id: str
    name: str
    digest: str
    made: Millis
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The settings that public pages use: the time zone of a month, and its target availability."""

    timezone: str = "UTC"
    target_percent: float = 99.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """What all public pages say: who they are from, how to reach them, a PNG in base64, and a note to all customers.

    Each may be empty.
    """

    name: str = ""
    contact: str = ""
    logo: str = ""
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """How the tables are laid out: the last version that they were brought to, and how far the next step has come.

    `mark` is where that step goes on; empty if it has not begun.
    """

    version: int = 0
    mark: str = ""
    rev: int = 0
