"""One cause, one alarm, from the fold to the mail: the first at once, the rest together, each separately for machines."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from mxtrax.aws import ses
from mxtrax.model import DAY, Customer, Incident, MailDomain, orders
from mxtrax.store import customers, incidents
from tests.jobs.test_alerts import _subscribe, text
from tests.jobs.test_incidents import subject
from tests.stage import ALERTS, Sent, Stage

HOSTER = "hoster.example"


def breaks(it: Stage, domain: MailDomain, provider: str = HOSTER) -> Incident:
    """Let a domain's incident open now, at its provider's."""
    incident = Incident(
        id=f"{domain.id}-{it.now}",
        maildomain=domain.key,
        customer=domain.customer,
        opened=it.now,
        provider=provider,
        due=it.now,
    )
    assert incidents.begin(incident, None)
    return incident


def two_break(it: Stage) -> tuple[MailDomain, MailDomain]:
    """Let a second domain of a provider break a minute after people were notified of the first; give it, and a third one."""
    first, second, third = domains(it, 3)
    breaks(it, first)
    it.alert()
    it.wait(60)
    breaks(it, second)
    return second, third


def ends(it: Stage, incident: Incident) -> None:
    """Let an incident be over now."""
    assert incidents.end(incident, it.now)


def domains(it: Stage, number: int) -> list[MailDomain]:
    """Add domains of one customer, which get notices only about their incidents."""
    return [it.domain(f"customer{n}.example", added=it.now + 30 * DAY) for n in range(number)]


def said(queue: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give which notices of which domains machines were given."""
    messages = [json.loads(body["Message"]) for body in queue]
    return [(message["notice"], message["maildomain"]) for message in messages]


def subjects(mails: Sequence[Sent]) -> list[str]:
    """Read the subjects of mails."""
    return [subject(mail) for mail in mails]


def test_the_first_goes_at_once_and_what_joins_it_follows_as_one(it: Stage) -> None:
    """Three domains of a provider break one after the other: two mails, and three messages without delay."""
    queue = _subscribe(it)
    first, second, third = domains(it, 3)
    breaks(it, first)
    assert subjects(it.alert()) == ["[DOWN] Acme Ltd (customer0.example): cause not known, since 10:00"]
    it.wait(60)
    breaks(it, second)
    assert it.alert() == []
    it.wait(60)
    breaks(it, third)
    assert it.alert() == []
    assert said(it.take(queue)) == [("opened", domain.key) for domain in (first, second, third)]
    it.wait(70)
    (mail,) = it.alert()
    assert subject(mail).startswith("[DOWN] Also Acme Ltd, 2 domains: ")
    assert "You were notified of 1 other with the same cause before." in text(mail)
    assert it.alert() == []
    assert it.take(queue) == []
    assert [each.notified_channels for each in incidents.pending()] == [frozenset()] * 3


def test_it_has_itself_woken_when_the_gathering_ends(it: Stage) -> None:
    """So three minutes are three minutes, whenever the schedule comes; and it orders that once."""
    two_break(it)
    it.take(it.settings.alert_queue)
    it.alert()
    it.wait(1)
    it.alert()
    assert [orders.from_json(orders.Wake, json.dumps(each)) for each in it.take(it.settings.alert_queue)] == [
        orders.Wake()
    ]


