"""Is it our own fault? Decided by a snapshot of the fleet; and which alarms are held because of it."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from mxtrax.model.fleet import MailDomain
from mxtrax.model.health import DomainHealth, Recent, State
from mxtrax.model.incident import MONITOR, Incident, Stretch
from mxtrax.model.moments import DAY, MINUTE, SECOND, Millis
from mxtrax.model.settings import Config
from mxtrax.model.test import Cause, Reason, Verdict
from mxtrax.rules.selfcheck import ID, Fault, Watched, doubt, held, look, may_wait, with_fault
from tests.unit.rules.made import START

CONFIG = Config(sendinguser="mxtrax@monitor.example.net")
NOW = START + 60 * MINUTE
G, M, U = Verdict.ONTIME, Verdict.OVERDUE, Verdict.UNSENT


def seen(
    number: int, verdict: Verdict = G, ago: Millis = 6 * MINUTE, provider: str | None = None, cause: Cause | None = None
) -> Watched:
    """Make a domain whose newest test was sent this long ago and went like this; a miss made it fail just now."""
    domain = MailDomain(id=number, testuser="mxtrax", domainname=f"customer{number}.example")
    state = State.FAILING if verdict is M else State.OK
    health = DomainHealth(
        maildomain=domain.key,
        state=state,
        since=NOW - MINUTE if verdict is M else START,
        recent=(Recent(NOW - 30 * MINUTE, G), Recent(NOW - ago, verdict, None, cause)),
        provider=f"hoster{number}.example" if provider is None else provider,
    )
    return Watched(domain, health)


def control(it: Watched, name: str = "control.example.org") -> Watched:
    """Make a domain a control. One that fails has lost two tests: the first may have been a hiccup."""
    *before, last = it.health.recent
    recent = (*before, replace(last, sendtime=last.sendtime - MINUTE), last) if last.verdict is M else it.health.recent
    return Watched(replace(it.domain, control=True, domainname=name), replace(it.health, recent=recent))


def fleet(good: int, bad: int, provider: str | None = None) -> list[Watched]:
    """Make a fleet with this many domains heard from lately, and this many not."""
    return [seen(n, G, 3 * MINUTE) for n in range(good)] + [seen(100 + n, M, provider=provider) for n in range(bad)]


def trouble(began: Millis, closed: Millis | None = None) -> Incident:
    """Make the record of trouble."""
    return Incident(id=ID, maildomain=MONITOR, opened=began + 5 * MINUTE, sent=began, closed=closed)


def failing(sent: Millis, **more: object) -> Incident:
    """Make a domain's incident, whose newest bad test was sent then."""
    made = Incident(id="7-1", maildomain="mxtrax@customer.example", opened=sent + 5 * MINUTE, sent=sent)
    return replace(made, **more)  # type: ignore[arg-type]


# --- what says so -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", [0, 1, 20])
def test_all_is_well(good: int) -> None:
    """A fleet without failures, or an empty one, is no fault."""
    assert look(fleet(good, 0), CONFIG, NOW) is None


def test_our_own_loop_is_proof() -> None:
    """If tests to our own inbox do not come back, it is us, whatever else happens."""
    loop = control(seen(1, M, 2 * MINUTE), "monitor.example.net")
    fault = look([loop, control(seen(2)), control(seen(3)), *fleet(20, 0)], CONFIG, NOW)
    assert fault == Fault(
        began=NOW - 30 * MINUTE,
        reasons=("Tests to our own inbox do not come back.", "1 of 3 control domains are failing."),
        proven=NOW,
    )


def test_one_lost_test_of_our_own_loop_is_no_proof() -> None:
    """It is a doubt, for which alarms wait until the next test decides."""
    loop = Watched(
        replace(seen(1).domain, control=True, domainname="monitor.example.net"), seen(1, M, 2 * MINUTE).health
    )
    assert look([loop, *fleet(20, 0)], CONFIG, NOW) is None
    assert doubt([loop]) == Stretch(NOW - 30 * MINUTE)


@pytest.mark.parametrize(
    ("bad", "good", "ours"), [(1, 0, True), (1, 1, False), (2, 1, True), (1, 2, False), (2, 2, False)]
)
def test_controls_decide_by_majority(bad: int, good: int, *, ours: bool) -> None:
    """One control among several may fail on its own."""
    controls = [control(seen(n, M)) for n in range(bad)] + [control(seen(50 + n)) for n in range(good)]
    assert (look(controls, CONFIG, NOW) is not None) is ours


def test_a_control_in_maintenance_says_nothing() -> None:
    """It may fail as it likes."""
    loop = control(seen(1, M), "monitor.example.net")
    assert look([Watched(replace(loop.domain, maintmode=True), loop.health)], CONFIG, NOW) is None


