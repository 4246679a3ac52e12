"""The checks of the second act, with an outage of our own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from infra.demo import act_outage
from infra.demo.act_outage import FleetSnapshot
from infra.demo.captured_alerts import Alert, Message, Story
from infra.local.customers import BREAKS_DOWN, REFUSAL, REFUSES, TABLE
from mxtrax.model import MONITOR, Cause, Incident
from tests.demo.made import NOW, SOUND, failed, incident, mail, published

FAULT = Incident(
    id="self-check",
    maildomain=MONITOR,
    opened=NOW,
    cause=Cause.MONITOR_FAULT,
    evidence=f"Tests {act_outage.OUR_INBOX} do not come back. More.",
)


OVER = replace(FAULT, notified=NOW, closed=NOW + 26_000)


BROKEN = next(customer for customer in TABLE if customer.domain == BREAKS_DOWN)


REFUSED = incident(
    next(customer for customer in TABLE if customer.domain == REFUSES),
    cause=Cause.REFUSED,
    evidence=f"Their server said \N{LEFT DOUBLE QUOTATION MARK}{REFUSAL}\N{RIGHT DOUBLE QUOTATION MARK}.",
)


LATER = incident(BROKEN, cause=Cause.ACCEPTED_THEN_LOST)


KEYS = [it.mailbox for it in SOUND]


def opened(*them: Incident) -> dict[str, tuple[Incident, ...]]:
    """Give the incidents of all who were well, by address."""
    return {key: tuple(it for it in them if it.maildomain == key) for key in KEYS}


def snapshot(
    *mails: Alert,
    messages: Sequence[Message] = (),
    incidents: Mapping[str, tuple[Incident, ...]],
    missing: Iterable[str] = KEYS,
    well: Iterable[str] = KEYS,
) -> FleetSnapshot:
    """Make a snapshot of the alerts and the domains' state."""
    stories = tuple[Story, ...](story for it in mails for story in it.stories)
    subjects = tuple(it.subject for it in mails)
    return FleetSnapshot(subjects, stories, tuple(messages), dict(incidents), frozenset(missing), frozenset(well))


def test_an_outage_of_our_own_is_one_alarm_and_silence_but_for_what_a_server_says() -> None:
    """One mail and one message of the monitor itself, and of the server that refuses; in one mail, or in two."""
    messages, incidents = published(FAULT, REFUSED), opened(REFUSED)
    for mails in ([mail(FAULT), mail(REFUSED)], [mail(FAULT, REFUSED)]):
        assert failed(act_outage.during(snapshot(*mails, messages=messages, incidents=incidents))) == []


def test_whatever_else_is_told_in_an_outage_is_wrong() -> None:
    """A customer's alarm, by mail or to machines; none of our own; one without its reason; none about the rejection."""
    theirs = incident(SOUND[0], cause=Cause.ACCEPTED_THEN_LOST)
    ours, told, incidents = mail(FAULT, REFUSED), published(FAULT, REFUSED), opened(REFUSED)
    for shown in (
        snapshot(ours, mail(theirs), messages=told, incidents=incidents),
        snapshot(ours, messages=[*told, *published(theirs)], incidents=incidents),
        snapshot(ours, messages=told, incidents=opened(REFUSED, replace(theirs, notified=NOW))),
        snapshot(ours, messages=told, incidents=incidents, missing=KEYS[1:]),
    ):
        assert [it.split(",")[0] for it in failed(act_outage.during(shown))] == [
            f"All tests of the {len(SOUND) - 1} healthy customers are missing"
        ]
    assert len(failed(act_outage.during(snapshot(incidents=opened())))) == 2
    assert len(failed(act_outage.during(snapshot(mail(FAULT), messages=published(FAULT), incidents=opened())))) == 1
    vague = replace(FAULT, evidence="Something is wrong.")
    shown = snapshot(mail(vague, REFUSED), messages=published(vague, REFUSED), incidents=incidents)
    assert len(failed(act_outage.during(shown))) == 1


def test_mended_nobody_hears_of_what_was_ours_but_of_what_truly_broke_down() -> None:
    """The monitor's alarm ends, one customer's begins, and no other is sent."""
    held = incident(SOUND[0], cause=Cause.ACCEPTED_THEN_LOST, closed=NOW, dropped=NOW)
    incidents = opened(REFUSED, replace(LATER, notified=NOW), held)
    mails, messages = [mail(FAULT, REFUSED), mail(OVER), mail(LATER)], published(FAULT, REFUSED, OVER, LATER)

    def wrong(*mails: Alert, **more: Any) -> int:
        given = {"messages": messages, "incidents": incidents, **more}
        return len(failed(act_outage.after(snapshot(*mails, **given))))

    assert wrong(*mails) == 0
    assert wrong(mail(FAULT, REFUSED), mail(OVER, LATER)) == 0
    assert wrong(*mails[:2], messages=messages[:3]) == 1
    assert wrong(*mails[:1], *mails[2:]) == 1
    assert wrong(*mails, well=KEYS[1:]) == 1
    assert wrong(*mails, incidents=opened(replace(held, closed=None))) == 1
    assert wrong(*mails, incidents=opened(replace(held, notified=NOW))) == 1
    late = incident(SOUND[0], cause=Cause.ACCEPTED_THEN_LOST)
    assert wrong(*mails, mail(late), messages=[*messages, *published(late)]) == 1


def test_a_recovery_is_told_once_with_its_length() -> None:
    """By mail and to machines, when the domain is well."""
    over = replace(REFUSED, notified=NOW, closed=NOW + 60_000)
    mails, messages, incidents = [mail(REFUSED), mail(over)], published(REFUSED, over), opened(over)

    def right(*mails: Alert, **more: Any) -> bool:
        (check,) = act_outage.recovered(snapshot(*mails, **{"messages": messages, "incidents": incidents, **more}))
        return check.ok

    assert right(*mails)
    assert not right(*mails, mail(over))
    assert not right(*mails[:1])
    assert not right(*mails, messages=messages[:1])
    assert not right(*mails, well=())