def test_a_reader_who_knows_of_none_is_told_at_once(it: Stage) -> None:
    """The second domain of the provider is the first of its customer: its own people wait for nobody."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("it@acme.example",)))
    customers.add(Customer(codename="beta", friendlyname="Beta", alertuser=("it@beta.example",)))
    first, second, _ = domains(it, 3)
    breaks(it, first)
    assert {mail.to for mail in it.alert()} == {ALERTS, "it@acme.example"}
    it.wait(60)
    breaks(it, replace(second, customer="beta"))
    (mail,) = it.alert()
    assert (mail.to, subject(mail)[:22]) == ("it@beta.example", f"[DOWN] Beta ({second.domainname}"[:22])
    it.wait(130)
    assert [mail.to for mail in it.alert()] == [ALERTS]


def test_what_waits_goes_along_with_any_other_mail(it: Stage) -> None:
    """Where a mail goes out in any case, nothing waits for the next one."""
    second, other = two_break(it)
    breaks(it, other, "another.example")
    (mail,) = it.alert()
    assert subject(mail) == f"[DOWN] Acme Ltd ({other.domainname}): cause not known, since 10:01; 1 more"
    assert second.address in text(mail)
    it.wait(120)
    assert it.alert() == []


def test_recoveries_of_a_provider_are_told_as_one(it: Stage) -> None:
    """Machines are notified of each at once, people of all when the last has recovered, or after three minutes."""
    queue = _subscribe(it)
    opened = [breaks(it, domain) for domain in domains(it, 4)]
    it.alert()
    it.take(queue)
    it.wait(600)
    ends(it, opened[0])
    assert it.alert() == []
    it.wait(120)
    ends(it, opened[1])
    assert it.alert() == []
    assert said(it.take(queue)) == [("closed", each.maildomain) for each in opened[:2]]
    it.wait(70)
    (mail,) = it.alert()
    assert subject(mail).startswith("[OK] Acme Ltd, 2 domains: all well again after ")
    it.wait(60)
    ends(it, opened[2])
    assert it.alert() == []
    it.wait(20)
    ends(it, opened[3])
    (mail,) = it.alert()
    assert subject(mail).startswith("[OK] Acme Ltd, 2 domains: all well again after ")
    assert incidents.pending() == []


def test_a_crash_while_it_is_gathered_neither_loses_nor_doubles(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever write is the last one: every domain is in the mails, and each message goes out once more at most."""
    queue = _subscribe(it)
    it.configure(alertuser=("a@example.org", "b@example.org"))
    first, second, third = domains(it, 3)
    breaks(it, first)
    it.alert()
    it.take(queue)
    for each in (second, third):
        it.wait(30)
        breaks(it, each)
        it.alert()
    it.wait(130)
    send = ses.send_mail

    def dies(raw: bytes, sender: str, to: str, *more: Any) -> str:
        if to.startswith("b@"):
            raise KeyboardInterrupt
        return send(raw, sender, to, *more)

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", dies)
        before = len(it.outbox)
        with pytest.raises(KeyboardInterrupt):
            it.alert()
        assert [mail.to for mail in it.outbox[before:]] == ["a@example.org"]
    (mail,) = it.alert()
    assert (mail.to, subject(mail)[:32]) == ("b@example.org", "[DOWN] Also Acme Ltd, 2 domains:")
    assert it.alert() == []
    assert said(it.take(queue)) == [("opened", second.key), ("opened", third.key)]


def test_a_changed_setting_holds_for_what_is_open(it: Stage) -> None:
    """A reminder due in a day comes in an hour once the setting says so, and never once it says none."""
    it.configure(remind_minutes=1_440)
    (domain,) = domains(it, 1)
    breaks(it, domain)
    it.alert()
    it.wait(1_800)
    it.configure(remind_minutes=60)
    assert it.alert() == []
    it.wait(1_800)
    assert subjects(it.alert()) == [f"Re: [DOWN] Acme Ltd ({domain.domainname}): cause not known, since 10:00"]
    it.configure(remind_minutes=None)
    it.wait(3 * 86_400)
    assert it.alert() == []
    it.configure(remind_minutes=60)
    assert len(it.alert()) == 1


def test_of_several_that_go_on_no_mail_is_a_reminder_alone_for_an_hour(it: Stage) -> None:
    """One will end, or another begin: that takes them along. The only one that goes on is reminded of when it is due."""
    first, second, third = domains(it, 3)
    breaks(it, first)
    before = breaks(it, second)
    it.alert()
    it.wait(3_600 + 1_800)
    assert it.alert() == []
    assert incidents.pending(it.now) == []
    breaks(it, third)
    (mail,) = it.alert()
    assert all(each.domainname in mail.raw.decode() for each in (first, second, third))
    it.wait(2 * 3_600 - 60)
    assert it.alert() == []
    it.wait(60)
    assert len(it.alert()) == 1
    for each in (before, *(one for one in incidents.pending() if one.maildomain == third.key)):
        ends(it, each)
    it.alert()
    it.wait(190)
    it.alert()
    it.wait(4 * 3_600 - 250)
    assert it.alert() == []
    it.wait(120)
    assert len(it.alert()) == 1


def test_acknowledging_ends_the_reminders_and_not_the_incident(it: Stage) -> None:
    """The person who is on it gets no reminders, and is notified of the end."""
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    it.alert()
    it.wait(600)
    known = incidents.get(before.id)
    assert known is not None
    assert incidents.noted(known, replace(known, acknowledged=it.now, acknowledged_by="kim"))
    for _ in range(30):
        it.wait(3_600)
        assert it.alert() == []
    ends(it, before)
    assert subjects(it.alert())[0].startswith(f"[OK] Acme Ltd ({domain.domainname}): well again after ")


