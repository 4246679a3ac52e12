"""Domains that are not set up raise no alarm: they are in a daily note."""

from typing import Any

import pytest

from mxtrax.aws import ses
from mxtrax.model import DAY, HOUR, AlarmWhen, MailDomain
from tests.jobs.test_alerts import _refuse, text
from tests.jobs.test_incidents import subject
from tests.stage import ALERTS, Sent, Stage


def days_pass(it: Stage, number: float) -> list[Sent]:
    """Let some days pass, with a run of alert each six hours."""
    before, until = len(it.outbox), it.now + round(number * DAY)
    while it.now < until:
        it.now += 6 * HOUR
        it.alert()
    return it.outbox[before:]


@pytest.fixture
def domain(it: Stage) -> MailDomain:
    """Give a domain that was added now; nothing is in evidence against it."""
    it.configure(alarm_when=AlarmWhen.EVIDENCE)
    it.alert()
    return it.domain(added=it.now)


def test_after_three_days_it_is_spoken_of_once_a_day(it: Stage, domain: MailDomain) -> None:
    """Not before, at the hour of the settings' zone, and never as an alarm."""
    assert days_pass(it, 2.75) == []
    notes = days_pass(it, 3)
    assert [(mail.to, subject(mail)) for mail in notes] == [(ALERTS, "MXTRAX: 1 domain not set up")] * 3
    assert f"- {domain.address}, Acme Ltd: added 3 d" in text(notes[0])
    assert "<li>" in text(notes[0])


def test_what_has_come_back_once_is_set_up(it: Stage, domain: MailDomain) -> None:
    """After one return of any kind, there is no note."""
    (sent,) = it.tick()
    it.comes_back(sent)
    it.fold()
    assert it.health(domain).state.value != "setup"
    assert days_pass(it, 4) == []


def test_what_is_paused_and_what_is_a_control_is_left_out(it: Stage) -> None:
    """Somebody knows of these."""
    it.alert()
    it.domain("paused.example", maintmode=True)
    it.domain("control.example", control=True)
    assert days_pass(it, 5) == []


def test_who_did_not_get_it_is_tried_again_alone(
    it: Stage, domain: MailDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that fails for hours has it in the end, the others have it once."""
    it.configure(alertuser=(ALERTS, "boss@example.org"))
    days_pass(it, 2.75)
    send = ses.send_mail

    def fussy(raw: bytes, sender: str, to: str, *more: Any) -> str:
        return _refuse() if to == ALERTS else send(raw, sender, to, *more)

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", fussy)
        it.now += 19 * HOUR
        assert [mail.to for mail in it.alert()] == ["boss@example.org"]
        assert it.alert() == []
    assert [mail.to for mail in it.alert()] == [ALERTS]
    assert it.alert() == []


def test_many_are_counted_and_some_named(it: Stage) -> None:
    """The mail stays short however large the fleet is; the oldest come first."""
    it.alert()
    for n in range(103):
        it.domain(f"d{n:03}.example", added=it.now + n)
    it.now += 4 * DAY
    (mail,) = it.alert()
    assert subject(mail) == "MXTRAX: 103 domains not set up"
    assert "and 3 more" in text(mail)
    assert "d099.example" in text(mail)
    assert "d100.example" not in text(mail)
