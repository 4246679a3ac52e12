"""What there is to tell, to whom, and what has been told."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import HOUR, MINUTE, MONITOR, Config, Customer, Incident
from mxtrax.rules.notices import TOPIC, NoticeKind, address_of, as_notified, channels, kind_of, refreshed
from tests.unit.rules.made import START

CONFIG = Config(sendinguser="mxtrax@monitor.example.net", alertuser=("ops@example.org", "boss@example.org"))
ACME = {"acme": Customer(codename="acme", friendlyname="Acme", alertuser=("it@acme.example", "ops@example.org"))}
INCIDENT = Incident(id="1-1", maildomain="mxtrax@acme.example", customer="acme", opened=START, due=START)
ALL = channels(INCIDENT, CONFIG, ACME, topic=True)
OPS, BOSS, TOPIC_ONLY = (
    frozenset({"mailto:ops@example.org"}),
    frozenset({"mailto:boss@example.org"}),
    frozenset({TOPIC}),
)


def test_the_channels_of_an_incident() -> None:
    """All whom Config names, the customer's own people, each once, and the topic."""
    assert {address_of(channel) or channel for channel in ALL} == {
        "ops@example.org", "boss@example.org", "it@acme.example", TOPIC,
    }  # fmt: skip


def test_a_customer_is_not_told_of_others_nor_of_our_own_trouble() -> None:
    """Its people hear of its domains alone."""
    for other in (replace(INCIDENT, customer="other"), replace(INCIDENT, maildomain=MONITOR)):
        assert "mailto:it@acme.example" not in channels(other, CONFIG, ACME, topic=True)


def test_without_a_sender_no_mail_is_wanted() -> None:
    """The topic alone is left."""
    assert channels(INCIDENT, Config(alertuser=("ops@example.org",)), ACME, topic=True) == {TOPIC}
    assert channels(INCIDENT, Config(), {}, topic=False) == frozenset()


def test_what_one_channel_did_not_take_is_told_there_alone() -> None:
    """It is announced, and stays due with the same news for the channel that failed."""
    partly = as_notified(INCIDENT, OPS | TOPIC_ONLY, OPS | BOSS | TOPIC_ONLY, START, HOUR)
    assert (partly.notified, partly.due, partly.notified_channels) == (START, START, OPS | TOPIC_ONLY)
    assert kind_of(partly) is NoticeKind.OPENED
    after = as_notified(partly, BOSS, OPS | BOSS | TOPIC_ONLY, START + MINUTE, HOUR)
    assert (after.notified, after.due, after.notified_channels) == (START, START + HOUR, frozenset())
    assert kind_of(after) is NoticeKind.REMINDER


def test_a_reminder_begins_anew_for_all() -> None:
    """A channel that has been failing for an hour does not keep the others from being reminded."""
    stuck = replace(INCIDENT, notified=START, notified_channels=OPS, due=START)
    assert refreshed(stuck, START + HOUR - 1, HOUR) == stuck
    anew = refreshed(stuck, START + HOUR, HOUR)
    assert (anew.notified_channels, kind_of(anew)) == (frozenset(), NoticeKind.REMINDER)
    assert as_notified(anew, ALL, ALL, START + HOUR, HOUR).reminded == START + HOUR


def test_the_end_is_told_to_all() -> None:
    """Also where the beginning did not reach them; then there is nothing more to tell."""
    over = replace(INCIDENT, notified=START, closed=START + HOUR, due=START + HOUR)
    partly = as_notified(over, OPS, OPS | BOSS, START + HOUR, HOUR)
    assert (kind_of(partly), partly.due, partly.notified_channels) == (NoticeKind.CLOSED, START + HOUR, OPS)
    assert as_notified(partly, BOSS, OPS | BOSS, START + HOUR, HOUR).due is None


@given(st.lists(st.sampled_from(sorted(ALL)), max_size=12))
def test_every_channel_is_told_once_before_all_are(order: list[str]) -> None:
    """In whatever order channels take the news, it is done when the last has, and not before."""
    it, took = INCIDENT, set[str]()
    for channel in order:
        if took == set(ALL):
            break
        took.add(channel)
        it = as_notified(it, frozenset({channel}), ALL, START, HOUR)
        assert (it.due == START + HOUR) is (took == set(ALL))
        assert it.notified_channels == (frozenset() if took == set(ALL) else took)