@pytest.mark.parametrize(
    ("good", "bad", "ours"),
    [(0, 3, True), (3, 3, True), (4, 3, False), (100, 3, False), (0, 2, False), (100, 100, True)],
)
def test_unrelated_domains_that_fail_together(good: int, bad: int, *, ours: bool) -> None:
    """From self_check_percent on, of at least three providers, it counts as ours."""
    assert (look(fleet(good, bad), CONFIG, NOW) is not None) is ours


def test_that_our_own_loop_owes_an_answer_is_said_beside_what_fails_together() -> None:
    """One of its tests alone is no proof, but the person on call should look at the inbox first."""
    fault = look([loop(G, G, M), *fleet(0, 10)], CONFIG, NOW)
    assert fault is not None
    assert fault.reasons[1:] == ("A test to our own inbox is overdue, too.",)
    without = look(fleet(0, 10), CONFIG, NOW)
    assert without is not None
    assert len(without.reasons) == 1


def test_a_fault_goes_on_while_our_own_loop_owes_an_answer() -> None:
    """Once it is known, tests under way are not judged, so no domains fail together any more: that is not its end."""
    loop = control(seen(0, G, MINUTE), "monitor.example.net")
    waiting = replace(loop.health, recent=(*loop.health.recent, Recent(NOW - 30 * SECOND, Verdict.PENDING)))
    owing = loop._replace(health=waiting)
    known = Stretch(NOW - 5 * MINUTE, None, NOW - MINUTE)
    going_on = look([*fleet(4, 0), owing], CONFIG, NOW, known)
    assert going_on is not None
    assert (going_on.began, going_on.proven) == (known.began, known.proven)
    assert look([*fleet(4, 0), loop], CONFIG, NOW, known) is None
    for none in (None, known._replace(ended=NOW - MINUTE)):
        assert look([*fleet(4, 0), owing], CONFIG, NOW, none) is None


@pytest.mark.parametrize(
    ("cause", "reason", "ours"),
    [
        (Cause.REFUSED, Reason.UNKNOWN_USER, False),
        (Cause.REFUSED, Reason.MAILBOX_FULL, False),
        (Cause.FORWARD_BLOCKED, Reason.FORWARDING_BLOCKED, False),
        (Cause.RETURNED_AS_BOUNCE, None, False),
        (Cause.REFUSED, Reason.BLOCKLISTED, True),
        (Cause.NO_WORD, None, True),
    ],
)
def test_what_a_server_says_of_the_mailbox_is_no_fault_of_ours(
    cause: Cause, reason: Reason | None, *, ours: bool
) -> None:
    """Refusals come within seconds, before any good test of that minute: three of them were all the evidence."""
    them = fleet(0, 5)
    spoke = [Watched(it.domain, _said(it.health, cause, reason)) for it in them]
    assert (look(spoke, CONFIG, NOW) is not None) is ours


def _said(health: DomainHealth, cause: Cause, reason: Reason | None) -> DomainHealth:
    *before, last = health.recent
    return replace(health, recent=(*before, replace(last, cause=cause, reason=reason)))


def test_the_percentage_is_configs() -> None:
    """For earlier alerts, set it higher."""
    assert look(fleet(10, 10), replace(CONFIG, self_check_percent=50), NOW)
    assert look(fleet(10, 10), replace(CONFIG, self_check_percent=51), NOW) is None


def test_one_operator_counts_once() -> None:
    """Two hundred domains of one provider that fail together are its fault, even if they are most of the fleet."""
    assert look(fleet(5, 214, provider="outlook.com"), CONFIG, NOW) is None


def test_three_small_providers_do_not_outvote_four_thousand_domains() -> None:
    """With two giants, three of five providers are most of all; of the domains they are next to nothing."""
    giants = [seen(1_000 + n, G, 3 * MINUTE, "outlook.com" if n % 2 else "google.com") for n in range(4_000)]
    assert look([*giants, *fleet(0, 3)], CONFIG, NOW) is None


def test_an_operator_counts_by_its_share() -> None:
    """Where each provider has lost a third of its domains, a third is failing."""
    each = [
        seen(n * 10 + m, M if m == 0 else G, 6 * MINUTE - m, f"hoster{n}.example") for n in range(9) for m in range(3)
    ]
    assert look(each, replace(CONFIG, self_check_percent=33), NOW)
    assert look(each, replace(CONFIG, self_check_percent=34), NOW) is None


