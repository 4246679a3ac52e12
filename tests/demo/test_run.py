"""What the demonstration holds the world against: real mails and messages, and what is wrong with them if something is."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli.main import app
from infra.demo import act_customers, act_outage, run
from infra.demo.act_customers import Found, Judged, told_of
from infra.demo.act_outage import FleetSnapshot
from infra.demo.captured_alerts import Alert, Message, Story, alert, message
from infra.demo.checks import Check
from infra.demo.run import Outcome
from infra.local.customers import BREAKS_DOWN, PROVIDER, TABLE, Customer
from mxtrax import report
from mxtrax.mail import compose
from mxtrax.model import (
    MONITOR,
    Cause,
    Config,
    DomainHealth,
    Incident,
    MailDomain,
    MailTest,
    Millis,
    Recent,
    State,
    Verdict,
)
from mxtrax.model import Customer as Owner

NOW = 1_763_812_800_000
CONFIG = Config(sendinguser="mxtrax@monitor.example.net", alertuser=("alerts@operations.test",))
FAILING = [customer for customer in TABLE if customer.expected.state is State.FAILING]
HOSTED = [customer for customer in TABLE if customer.host]
SOUND = [customer for customer in TABLE if customer.expected.state is State.OK]
WELL = DomainHealth(maildomain="loop@monitor.example.net", state=State.OK)


def incident(customer: Customer, **more: Any) -> Incident:
    """Make the incident of a customer as MXTRAX would open it."""
    values: dict[str, Any] = {
        "id": f"{customer.domain}-{NOW}",
        "opened": NOW,
        "customer": customer.domain.partition(".")[0],
        "cause": customer.expected.cause,
        "evidence": f"Their server said “{customer.expected.told}”. Nothing has come back since.",
        "provider": PROVIDER if customer.host else customer.domain,
    }
    return Incident(maildomain=customer.mailbox, **{**values, **more})


def mail(*told: Incident) -> Alert:
    """Write the alert mail of some incidents, and read it as the demonstration does."""
    fleet = [
        report.Line(domain(customer), DomainHealth(maildomain=customer.mailbox, state=State.FAILING))
        for customer in TABLE
    ]
    owners = {it.customer: Owner(codename=it.customer, friendlyname=f"The {it.customer} company") for _, it in pairs()}
    written = report.compose(NOW, CONFIG, told, fleet, owners)
    return alert(compose.alert(written, CONFIG.sendinguser, CONFIG.alertuser[0], NOW))


def pairs() -> list[tuple[Customer, MailDomain]]:
    """Give each customer with its domain."""
    return [(customer, domain(customer)) for customer in TABLE]


def domain(customer: Customer) -> MailDomain:
    """Make the domain of a customer."""
    return MailDomain(id=1, testuser="test", domainname=customer.domain, customer=customer.domain.partition(".")[0])


def published(*told: Incident) -> list[Message]:
    """Write the messages of some incidents, and read them as they come out of a queue."""
    read = []
    for it in told:
        body, attributes = report.message(it, None, None, None, NOW)
        given = {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()}
        read.append(message(json.dumps(body), given))
    return read


def failed(checks: Sequence[Check]) -> list[str]:
    """Name the checks that were not passed."""
    return [check.what for check in checks if not check.ok]


# --- the first act ----------------------------------------------------------------------------------------------------


def test_all_that_is_told_is_found_in_the_mail() -> None:
    """Every failing domain stands in a story of the mail with its server's words, and no other does."""
    stories = mail(*map(incident, FAILING)).stories
    assert len(stories) == len(FAILING) - 1
    for customer in TABLE:
        told = told_of(customer, stories)
        assert len(told) == (customer in FAILING)
        assert all(customer.expected.told in it for it in told)


def test_a_domain_is_judged_by_its_newest_final_tests() -> None:
    """A test behind one that is still open is not looked at; of two the worse counts, for one may be a lucky one."""
    lost, back = Recent(NOW, Verdict.FAILED, None, Cause.ACCEPTED_THEN_LOST), Recent(NOW + 1, Verdict.ONTIME, 9)
    waiting, later = Recent(NOW + 2, Verdict.OVERDUE), Recent(NOW + 3, Verdict.ONTIME, 9)
    health = DomainHealth(maildomain="test@flap.test", state=State.FAILING, recent=(lost, back, waiting, later))

    def read(key: str, sendtime: Millis) -> MailTest:
        assert (key, sendtime) == ("test@flap.test", NOW)
        return MailTest(testid="1", maildomain=key, sendtime=NOW, maxreturntime=10, max_sec_until_fail=30)

    found = act_customers.found(health, (), read)
    assert (found.verdict, found.cause, found.state) == (Verdict.FAILED, Cause.ACCEPTED_THEN_LOST, State.FAILING)
    assert "Nothing came back within 30 s." in found.sentence
    assert act_customers.found(replace(health, recent=(waiting,)), (), read).verdict is None


