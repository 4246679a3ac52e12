"""The checks of the first act: with real mails and messages, and with wrong ones."""

from dataclasses import replace
from typing import Any

import pytest

from infra.demo import act_customers
from infra.demo.act_customers import Judged, told_of
from infra.local.customers import PROVIDER, TABLE
from mxtrax.model import SECOND, Cause, DomainHealth, MailTest, Millis, Recent, State, Verdict
from tests.demo.made import FAILING, HOSTED, NOW, SOUND, WELL, failed, incident, mail, published, right


def test_all_that_is_told_is_found_in_the_mail() -> None:
    """Every failing domain is in a story of the mail with its server's words, and no other is."""
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


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": Verdict.UNSENT},
        {"cause": Cause.NO_WORD},
        {"state": State.SETUP},
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


def test_what_was_never_set_up_is_told_of_nobody() -> None:
    """Two customers end in set-up: their tests fail, and an alert about one is wrong."""
    new = [customer for customer in TABLE if customer.expected.state is State.SETUP]
    assert len(new) == 2
    assert all(customer.expected.verdict is Verdict.FAILED and not customer.well_first for customer in new)
    customer = new[0]
    told = replace(right(customer), told=told_of(customer, mail(incident(customer)).stories))
    assert Judged(customer.domain, customer.behaviour, customer.expected, right(customer)).ok
    assert not Judged(customer.domain, customer.behaviour, customer.expected, told).ok


def test_an_alarm_about_a_healthy_domain_is_wrong() -> None:
    """Silence is expected as well."""
    customer = SOUND[0]
    told = mail(incident(customer, evidence="Nothing has come back since.")).stories
    found = replace(right(customer), told=told_of(customer, told))
    assert Judged(customer.domain, customer.behaviour, customer.expected, found).wrong


def test_one_operator_is_one_alarm() -> None:
    """One story in one mail that lists both, and two messages with the provider; or a note that the second has joined."""
    told = [*map(incident, FAILING)]
    assert failed(act_customers.checks([mail(*told)], published(*told), WELL)) == []
    first, second = map(incident, HOSTED)
    later = [mail(first), mail(second, joined=1)]
    assert failed(act_customers.checks(later, published(*told), WELL)) == []


def test_two_alarms_for_one_operator_are_wrong() -> None:
    """Told in two mails, or in two stories, or without the provider for machines."""
    others = [incident(it) for it in FAILING if not it.host]
    first, second = map(incident, HOSTED)
    what = f"The 2 domains of {PROVIDER} make one alert, which names them."
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
    """Without it, an outage of the inbox could not be noticed."""
    told = [*map(incident, FAILING)]
    open_loop = replace(WELL, state=State.FAILING)
    assert len(failed(act_customers.checks([mail(*told)], published(*told), open_loop))) == 1


def sent(at: Millis, verdict: Verdict, **more: Any) -> MailTest:
    """Make a test that was sent some seconds after the beginning."""
    when = NOW + at * SECOND
    given = {"maxreturntime": 10, "max_sec_until_fail": 30, "counted": verdict, **more}
    return MailTest(testid=str(at), maildomain="test@full.test", sendtime=when, **given)


def test_a_hiccup_is_a_lost_mail_without_an_incident() -> None:
    """It fails if nothing was lost, or if an incident opened."""
    lost, back = sent(0, Verdict.FAILED), sent(5, Verdict.ONTIME, receivetime=NOW + 6 * SECOND)
    assert act_customers.hiccup([lost, back], []).ok
    assert not act_customers.hiccup([back], []).ok
    assert not act_customers.hiccup([lost, back], [incident(SOUND[0])]).ok


def test_at_once_is_by_the_first_refusal() -> None:
    """An incident that waited for a second refusal is late, unless it was fast nevertheless."""
    refused = [sent(0, Verdict.FAILED), sent(5, Verdict.FAILED)]
    opened = incident(FAILING[0], opened=NOW + 2 * SECOND, notified=NOW + 3 * SECOND)
    late = replace(opened, opened=NOW + 30 * SECOND)
    assert act_customers.at_once(refused, [opened], 15 * SECOND).ok
    assert act_customers.at_once(refused[:1], [late], 15 * SECOND).ok
    assert not act_customers.at_once(refused, [late], 15 * SECOND).ok
    assert not act_customers.at_once(refused, [replace(opened, notified=None)], 15 * SECOND).ok
    assert not act_customers.at_once([], [], 15 * SECOND).ok