def test_who_was_heard_of_before_says_nothing() -> None:
    """An outage shows first in the few that were due since; that all others were well before proves nothing."""
    long_ago = [seen(n, G, 12 * MINUTE) for n in range(50)]
    assert look([*long_ago, *fleet(0, 3)], CONFIG, NOW)


def test_who_has_been_failing_for_long_says_nothing() -> None:
    """Only otherwise healthy domains count."""
    old = [Watched(it.domain, replace(it.health, since=NOW - 60 * MINUTE)) for it in fleet(0, 9)]
    assert look(old, CONFIG, NOW) is None


def test_a_few_that_truly_fail_are_outvoted_in_the_end() -> None:
    """While the fault lasts, it is counted from its beginning, so that it ends once all others have been heard from."""
    before = Stretch(NOW - 16 * MINUTE)
    bad = [Watched(it.domain, replace(it.health, since=NOW - 11 * MINUTE)) for it in fleet(0, 3)]
    good = [seen(n, G, 14 * MINUTE) for n in range(7)]
    assert look([*bad, *good], CONFIG, NOW, before) is None
    assert look([*bad, *good[:3]], CONFIG, NOW, before)


def test_an_outage_of_hours_stays_one() -> None:
    """That its victims began to fail long ago does not end it."""
    before = Stretch(NOW - 300 * MINUTE)
    bad = [Watched(it.domain, replace(it.health, since=NOW - 290 * MINUTE)) for it in fleet(0, 9)]
    assert look(bad, CONFIG, NOW, before)


def unsent(count: int, cause: Cause = Cause.SEND_FAILED) -> Iterable[Watched]:
    """Make domains whose newest test was not sent."""
    return [seen(500 + n, U, MINUTE, cause=cause) for n in range(count)]


@pytest.mark.parametrize(
    ("good", "never", "ours"), [(0, 1, True), (1, 1, True), (2, 1, False), (3, 5, True), (9, 0, False)]
)
def test_when_sending_fails_it_is_us(good: int, never: int, *, ours: bool) -> None:
    """From self_check_percent of the latest tests on."""
    assert (look([*fleet(good, 0), *unsent(never)], CONFIG, NOW) is not None) is ours


def test_a_suppressed_address_is_not_the_monitors_trouble() -> None:
    """It concerns one domain, and shows in its figures."""
    assert look(unsent(5, Cause.SUPPRESSED), CONFIG, NOW) is None


# --- who is held ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "fault", "waits"),
    [
        (0, None, False),
        (0, Stretch(START), True),
        (-299, Stretch(START), True),
        (-301, Stretch(START), False),
        (900, Stretch(START), True),
        (0, Stretch(START, START + 600 * SECOND), True),
        (600, Stretch(START, START + 600 * SECOND), True),
        (601, Stretch(START, START + 600 * SECOND), False),
        (-301, Stretch(START, START + 600 * SECOND), False),
    ],
)
def test_an_alarm_waits_for_a_test_that_is_beyond_suspicion(sent: int, fault: Stretch | None, *, waits: bool) -> None:
    """Tests under way when the trouble began, or sent before it ended, prove nothing; one sent after it does."""
    at = START + sent * SECOND
    assert held(failing(at), [fault] if fault else [], CONFIG, at + 300 * SECOND) is waits


def test_every_fault_of_a_day_is_looked_back_at() -> None:
    """An incident held because of one outage of ours is not notified when the next one begins."""
    first, second = Stretch(START, START + 600 * SECOND), Stretch(START + 9_000 * SECOND)
    assert held(failing(START + 60 * SECOND), [first, second], CONFIG, START + 9_100 * SECOND)
    later = with_fault([first], Fault(began=second.began, reasons=()), START + 9_100 * SECOND)
    assert later == (first, second)
    assert with_fault(later, None, START + 9_500 * SECOND)[-1].ended == START + 9_500 * SECOND
    assert with_fault(later, None, START + 2 * DAY) == (Stretch(second.began, START + 2 * DAY),)


def test_what_servers_said_is_told_through_a_fault_of_ours() -> None:
    """A refusal needs no inbox of ours."""
    refused = replace(failing(START), cause=Cause.REFUSED)
    assert not held(refused, [Stretch(START)], CONFIG, START + 300 * SECOND)


def test_an_alarm_is_not_held_for_ever() -> None:
    """After half an hour without evidence against us, it is sent."""
    it, fault = failing(START), [Stretch(START)]
    opened = it.opened
    assert held(it, fault, CONFIG, opened + 29 * MINUTE)
    assert not held(it, fault, CONFIG, opened + 31 * MINUTE)
    proven = [Stretch(START, None, opened + 30 * MINUTE)]
    assert held(it, proven, CONFIG, opened + 31 * MINUTE)


