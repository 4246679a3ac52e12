"""Who runs domains' servers: when that is looked up, and how it is used."""

from collections.abc import Iterator

import pytest

from infra.local.names import Names
from mxtrax.aws import sqs
from mxtrax.jobs import plan
from mxtrax.model import DAY, MINUTE, MailDomain, SmtpReply
from mxtrax.model.orders import ObserveOrder
from mxtrax.rules.schedule import is_observed, slot_at
from mxtrax.store import fleet, mailtests, tables
from tests.stage import Stage

THERE = "81.20.4.10"


@pytest.fixture
def names() -> Iterator[Names]:
    """Let three domains have one provider, one of them under a name of its own; and one be a forger's."""
    records = {
        "one.example": {"MX": ["10 mx.hoster.net."]},
        "two.example": {"MX": ["10 mx.hoster.net."]},
        "own.example": {"MX": ["10 mail.own.example."]},
        "forger.example": {"MX": ["10 mx.invented0.net."]},
        **{host: {"A": [THERE]} for host in ("mx.hoster.net", "mail.own.example", "mx.invented0.net")},
    }
    it = Names(records)
    it.start()
    yield it
    it.stop()


def _provider(domain: MailDomain) -> str:
    return fleet.listed([domain.key])[domain.key].listing.provider


def _delivered(it: Stage, domain: MailDomain) -> None:
    """Let each due domain's test be accepted at the address, and come back."""
    for sent in it.tick():
        if sent.to == domain.address:
            mailtests.heard(sent.testid, "delivered", SmtpReply(at=it.now, text="250 ok", server=THERE))
        it.comes_back(sent)
    it.fold()


def test_a_new_domain_is_observed_after_its_first_test_and_once(it: Stage, names: Names) -> None:
    """Not before a test is known of it, and not with each of its tests."""
    domain = it.domain("one.example")
    it.take(it.settings.observe_queue)
    _delivered(it, domain)
    assert it.observe(names.place) == [{"observed": 1, "unanswered": 0}]
    assert _provider(domain) == "hoster.net"
    it.wait(60)
    _delivered(it, domain)
    assert it.health(domain).provider == "hoster.net"
    assert it.take(it.settings.observe_queue) == []


def test_each_domain_is_observed_once_a_day(it: Stage) -> None:
    """In its own minute of the day, whatever its interval: plan orders it then, and not in the minutes around it."""
    domain = it.domain("one.example", interval_minutes=60, maintmode=True)
    first, day = slot_at(it.now, 60), DAY // MINUTE
    (minute,) = (at for at in range(day) if is_observed(domain, range(first + at, first + at + 1)))
    it.wait(60 * (day + minute - 2))
    seen = list[list[str]]()
    for _ in range(4):
        plan.run(it.now, it.settings)
        seen.append([key for order in it.take(it.settings.observe_queue) for key in order["domains"]])
        it.wait(60)
    assert seen == [[], [], [domain.key], []]


def test_an_incident_that_opens_has_its_domain_observed(it: Stage, names: Names) -> None:
    """Servers may have moved at that very moment; a second miss orders nothing more."""
    domain = it.domain("one.example")
    _delivered(it, domain)
    it.observe(names.place)
    it.wait(60)
    it.tick()
    it.wait(400)
    it.fold()
    assert [order["domains"] for order in it.take(it.settings.observe_queue)] == [[domain.key]]
    it.tick()
    it.wait(400)
    it.fold()
    assert it.take(it.settings.observe_queue) == []


def test_a_name_of_ones_own_and_an_invented_one_are_seen_through(it: Stage, names: Names) -> None:
    """SES delivers to an address that others know by their provider's name."""
    domains = [it.domain(name) for name in ("one.example", "two.example", "own.example", "forger.example")]
    for domain in domains:
        _delivered(it, domain)
        it.wait(60)
    it.observe(names.place)
    it.wait(DAY // 1000)
    for domain in domains:
        _delivered(it, domain)
        it.wait(60)
    _order(it, *domains)
    it.observe(names.place)
    assert [_provider(domain) for domain in domains] == ["hoster.net"] * 4


def test_what_the_dns_does_not_answer_overwrites_nothing(it: Stage, names: Names) -> None:
    """Neither a failure nor a name that is gone takes a provider away that was known."""
    domain = it.domain("one.example")
    _order(it, domain)
    it.observe(names.place)
    names.fails = lambda _: True
    _order(it, domain)
    assert it.observe(names.place) == [{"observed": 0, "unanswered": 1}]
    assert _provider(domain) == "hoster.net"
    names.fails, names.records = lambda _: False, {}
    _order(it, domain)
    assert it.observe(names.place) == [{"observed": 1, "unanswered": 0}]
    assert _provider(domain) == "hoster.net"


def test_an_edit_leaves_the_provider_alone(it: Stage, names: Names) -> None:
    """Only observe sets the provider, whatever people change about the domain meanwhile."""
    domain = it.domain("one.example")
    _order(it, domain)
    it.observe(names.place)
    current = fleet.by_key(domain.key)
    assert current
    assert fleet.save(current)
    assert _provider(domain) == "hoster.net"


def test_what_is_known_already_costs_no_write(it: Stage, names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up on the same day reads, and writes only its heartbeat."""
    domain = it.domain("one.example")
    _order(it, domain)
    it.observe(names.place)
    monkeypatch.setattr(tables.MailServerRow, "save", None)
    it.wait(60)
    _order(it, domain)
    assert it.observe(names.place) == [{"observed": 1, "unanswered": 0}]


def test_a_domain_that_is_gone_is_not_made_anew(it: Stage, names: Names) -> None:
    """It was removed while its order was in the queue."""
    domain = it.domain("one.example")
    _order(it, domain)
    assert fleet.remove(domain, it.health(domain), it.now)
    it.observe(names.place)
    assert fleet.by_key(domain.key) is None


def _order(it: Stage, *domains: MailDomain) -> None:
    sqs.queue_all(it.settings.observe_queue, [(ObserveOrder(domains=tuple(it.key for it in domains)), 0)])
