"""The channels: whom each notifies, of what, and its result."""

from dataclasses import replace
from typing import Any

import pytest

from mxtrax.aws import clients, ses, sns
from mxtrax.errors import Refused
from mxtrax.model import (
    MONITOR,
    AlertMail,
    Config,
    Customer,
    DomainHealth,
    Incident,
    MailDomain,
    Notice,
    NoticeKind,
    State,
)
from mxtrax.notify import mail
from mxtrax.notify.channel import Channel, Context, Target
from mxtrax.notify.channels import channels
from mxtrax.report.figures import Line
from mxtrax.runtime.environment import Settings
from mxtrax.store import channels as stored

NOW = 1_763_812_800_000
CONFIG = Config(sendinguser="mxtrax@monitor.example.net", alertuser=("ops@example.org", "boss@example.org"))
CUSTOMERS = {
    "acme": Customer(codename="acme", friendlyname="Acme", alertuser=("it@acme.example", "ops@example.org")),
    "beta": Customer(codename="beta", friendlyname="Beta", alertuser=("it@acme.example", "it@beta.example")),
}
INCIDENT = Incident(id="1-1", maildomain="mxtrax@acme.example", customer="acme", opened=NOW, due=NOW)


@pytest.fixture(autouse=True)
def nobody_added_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have only mail and topic; channels that people add have tests of their own."""
    monkeypatch.setattr(stored, "load", stored.Channels)


def context(config: Config = CONFIG, topic: str = "arn:topic", **more: Any) -> Context:
    """Make what a run sends with."""
    settings = Settings(tables="t-", alert_topic=topic)
    return Context(now=NOW, config=config, settings=settings, customers=CUSTOMERS, lines=lambda _: (), **more)


def channel(name: str, it: Context) -> Channel:
    """Give a channel by its name."""
    (found,) = (each for each in channels(it) if each.name == name)
    return found


def test_a_mail_of_a_large_fleet_has_those_that_are_not_in_order() -> None:
    """The figures of a hundred thousand domains would take a minute to write; it says how many it leaves out."""
    fleet = [
        Line(
            MailDomain(id=n, testuser="mxtrax", domainname=f"d{n}.example"),
            DomainHealth(maildomain=f"mxtrax@d{n}.example", state=State.FAILING if n == 7 else State.OK),
        )
        for n in range(mail.MOST_LINES + 1)
    ]
    told = mail.MailChannel(replace(context(replace(CONFIG, alert_mail=AlertMail.FULL)), lines=lambda _: fleet))
    text = told._mail(Target(id="mailto:ops@example.org", name="ops@example.org"), notices("7-1")).text
    assert "mxtrax@d7.example" in text
    assert "mxtrax@d8.example" not in text
    assert "10,000 domains without problems are left out" in text


def notices(*ids: str) -> list[Notice]:
    """Make notices of incidents that have opened."""
    return [Notice(kind=NoticeKind.OPENED, at=NOW, incident=replace(INCIDENT, id=number)) for number in ids]


def wanting(incident: Incident, it: Context) -> set[str]:
    """Name all targets that must be notified of an incident."""
    targets = (target for each in channels(it) for target in each.targets(it.config, it.customers))
    return {target.id for target in targets if target.wants(incident)}


def test_an_incident_goes_to_the_operators_its_customers_people_and_the_topic() -> None:
    """An address given twice is one target."""
    every = [target for each in channels(context()) for target in each.targets(CONFIG, CUSTOMERS)]
    assert len({target.id for target in every}) == len(every)
    own = {"mailto:ops@example.org", "mailto:boss@example.org", "topic"}
    assert wanting(INCIDENT, context()) == own | {"mailto:it@acme.example"}
    assert wanting(replace(INCIDENT, customer="beta"), context()) == own | {
        "mailto:it@acme.example",
        "mailto:it@beta.example",
    }


def test_a_customers_people_hear_of_its_domains_alone() -> None:
    """Not of another customer's, not of a domain without one, and not of the monitor's own trouble."""
    own = {"mailto:ops@example.org", "mailto:boss@example.org", "topic"}
    for other in (replace(INCIDENT, customer="gamma"), replace(INCIDENT, customer="")):
        assert wanting(other, context()) == own
    assert wanting(replace(INCIDENT, maildomain=MONITOR), context()) == own


def test_a_stack_without_a_topic_has_no_target_there() -> None:
    """Mail alone is left."""
    assert {target.split(":")[0] for target in wanting(INCIDENT, context(topic=""))} == {"mailto"}


def test_a_mail_channel_without_a_sender_says_what_it_lacks() -> None:
    """Without sendinguser no mail can go out; the topic lacks nothing."""
    without = context(replace(CONFIG, sendinguser=""))
    assert {each.name: each.lacks() for each in channels(without)} == {
        "mail": "sendinguser is not set",
        "topic": "",
        "added": "",
    }
    assert not any(each.lacks() for each in channels(context()))


def test_one_mail_carries_all_notices_and_is_written_once_for_all_who_get_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two operators get one and the same mail; the lines of the whole fleet are asked for once."""
    asked, sent = list[object](), list[tuple[str, bytes]]()

    def lines(customers: object) -> tuple[()]:
        asked.append(customers)
        return ()

    it = replace(context(), lines=lines)

    def take(raw: bytes, _: str, address: str, *__: object) -> str:
        sent.append((address, raw))
        return "id"

    monkeypatch.setattr(ses, "send_mail", take)
    mail = channel("mail", it)
    both = notices("1-1", "2-1")
    for target in mail.targets(CONFIG, CUSTOMERS):
        assert list(mail.send(target, both)) == [(notice, "") for notice in both]
    assert [address for address, _ in sent] == [
        "ops@example.org",
        "boss@example.org",
        "it@acme.example",
        "it@beta.example",
    ]
    assert asked == [None, frozenset({"acme"})]


def test_a_mail_that_is_not_taken_is_taken_for_none_of_its_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """What SES says is given back with each."""

    def refuse(*_: object) -> str:
        raise Refused("mail", "MessageRejected: no")

    monkeypatch.setattr(ses, "send_mail", refuse)
    both = notices("1-1", "2-1")
    (target, *_) = channel("mail", context()).targets(CONFIG, CUSTOMERS)
    assert list(channel("mail", context()).send(target, both)) == [(it, "MessageRejected: no") for it in both]


def test_the_topic_takes_each_notice_by_itself_and_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one message came to is known before the next is published; one that fails does not stop the others."""
    published = list[str]()

    def publish(_: str, __: str, message: dict[str, Any], ___: object) -> None:
        if message["incident"] == "2-1":
            raise clients.UNREACHABLE[1]
        published.append(message["incident"])

    monkeypatch.setattr(sns, "publish", publish)
    three = notices("1-1", "2-1", "3-1")
    going = channel("topic", context()).send(Target(id="topic", name="topic"), three)
    assert next(going) == (three[0], "")
    assert published == ["1-1"]
    assert [bool(problem) for _, problem in going] == [True, False]
    assert published == ["1-1", "3-1"]