def test_what_our_own_server_says_is_held_like_all_that_is_ours() -> None:
    """Our loop is deferred while our inbox is: that is the fault itself, and no customer's trouble."""
    ours = f"loop@{CONFIG.sendinguser.rpartition('@')[2]}"
    deferred = replace(failing(START + 60 * SECOND), maildomain=ours, cause=Cause.DEFERRED)
    assert held(deferred, [Stretch(START)], CONFIG, START + 300 * SECOND)


def test_the_monitors_own_incident_is_never_held() -> None:
    """Somebody must be notified."""
    assert not held(trouble(START), [Stretch(START)], CONFIG, START)


# --- our own loop -----------------------------------------------------------------------------------------------------


def loop(*verdicts: Verdict) -> Watched:
    """Make our own loop, whose tests a minute apart went like this, the last of them just now."""
    first = NOW - (len(verdicts) - 1) * MINUTE
    recent = tuple(Recent(first + n * MINUTE, it, 4 * SECOND if it is G else None) for n, it in enumerate(verdicts))
    domain = MailDomain(id=9, testuser="loop", domainname="monitor.example.net", control=True)
    return Watched(domain, DomainHealth(maildomain=domain.key, recent=recent, state=State.OK, early_mark=50))


def test_our_loop_fails_when_two_of_its_tests_are_lost() -> None:
    """One may be a hiccup; and two in a row on time show that it answers again."""
    assert look([loop(G, G, M)], CONFIG, NOW) is None
    fault = look([loop(G, G, M, M)], CONFIG, NOW)
    assert fault is not None
    assert fault.began == NOW - 2 * MINUTE + 4 * SECOND
    assert look([loop(G, M, M, M, G)], CONFIG, NOW)
    assert look([loop(G, M, M, M, G, G)], CONFIG, NOW) is None


def test_a_loop_that_owes_an_answer_holds_alarms_before_it_fails() -> None:
    """From its last answer on; a loop in order holds nothing."""
    assert doubt([loop(G, G, M)]) == Stretch(NOW - MINUTE + 4 * SECOND)
    assert doubt([loop(G, G, Verdict.PENDING)])
    assert doubt([loop(M, G)]) is None


def test_a_loop_in_order_outvotes_many_that_fail_together() -> None:
    """Mail goes out, and comes in: what fails is theirs."""
    bad = fleet(0, 9)
    assert look(bad, CONFIG, NOW)
    assert look([*bad, loop(*[G] * 20)], CONFIG, NOW) is None


def test_one_rule_says_what_people_need_not_know_yet() -> None:
    """Held incidents, while nobody was notified of them or their present cause; ended or notified ones do not wait."""
    faults = [Stretch(NOW - 40 * MINUTE, NOW - 10 * MINUTE)]
    incident = failing(NOW - 20 * MINUTE, cause=Cause.ACCEPTED_THEN_LOST)
    assert may_wait(incident, faults, CONFIG, NOW)
    assert may_wait(replace(incident, notified=NOW, corrected=NOW), faults, CONFIG, NOW)
    assert not may_wait(replace(incident, notified=NOW), faults, CONFIG, NOW)
    assert not may_wait(replace(incident, closed=NOW), faults, CONFIG, NOW)
    assert not may_wait(replace(incident, cause=Cause.REFUSED), faults, CONFIG, NOW)
    assert not may_wait(incident, [], CONFIG, NOW)


def test_servers_that_say_our_inbox_refuses_speak_against_us() -> None:
    """Three unrelated providers, lately; one of several customers, or what our loop disproves, does not count."""
    known = fleet(20, 0)
    keys = [it.domain.key for it in known]
    named_by = dict.fromkeys(keys[:3], NOW - MINUTE)
    fault = look(known, CONFIG, NOW, None, named_by)
    assert fault is not None
    assert (fault.began, fault.proven) == (NOW - MINUTE, NOW - MINUTE)
    assert look(known, CONFIG, NOW, None, dict.fromkeys(keys[:2], NOW)) is None
    assert look(known, CONFIG, NOW, None, dict.fromkeys(keys[:3], NOW - 11 * MINUTE)) is None
    one = [it._replace(health=replace(it.health, provider="hoster.example")) for it in known]
    assert look(one, CONFIG, NOW, None, dict.fromkeys(keys, NOW)) is None
    acme = [it._replace(domain=replace(it.domain, customer="acme")) for it in known[:3]]
    assert look([*acme, *known[3:]], CONFIG, NOW, None, named_by) is None
    loop = control(seen(99, G, 30 * SECOND), "monitor.example.net")
    assert look([*known, loop], CONFIG, NOW, None, named_by) is None
