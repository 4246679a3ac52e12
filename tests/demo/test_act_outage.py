"""What the second act holds an outage of our own against."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from infra.demo import act_outage
from infra.demo.act_outage import FleetSnapshot
from infra.demo.captured_alerts import Alert, Message, Story
from infra.local.customers import BREAKS_DOWN, TABLE
from mxtrax.model import (
    MONITOR,
    Cause,
    Incident,
)
from tests.demo.made import (
    NOW,
    SOUND,
    failed,
    incident,
    mail,
    published,
)

FAULT = Incident(
    id="self-check",
    maildomain=MONITOR,
    opened=NOW,
    cause=Cause.MONITOR_FAULT,
    evidence=f"Tests {act_outage.OUR_INBOX} do not come back. More.",
)


OVER = replace(FAULT, notified=NOW, closed=NOW + 26_000)


BROKEN = next(customer for customer in TABLE if customer.domain == BREAKS_DOWN)


HELD = {it.mailbox: (incident(it, cause=Cause.ACCEPTED_THEN_LOST),) for it in SOUND}


DROPPED = {key: (replace(it, closed=NOW, dropped=NOW),) for key, (it,) in HELD.items()}


LATER = incident(BROKEN, cause=Cause.ACCEPTED_THEN_LOST, notified=None)


def snapshot(*mails: Alert, messages: Sequence[Message] = (), incidents: dict[str, Any]) -> FleetSnapshot:
    """Put a snapshot together of what was told, and how the incidents stand."""
    stories = tuple[Story, ...](story for it in mails for story in it.stories)
    return FleetSnapshot(tuple(it.subject for it in mails), stories, tuple(messages), incidents)


def test_an_outage_of_our_own_is_one_alarm_and_silence() -> None:
    """One mail and one message of the monitor itself, while all others are held."""
    assert failed(act_outage.during(snapshot(mail(FAULT), messages=published(FAULT), incidents=HELD))) == []


def test_whatever_else_is_told_in_an_outage_is_wrong() -> None:
    """A customer's alarm, by mail or to machines; no alarm at all; one that does not say why."""
    theirs = incident(SOUND[0], cause=Cause.ACCEPTED_THEN_LOST)
    ours, told = mail(FAULT), published(FAULT)
    silence = "No customer alert is sent."
    assert silence in failed(act_outage.during(snapshot(ours, mail(theirs), messages=told, incidents=HELD)))
    assert silence in failed(act_outage.during(snapshot(ours, messages=[*told, *published(theirs)], incidents=HELD)))
    assert len(failed(act_outage.during(snapshot(incidents=HELD)))) == 1
    vague = replace(FAULT, evidence="Something is wrong.")
    assert len(failed(act_outage.during(snapshot(mail(vague), messages=published(vague), incidents=HELD)))) == 1


def test_what_is_not_held_is_wrong() -> None:
    """Nobody's incident may be missing, told or closed while nothing comes back."""
    key = SOUND[0].mailbox
    for them in ((), (replace(HELD[key][0], notified=NOW),), (replace(HELD[key][0], closed=NOW),)):
        shown = snapshot(mail(FAULT), messages=published(FAULT), incidents={**HELD, key: them})
        assert len(failed(act_outage.during(shown))) == 1


def test_mended_what_was_held_is_dropped_but_for_what_truly_broke_down() -> None:
    """The monitor's alarm ends, one customer's begins, and nothing else is told."""
    incidents = {**DROPPED, BROKEN.mailbox: (replace(LATER, notified=NOW),)}
    mails, messages = [mail(FAULT), mail(OVER), mail(LATER)], published(FAULT, OVER, LATER)
    assert failed(act_outage.after(snapshot(*mails, messages=messages, incidents=incidents))) == []
    assert (
        failed(act_outage.after(snapshot(mail(FAULT), mail(OVER, LATER), messages=messages, incidents=incidents))) == []
    )
    assert len(failed(act_outage.after(snapshot(*mails[:2], messages=messages[:2], incidents=incidents)))) == 1
    assert len(failed(act_outage.after(snapshot(*mails[:1], *mails[2:], messages=messages, incidents=incidents)))) == 1
    assert (
        len(failed(act_outage.after(snapshot(*mails, messages=messages, incidents={**incidents, **_one_told()})))) == 1
    )
    late = incident(SOUND[0], cause=Cause.ACCEPTED_THEN_LOST)
    shown = snapshot(*mails, mail(late), messages=[*messages, *published(late)], incidents=incidents)
    assert len(failed(act_outage.after(shown))) == 2


def _one_told() -> dict[str, tuple[Incident, ...]]:
    key = SOUND[0].mailbox
    return {key: (replace(DROPPED[key][0], dropped=None, notified=NOW),)}
