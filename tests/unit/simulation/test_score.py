"""What counts as knowable, as reported, as false, and as a right cause."""

from dataclasses import replace

import pytest

from infra.simulation import product
from infra.simulation.causes import acceptable
from infra.simulation.draw import draw
from infra.simulation.fate import outage
from infra.simulation.fate import trouble as made
from infra.simulation.figures import figures, percentile
from infra.simulation.model import HOUR, MINUTE, ON_TIME, SECOND, START, Mail, Millis, Scenario, Trouble
from infra.simulation.score import Score, of_product
from infra.simulation.seen import Mailed, Notice, Played

FLEET = replace(draw(1, domains=4, days=1, interval=15), troubles=(), own=(), flushes=())
KEY = next(iter(FLEET.domains))
BEGIN, END = START + 6 * HOUR, START + 7 * HOUR


def _scenario(*troubles: Trouble, own: tuple[Trouble, ...] = ()) -> Scenario:
    return replace(FLEET, troubles=troubles, own=own)


def _a_trouble(how: str = "accepts_and_loses", *, declared: bool = False) -> Trouble:
    kind = "maintenance_declared" if declared else how
    return replace(made(FLEET, 0, kind, how, [KEY], [(BEGIN, END)]), declared=declared)


def _mail(sent: Millis, took: Millis | None = None, what: str = "ok", trouble: str = "", ours: str = "") -> Mail:
    back = None if took is None else sent + took
    return Mail(f"{KEY} {sent}", KEY, sent, what=what, trouble=trouble, ours=ours, back=back)


def _told(
    at: Millis, mail: Mail, kind: str = product.OPENED, cause: str = "accepted_then_lost", channel: str = "topic"
) -> Notice:
    return Notice(
        channel=channel,
        at=at,
        incident=f"i-{mail.domain}",
        kind=kind,
        domain=mail.domain,
        cause=cause,
        mail=mail.id,
        evidence="",
    )


def _score(scenario: Scenario, mails: list[Mail], *told: Notice) -> Score:
    played = Played(notices=list(told))
    for mail in mails:
        played.took(mail)
    played.mailed = [Mailed(it.at, ((it.incident, it.kind),)) for it in told]
    return of_product(scenario, played)


def test_a_trouble_is_knowable_when_the_time_of_its_first_test_is_over() -> None:
    """Or when it bounced; a notice within 60 seconds of that is in time."""
    lost = _mail(BEGIN + MINUTE, trouble="t0-accepts_and_loses")
    score = _score(_scenario(_a_trouble()), [lost], _told(lost.sent + ON_TIME + 30 * SECOND, lost))
    found = figures([score])
    assert (found["knowable"], found["told"], found["within_60_s"], found["p50_s"]) == (1, 1, 1, 30)
    lost.bounced = lost.sent + SECOND
    assert figures([_score(_scenario(_a_trouble()), [lost], _told(lost.sent + 2 * MINUTE, lost))])["p50_s"] == 119


def test_told_counts_from_the_first_notice_that_names_the_domain() -> None:
    """On any channel, whether it opens or changes a cause; one that only closes does not count."""
    lost = _mail(BEGIN, trouble="t0-accepts_and_loses")
    known = BEGIN + ON_TIME
    by_mail, by_topic = _told(known + SECOND, lost, "changed", channel="mail"), _told(known + MINUTE, lost)
    assert figures([_score(_scenario(_a_trouble()), [lost], by_mail, by_topic)])["p50_s"] == 1
    assert figures([_score(_scenario(_a_trouble()), [lost], _told(known, lost, product.CLOSED))])["missed"] == 1


