"""Compare alarms with the truth: which trouble each reports, and which are false."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from infra.simulation.model import MINUTE, ON_TIME, Mail, Millis, Scenario, Trouble

GRACE: Final = 15 * MINUTE
"""How long after its end a trouble may still be reported."""

HICCUPS: Final = frozenset({"single_loss", "tail", "greylist", "flush", "quarantine"})
"""Accidents of one mail, or of all mails in some minutes: not an outage, although a test really was late or lost."""

STOPS: Final = frozenset({"ses_fails", "ses_throttles", "plan_down"})
"""Outages of ours in which no test goes out."""

BEFORE_OUR_INBOX: Final = frozenset({"mailbox_full", "unknown_user", "forward_blocked", "bounce_after", "server_down"})
"""Troubles that their server or SES reports, whether our inbox works or not."""

INBOX: Final = frozenset({"inbox_refuses", "inbox_defers", "receive_down"})
"""Outages of ours in which nothing comes back."""

OURS: Final = "ours:"
FLUSH: Final = "flush"


@dataclass(slots=True, kw_only=True)
class Alert:
    """One alarm, by the product or a rule: notified at `told`, ended at `over`, with its test and causes.

    `truth` is what it is really based on, `episode` the stretch of trouble, if it is one.
    """

    id: str
    domain: str
    told: Millis
    over: Millis | None = None
    mail: Mail | None
    cause: str = ""
    last_cause: str = ""
    last_mail: Mail | None = None
    truth: str = ""
    episode: "Episode | None" = None


@dataclass(slots=True)
class Episode:
    """One stretch of one trouble at one domain: when it could first be `known`, and when it was reported.

    It is `untested` if no test went out during it though one was due, and `masked` if an earlier alarm was still open.
    """

    trouble: Trouble
    domain: str
    start: Millis
    end: Millis
    known: Millis | None = None
    untested: bool = False
    alerts: list[Alert] = field(default_factory=list)
    told: Millis | None = None
    masked: bool = False


def episodes(scenario: Scenario, by_domain: Mapping[str, Sequence[Mail]]) -> list[Episode]:
    """Give what should be reported: the stretches of each trouble at each domain, and from when on they can be known."""
    return [
        _episode(scenario, it, key, stretch, by_domain.get(key, ()))
        for it in scenario.troubles
        for key in it.domains
        for stretch in it.stretches
    ]


def _episode(
    scenario: Scenario, it: Trouble, key: str, stretch: tuple[Millis, Millis], mails: Sequence[Mail]
) -> Episode:
    start, end = stretch
    asked = [mail for mail in mails if start <= mail.sent < end]
    spoilt = [mail for mail in asked if mail.trouble == it.id and not _hidden(it, mail, scenario)]
    known = min((at for mail in spoilt if (at := mail.known_bad) is not None), default=None)
    stopped = sum(max(0, min(end, own.end) - max(start, own.start)) for own in scenario.own if own.kind in STOPS)
    untested = not asked and end - start - stopped >= (scenario.interval_of(key) + 1) * MINUTE
    if untested:  # The regular test would have shown it, but did not go out.
        known = start + scenario.interval_of(key) * MINUTE + ON_TIME
    return Episode(it, key, start, end, known, untested)


def _hidden(it: Trouble, mail: Mail, scenario: Scenario) -> bool:
    """Say whether a trouble's effect on a test cannot be distinguished from that of our own outage."""
    if it.how in BEFORE_OUR_INBOX:
        return False
    return any(own.start - MINUTE <= mail.sent <= own.end for own in scenario.own if own.kind in INBOX)


def judge(
    scenario: Scenario, alerts: Iterable[Alert], by_domain: Mapping[str, Sequence[Mail]]
) -> tuple[list[Episode], list[Alert]]:
    """Match alarms with episodes; give all episodes, and the false alarms."""
    found, false = episodes(scenario, by_domain), []
    mine, by = defaultdict[str, list[Episode]](list), defaultdict[str, list[Alert]](list)
    for one in found:
        mine[one.domain].append(one)
    for alert in alerts:
        by[alert.domain].append(alert)
    for alert in sorted(alerts, key=lambda it: it.told):
        alert.episode, alert.truth = _truth_of(alert, scenario, mine[alert.domain])
        if alert.episode is not None:
            alert.episode.alerts.append(alert)
        if alert.episode is None or not alert.episode.trouble.to_tell:
            false.append(alert)
    for one in found:
        one.told = min((alert.told for alert in one.alerts), default=None)
        if one.told is None and one.known is not None and not one.untested:
            one.told = _told_before(one, one.known, by[one.domain])
            one.masked = one.told is not None
    return found, false


def _truth_of(alert: Alert, scenario: Scenario, mine: Sequence[Episode]) -> tuple[Episode | None, str]:
    """Say what an alarm is based on: an episode, an outage of ours, a hiccup, or nothing."""
    if (mail := alert.mail) is not None:
        at_that_time = [one for one in mine if one.start <= mail.sent < one.end]
        spoilt = next((one for one in at_that_time if one.trouble.id == mail.trouble), None)
        some = next((one for one in at_that_time if one.trouble.how in {"flapping", "partial_loss"}), None)
        if one := spoilt or some:
            return one, one.trouble.kind
        ours = next((own for own in scenario.own if own.id == mail.ours), None)
        if ours and alert.told >= ours.start:
            return None, OURS + ours.kind
        if mail.bad or mail.what in HICCUPS:
            return None, "tail" if mail.what == "ok" else mail.what
    for one in mine:
        if one.start <= alert.told < one.end + GRACE:
            return one, one.trouble.kind
    return None, "nothing"


def _told_before(one: Episode, known: Millis, alerts: Iterable[Alert]) -> Millis | None:
    """Give when an earlier alarm that was still open reported an episode; None if there was none."""
    for alert in alerts:
        if alert.told <= one.end + GRACE and (alert.over is None or alert.over > known):
            return max(alert.told, known)
    return None
