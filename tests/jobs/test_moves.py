"""What becomes of an incident when its domain changes hands, or is removed and added again."""

from dataclasses import replace
from typing import Any

import pytest

from mxtrax.admin import domains
from mxtrax.admin.actor import Actor
from mxtrax.model import Customer, Door, Incident, MailDomain, Scope, State, Window
from mxtrax.rules.statistics import total
from mxtrax.store import customers, fleet, incidents, windows
from mxtrax.store.health import health_of
from tests.jobs.test_alerts import loses
from tests.jobs.test_incidents import subject
from tests.stage import ALERTS, Stage

KIM = Actor(name="kim", door=Door.COMMAND_LINE)


@pytest.fixture
def domain(it: Stage) -> MailDomain:
    """Give a domain of one of two customers with people of their own."""
    added = it.domain()
    for codename in ("acme", "beta"):
        known = customers.get(codename)
        new = Customer(codename=codename, friendlyname=codename.title(), alertuser=(f"it@{codename}.example",))
        if known:
            customers.save(replace(new, version=known.version))
        else:
            customers.add(new)
    return added


def moves(it: Stage, domain: MailDomain, customer: str | None = "beta") -> MailDomain:
    """Let a domain come to another customer."""
    return domains.change(KIM, it.now, it.settings, domain.id, {"customer": customer or ""})


def the_incident(domain: MailDomain) -> Incident:
    """Read a domain's latest incident."""
    return next(iter(incidents.of_domain(domain.key)))


def test_a_domain_takes_its_incident_along(it: Stage, domain: MailDomain) -> None:
    """The new customer sees the incident and is notified of it, and of its end; nobody else is again."""
    loses(it, domain)
    assert {mail.to for mail in it.alert()} == {ALERTS, "it@acme.example"}
    it.wait(60)
    moves(it, domain)
    assert the_incident(domain).customer == "beta"
    assert [each.id for each in incidents.page(10, customer="beta").items] == [the_incident(domain).id]
    assert incidents.page(10, customer="acme").items == []
    (mail,) = it.alert()
    assert (mail.to, subject(mail)[:7]) == ("it@beta.example", "[DOWN] ")
    assert it.alert() == []
    assert incidents.end(the_incident(domain), it.now)
    assert {mail.to for mail in it.alert()} == {ALERTS, "it@beta.example"}


def test_what_nobody_was_notified_of_yet_goes_to_the_new_ones_alone(it: Stage, domain: MailDomain) -> None:
    """Those who had it before need not know."""
    loses(it, domain)
    moves(it, domain)
    assert {mail.to for mail in it.alert()} == {ALERTS, "it@beta.example"}


def test_a_domain_of_nobody_is_told_to_nobodys_people(it: Stage, domain: MailDomain) -> None:
    """Without a customer, it concerns only the operators."""
    loses(it, domain)
    it.alert()
    moves(it, domain, None)
    assert it.alert() == []
    assert the_incident(domain).customer == ""


def test_what_is_over_stays_with_whose_it_was(it: Stage, domain: MailDomain) -> None:
    """History does not move."""
    loses(it, domain)
    it.alert()
    assert incidents.end(the_incident(domain), it.now)
    it.alert()
    moves(it, domain)
    assert the_incident(domain).customer == "acme"


def test_it_moves_with_its_incident_or_not_at_all(
    it: Stage, domain: MailDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alert that writes in between is read afresh: what it has written down is not lost."""
    loses(it, domain)
    read, raced = incidents.get, list[str]()

    def slow(number: str) -> Incident | None:
        found = read(number)
        if found and not raced:
            raced.append(number)
            it.alert()
        return found

    monkeypatch.setattr(incidents, "get", slow)
    moves(it, domain)
    after = the_incident(domain)
    assert (after.customer, raced) == ("beta", [after.id])
    assert after.notified_channels >= {f"mailto:{ALERTS}", "mailto:it@acme.example"}


def test_a_note_for_the_one_before_is_no_note_for_the_next(it: Stage, domain: MailDomain) -> None:
    """A worker that still holds the incident as it was cannot write that all have been notified."""
    loses(it, domain)
    before = the_incident(domain)
    moves(it, domain)
    assert not incidents.mark_notified(replace(before, notified=it.now, due=it.now + 1))


def removed_and_added(it: Stage, domain: MailDomain, **more: Any) -> MailDomain:
    """Remove a domain, and add its address again a while later."""
    domains.remove(KIM, it.now, domain.id)
    it.wait(30)
    again = MailDomain(id=0, testuser=domain.testuser, domainname=domain.domainname, customer="beta", **more)
    return domains.add(KIM, it.now, it.settings, again)


def test_an_address_that_is_added_again_inherits_nothing(it: Stage, domain: MailDomain) -> None:
    """Neither health nor incident nor windows: it starts in set-up, and returns of its former tests do not count."""
    windows.save(
        Window(id="w", scope=Scope.DOMAIN, target=domain.key, start="2026-11-22T12:00", end="2026-11-22T13:00")
    )
    (first,) = it.tick()
    it.wait(301)
    it.fold()
    it.alert()
    (second,) = it.tick()
    again = removed_and_added(it, domain)
    assert windows.everything() == []
    assert the_incident(domain).closed is not None
    it.alert()
    it.wait(301)
    it.comes_back(first)
    it.fold()
    known = health_of(again.key)
    assert (known.state, known.incident, total(known.window_counts).total) == (State.SETUP, "", 0)
    assert (known.recent, it.test(second).unjudged, it.test(second).incl_in_stat) == ((), True, False)
    assert it.alert() == []


def test_what_is_sent_to_it_from_then_on_counts(it: Stage, domain: MailDomain) -> None:
    """The first test after it was added again is its own."""
    it.tick()
    again = removed_and_added(it, domain)
    it.wait(60)
    (sent,) = it.tick()
    it.comes_back(sent)
    it.fold()
    assert (it.health(again).state, len(it.health(again).recent)) == (State.OK, 1)


def test_a_window_that_has_changed_keeps_its_domain_until_it_is_read_afresh(it: Stage, domain: MailDomain) -> None:
    """All goes together: a removal that saw an older window does nothing."""
    window = Window(id="w", scope=Scope.DOMAIN, target=domain.key, start="2026-11-22T12:00", end="2026-11-22T13:00")
    windows.save(window)
    seen = windows.everything()
    windows.save(replace(seen[0], note="longer"))
    assert not fleet.remove(domain, health_of(domain.key), it.now, windows=seen)
    assert fleet.by_key(domain.key) is not None
    domains.remove(KIM, it.now, domain.id)
    assert (fleet.by_key(domain.key), windows.everything()) == (None, [])
