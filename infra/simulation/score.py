"""Score a play: compare what people were told with the truth."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from infra.simulation import product
from infra.simulation.causes import acceptable
from infra.simulation.episodes import OURS, Alert, Episode, judge
from infra.simulation.model import HOUR, MINUTE, SECOND, Mail, Scenario, Trouble
from infra.simulation.seen import Notice, Played

SEEN: Final = frozenset({"inbox_refuses", "inbox_defers", "ses_fails", "receive_down"})
"""The outages of ours that a monitor can notice by itself; during the others it is enough that no domain is blamed."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong cause: its alarm, when it was reported, what was said, what would have been right."""

    alert: Alert
    when: str
    said: str
    fine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ours:
    """How an outage of ours was reported. `after` is seconds from its beginning to the notice, `over` from its end."""

    kind: str
    told: bool
    blamed: int
    after: int | None = None
    over: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The result of one play of one scenario, by the product or by a rival.

    `alert_mails` are those that were sent, `tests` those of customers. `causes` counts alarms that gave a cause at
    their beginning (open) and end (close), and those that were right (open_ok, close_ok); a rival gives none.
    """

    scenario: Scenario
    episodes: Sequence[Episode]
    alerts: Sequence[Alert]
    false: Sequence[Alert]
    alert_mails: int
    tests: int
    causes: Mapping[str, int] = field(default_factory=dict)
    wrong: Sequence[Wrong] = ()
    ours: Sequence[Ours] = ()
    ours_false: int = 0
    mails_of: Mapping[str, Counter[str]] = field(default_factory=dict)
    """By trouble: the number of mails with it, by kind of notice."""


def of_rival(
    scenario: Scenario, alerts: Sequence[Alert], alert_mails: int, by_domain: Mapping[str, Sequence[Mail]]
) -> Score:
    """Score a rival by its alarms."""
    found, false = judge(scenario, alerts, by_domain)
    tests = sum(map(len, by_domain.values()))
    return Score(scenario=scenario, episodes=found, alerts=alerts, false=false, alert_mails=alert_mails, tests=tests)


def of_product(scenario: Scenario, played: Played) -> Score:
    """Score the product by its notices."""
    alerts = _alerts(played)
    found, false = judge(scenario, alerts, played.by_domain)
    causes, wrong = _causes(scenario, alerts)
    ours, ours_false = _ours(scenario, alerts, played)
    return Score(
        scenario=scenario,
        episodes=found,
        alerts=alerts,
        false=false,
        alert_mails=len(played.mailed),
        tests=len(played.mails) - len(played.by_domain.get(product.OWN_ADDRESS, ())),
        causes=causes,
        wrong=wrong,
        ours=ours,
        ours_false=ours_false,
        mails_of=_mails_of(alerts, played),
    )


def _alerts(played: Played) -> list[Alert]:
    """Make alarms from notices: each begins with the first one that names its domain, on any channel."""
    by_incident = defaultdict[str, list[Notice]](list)
    for notice in played.notices:
        if notice.domain != product.MONITOR_ITSELF:
            by_incident[notice.incident].append(notice)
    alerts = []
    for id_, notices in by_incident.items():
        first = next((it for it in notices if it.kind != product.CLOSED), None)
        if first is None:
            continue
        last, closed = notices[-1], next((it for it in notices if it.kind == product.CLOSED), None)
        alerts.append(
            Alert(
                id=id_,
                domain=first.domain,
                told=first.at,
                over=closed.at if closed else None,
                mail=played.mails.get(first.mail),
                cause=first.cause,
                last_cause=last.cause,
                last_mail=played.mails.get(last.mail),
            )
        )
    return alerts


def _causes(scenario: Scenario, alerts: Sequence[Alert]) -> tuple[Counter[str], list[Wrong]]:
    """Count the causes given at each alarm's beginning and end, and those that were right."""
    count, wrong = Counter[str](), list[Wrong]()
    for alert in alerts:
        if alert.episode is None or not alert.episode.trouble.to_tell:
            continue
        trouble, provider = alert.episode.trouble, scenario.domains[alert.domain].provider
        told = [("open", alert.cause, alert.mail, alert.told)]
        if alert.over is not None:
            told.append(("close", alert.last_cause, _of(trouble, alert.last_mail), alert.over))
        for when, said, mail, at in told:
            fine = acceptable(trouble.how, mail, at, provider)
            count[when] += 1
            count[f"{when}_ok"] += said in fine
            if said not in fine:
                wrong.append(Wrong(alert, when, said, tuple(sorted(fine))))
    return count, wrong


def _of(trouble: Trouble, mail: Mail | None) -> Mail | None:
    return mail if mail is not None and mail.trouble == trouble.id else None


def _ours(scenario: Scenario, alerts: Sequence[Alert], played: Played) -> tuple[list[Ours], int]:
    """Give how each outage of ours was reported, and count alarms about a fault of ours without an outage."""
    faults = [it for it in played.notices if it.domain == product.MONITOR_ITSELF and it.cause == product.OWN_FAULT]
    opened = [it for it in faults if it.kind == product.OPENED]
    closed = [it for it in faults if it.kind == product.CLOSED]
    found, true = list[Ours](), set[str]()
    for own in scenario.own:
        told = next((it for it in opened if own.start <= it.at <= own.end + 10 * MINUTE), None)
        blamed = sum(_blames(alert, own) for alert in alerts)
        if told is None:
            found.append(Ours(own.kind, told=False, blamed=blamed))
            continue
        true.add(told.incident)
        over = next(((it.at - own.end) // SECOND for it in closed if it.at > told.at), None)
        found.append(Ours(own.kind, told=True, blamed=blamed, after=(told.at - own.start) // SECOND, over=over))
    return found, len({it.incident for it in opened} - true)


def _blames(alert: Alert, own: Trouble) -> bool:
    return alert.truth == OURS + own.kind and own.start - 10 * MINUTE <= alert.told <= own.end + HOUR


def _mails_of(alerts: Sequence[Alert], played: Played) -> dict[str, Counter[str]]:
    """Count the mails with each trouble, by kind of notice."""
    trouble_of = {it.id: it.episode.trouble.id for it in alerts if it.episode is not None}
    counts = defaultdict[str, Counter[str]](Counter)
    for mail in played.mailed:
        for trouble, kind in sorted({(trouble_of[id_], kind) for id_, kind in mail.incidents if id_ in trouble_of}):
            counts[trouble][kind] += 1
    return dict(counts)