# --- the second list --------------------------------------------------------------------------------------------------


def known(incident: Incident) -> Incident:
    """Read an incident as it is now."""
    found = incidents.get(incident.id)
    assert found is not None
    return found


def test_what_nobody_acknowledges_goes_to_the_second_list(it: Stage) -> None:
    """After this many minutes, once, to them alone; from then on they get the same as the others."""
    it.configure(escalate_minutes=15, escalateuser=("boss@example.org",))
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    assert [mail.to for mail in it.alert()] == [ALERTS]
    it.wait(899)
    assert it.alert() == []
    it.wait(1)
    (mail,) = it.alert()
    assert (mail.to, subject(mail)[:6]) == ("boss@example.org", "[DOWN]")
    assert (it.alert(), known(before).escalated) == ([], it.now)
    it.wait(2_700)
    assert {mail.to for mail in it.alert()} == {ALERTS, "boss@example.org"}
    ends(it, before)
    assert {(mail.to, subject(mail)[:4]) for mail in it.alert()} == {(ALERTS, "[OK]"), ("boss@example.org", "[OK]")}


@pytest.mark.parametrize("more", [{"acknowledged": True}, {"closed": True}])
def test_what_is_in_hand_or_over_is_not_escalated(it: Stage, more: dict[str, bool]) -> None:
    """The second list is not notified of incidents that the first has dealt with, nor of their end."""
    it.configure(escalate_minutes=15, escalateuser=("boss@example.org",))
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    it.alert()
    if "acknowledged" in more:
        incidents.noted(known(before), replace(known(before), acknowledged=it.now, acknowledged_by="kim"))
    else:
        ends(it, before)
    it.wait(3_600)
    assert "boss@example.org" not in {mail.to for mail in it.alert()}


def test_who_is_on_both_lists_is_notified_once(it: Stage) -> None:
    """An address of the first list gets everything anyway, and a customer's own what is its."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("it@acme.example",)))
    it.configure(escalate_minutes=15, escalateuser=(ALERTS, "it@acme.example"))
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    assert {mail.to for mail in it.alert()} == {ALERTS, "it@acme.example"}
    it.wait(900)
    assert it.alert() == []
    assert (known(before).escalated, known(before).notified_channels) == (it.now, frozenset())


def test_a_second_list_that_is_set_while_it_lasts_is_notified(it: Stage) -> None:
    """A changed setting holds for what is open."""
    (domain,) = domains(it, 1)
    breaks(it, domain)
    it.alert()
    it.wait(1_800)
    it.configure(escalate_minutes=15, escalateuser=("boss@example.org",))
    assert [mail.to for mail in it.alert()] == ["boss@example.org"]


# --- races ------------------------------------------------------------------------------------------------------------


def test_an_incident_that_ends_while_its_notice_goes_out_is_told_to_have_been(
    it: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that got the opening is recorded, and gets the end like all others; nobody gets either twice."""
    it.configure(alertuser=("a@example.org", "b@example.org"))
    queue = _subscribe(it)
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    send = ses.send_mail

    def meanwhile(raw: bytes, sender: str, to: str, *more: Any) -> str:
        if known(before).closed is None:
            ends(it, before)
        return send(raw, sender, to, *more)

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", meanwhile)
        assert [subject(mail)[:7] for mail in it.alert()] == ["[DOWN] "] * 2
    assert known(before).told.keys() == {"mailto:a@example.org", "mailto:b@example.org", "topic"}
    over = it.alert()
    assert [(mail.to, subject(mail)[:9]) for mail in over] == [
        ("a@example.org", "[OK] Acme"),
        ("b@example.org", "[OK] Acme"),
    ]
    assert "before this alert could be sent" not in text(over[0])
    assert it.alert() == []
    assert said(it.take(queue)) == [("opened", domain.key), ("closed", domain.key)]


def test_an_acknowledgement_that_is_taken_back_lets_reminders_begin_again(it: Stage) -> None:
    """When one person gives it up, the others get it with the next run, not a day later."""
    (domain,) = domains(it, 1)
    before = breaks(it, domain)
    it.alert()
    it.wait(600)
    assert incidents.noted(known(before), replace(known(before), acknowledged=it.now, acknowledged_by="kim"))
    for _ in range(4):
        it.wait(1_800)
        assert it.alert() == []
    assert incidents.noted(known(before), replace(known(before), acknowledged=None, acknowledged_by=""))
    assert len(it.alert()) == 1
    assert it.alert() == []