def right(customer: Customer) -> Found:
    """Find what should be found."""
    expected = customer.expected
    told = (f"{customer.mailbox} {expected.told}",) if customer in FAILING else ()
    return Found(expected.verdict, expected.cause, expected.state, f"... {expected.sentence} ...", told)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": Verdict.UNSENT},
        {"cause": Cause.NO_WORD},
        {"state": State.NEW},
        {"sentence": "Something else."},
        {"told": ("Something else.",)},
        {"told": ()},
    ],
    ids=str,
)
def test_what_is_missing_or_different_is_named(change: dict[str, Any]) -> None:
    """Verdict, cause, state, sentence and alert each have to be right."""
    customer = next(it for it in FAILING if it.domain == "full.test")
    judged = Judged(customer.domain, customer.behaviour, customer.expected, right(customer))
    assert judged.ok
    worse = replace(judged, actual=replace(judged.actual, **change))
    assert len(worse.wrong) == 1


def test_an_alarm_about_a_healthy_domain_is_wrong() -> None:
    """Silence is expected as well."""
    customer = SOUND[0]
    told = mail(incident(customer, evidence="Nothing has come back since.")).stories
    found = replace(right(customer), told=told_of(customer, told))
    assert Judged(customer.domain, customer.behaviour, customer.expected, found).wrong


def test_one_operator_is_one_alarm() -> None:
    """One story in one mail that lists both, and two messages with the provider."""
    told = [*map(incident, FAILING)]
    assert failed(act_customers.checks([mail(*told)], published(*told), WELL)) == []


def test_two_alarms_for_one_operator_are_wrong() -> None:
    """Told in two mails, or in two stories, or without the provider for machines."""
    others = [incident(it) for it in FAILING if not it.host]
    first, second = map(incident, HOSTED)
    what = f"The 2 domains of {PROVIDER} are told as one, by name."
    messages = published(*others, first, second)
    assert failed(act_customers.checks([mail(*others, first), mail(second)], messages, WELL)) == [what]
    alone = replace(second, provider="")
    assert what in failed(act_customers.checks([mail(*others, first, alone)], messages, WELL))
    assert (
        len(failed(act_customers.checks([mail(*others, first, second)], published(*others, first, alone), WELL))) == 1
    )


@pytest.mark.parametrize("change", ["one more", "one less", "told twice", "recovered"])
def test_the_topic_has_each_incident_once(change: str) -> None:
    """No message too many, none too few."""
    told = [*map(incident, FAILING)]
    messages = {
        "one more": published(*told, incident(SOUND[0], cause=Cause.NO_WORD)),
        "one less": published(*told[1:]),
        "told twice": published(*told, told[0]),
        "recovered": published(*told, replace(told[0], closed=NOW, notified=NOW)),
    }[change]
    assert len(failed(act_customers.checks([mail(*told)], messages, WELL))) == 1


def test_an_open_loop_is_wrong() -> None:
    """Without it, an outage of the inbox could not be told."""
    told = [*map(incident, FAILING)]
    open_loop = replace(WELL, state=State.FAILING)
    assert len(failed(act_customers.checks([mail(*told)], published(*told), open_loop))) == 1


# --- the second act ---------------------------------------------------------------------------------------------------

FAULT = Incident(
    id="self-check", maildomain=MONITOR, opened=NOW, cause=Cause.MONITOR_FAULT, evidence=f"{act_outage.OUR_INBOX} More."
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
    silence = "Of customers nothing is told."
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


def test_an_outcome_is_right_only_where_everything_is() -> None:
    """A demonstration that has shown nothing has failed, too."""
    domains = tuple(Judged(it.domain, it.behaviour, it.expected, right(it)) for it in TABLE)
    yes, no = Check("This is so.", ok=True), Check("This is so.", ok=False)
    assert Outcome(domains, (yes,)).ok
    assert not Outcome(domains, (yes, no)).ok
    assert not Outcome(domains, ()).ok
    assert not Outcome((), (yes,)).ok
    assert not Outcome((*domains[1:], replace(domains[0], actual=Found(None, None, State.NEW))), (yes,)).ok


def test_the_exit_code_tells_whether_all_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was not is named on standard error, with what was seen instead."""
    domains = tuple(Judged(it.domain, it.behaviour, it.expected, right(it)) for it in TABLE)
    good = Outcome(domains, (Check("This is so.", ok=True),))
    bad = replace(good, checks=(Check("This is so.", ok=False, seen="the contrary"),))
    for outcome, code, said in ((good, 0, ""), (bad, 1, "Not as expected: This is so. Seen: the contrary\n")):
        monkeypatch.setattr(run, "hold", lambda outcome=outcome: outcome)
        for words in (["demo"], ["demo", "--json"]):
            result = CliRunner().invoke(app, words)
            assert (result.exit_code, result.stderr) == (code, said)
            assert "mill.test" in result.stdout