@pytest.mark.parametrize(
    ("how", "firm"), [("unknown_user", 1), ("server_down", 1), ("partial_loss", 0), ("slow_inside", 0)]
)
def test_a_missed_refusal_or_outage_is_firm(how: str, firm: int) -> None:
    """Partial loss, flapping and slow stretches are missed, and not firm."""
    found = figures([_score(_scenario(_a_trouble(how)), [_mail(BEGIN, trouble=f"t0-{how}")])])
    assert (found["missed"], found["missed_firm"], found["missed_untested"]) == (1, firm, 0)


def test_a_trouble_in_which_no_test_went_out_is_missed_for_want_of_one() -> None:
    """It is knowable when the regular test would have shown it; while no test can go out it is not."""
    stopped = outage(0, "ses_fails", BEGIN - MINUTE, END)
    assert figures([_score(_scenario(_a_trouble()), [])])["missed_untested"] == 1
    assert figures([_score(_scenario(_a_trouble(), own=(stopped,)), [])])["knowable"] == 0


def test_an_alarm_without_a_trouble_is_false_and_says_on_what_it_rests() -> None:
    """On a hiccup, on a queue that stood still, on an outage of ours, on declared maintenance, or on nothing."""
    ours = outage(0, "inbox_refuses", START + HOUR, START + 2 * HOUR)
    scenario = _scenario(_a_trouble(declared=True), own=(ours,))
    for mail, truth in (
        (_mail(START + 3 * HOUR, what="single_loss"), "single_loss"),
        (_mail(START + 3 * HOUR, took=HOUR, what="flush"), "flush"),
        (_mail(START + HOUR, ours=ours.id), "ours:inbox_refuses"),
        (_mail(BEGIN, trouble="t0-maintenance_declared"), "maintenance_declared"),
        (_mail(START + 9 * HOUR, took=SECOND), "nothing"),
    ):
        found = figures([_score(scenario, [mail], _told(mail.sent + ON_TIME, mail))])
        assert found["false_by_truth"] == {truth: 1}
        assert found["false_flush"] == (truth == "flush")
        assert found["false_ours"] == truth.startswith("ours:")


def test_what_our_own_outage_hides_is_not_knowable() -> None:
    """A loss cannot be distinguished from it. A refusal can: SES reports it."""
    ours = outage(0, "inbox_refuses", BEGIN - MINUTE, END)
    for how, knowable in (("accepts_and_loses", 0), ("unknown_user", 1)):
        scenario = _scenario(_a_trouble(how), own=(ours,))
        assert figures([_score(scenario, [_mail(BEGIN, trouble=f"t0-{how}")])])["knowable"] == knowable


def test_a_cause_is_right_by_what_could_be_known_when_it_was_told() -> None:
    """A slow mail that is still out may be called lost; back for a minute, it may not."""
    mail, provider = _mail(BEGIN, took=20 * MINUTE), replace(FLEET.providers[0], servers=3)
    mail.heard["Delivery"] = BEGIN + SECOND
    early = acceptable("slow_inside", mail, BEGIN + ON_TIME, provider)
    late = acceptable("slow_inside", mail, BEGIN + 30 * MINUTE, provider)
    assert early == {"slow_inside", "accepted_then_lost"}
    assert late == {"slow_inside"}


def test_shares_of_right_causes_are_of_those_that_were_told() -> None:
    """At the beginning by the first notice, at the end by the last."""
    lost = _mail(BEGIN, trouble="t0-accepts_and_loses")
    lost.heard["Delivery"] = BEGIN + SECOND
    opened = _told(BEGIN + ON_TIME, lost)
    closed = _told(END + MINUTE, lost, product.CLOSED, cause="no_word")
    found = figures([_score(_scenario(_a_trouble()), [lost], opened, closed)])
    assert (found["cause_open"], found["cause_close"], found["mails_per_cause"]) == (1.0, 0.0, 2.0)


def test_a_percentile_is_one_of_the_values() -> None:
    """Without values there is none."""
    assert [percentile([1, 2, 3, 4], it) for it in (0, 50, 95, 100)] == [1, 3, 4, 4]
    assert percentile([], 50) is None
