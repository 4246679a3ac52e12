"""Which of the DNS's answers are used."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from infra.local.names import Names
from mxtrax.aws.resolver import MOST_ADDRESSES, MOST_HOSTS, Pace, Resolver
from mxtrax.errors import TryAgain
from mxtrax.model import MailServer, MailServers

type Ask = Callable[[Mapping[str, Mapping[str, Sequence[str]]], str], MailServers]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Ask about a domain in a DNS that has these records; names that begin with "broken" cannot be looked up."""
    running = list[Names]()

    def asking(records: Mapping[str, Mapping[str, Sequence[str]]], name: str) -> MailServers:
        names = Names(records, lambda name: name.startswith("broken"))
        running.append(names)
        names.start()
        return Resolver(names.place, Pace(1_000)).mail_servers(name)

    yield asking
    for names in running:
        names.stop()


def test_hosts_come_best_first_with_their_addresses(ask: Ask) -> None:
    """By preference; addresses of both kinds, public ones alone."""
    records = {
        "a.example": {"MX": ["20 mx2.hoster.net.", "10 MX1.hoster.net."]},
        "mx1.hoster.net": {"A": ["81.20.4.10", "10.0.0.1", "127.0.0.1"], "AAAA": ["2a00:1450::1", "::1"]},
    }
    assert ask(records, "a.example") == MailServers(
        "a.example",
        ("mx1.hoster.net", "mx2.hoster.net"),
        (
            MailServer("81.20.4.10", "a.example", "mx1.hoster.net"),
            MailServer("2a00:1450::1", "a.example", "mx1.hoster.net"),
        ),
    )


def test_without_an_mx_the_domain_is_its_own_host(ask: Ask) -> None:
    """RFC 5321, section 5.1; without an address it accepts no mail, nor does one with a null MX (RFC 7505)."""
    records = {"a.example": {"A": ["81.20.4.10"]}, "b.example": {"TXT": ['"hello"']}, "c.example": {"MX": ["0 ."]}}
    assert ask(records, "a.example").hosts == ("a.example",)
    assert ask(records, "b.example") == MailServers("b.example")
    assert ask(records, "c.example") == MailServers("c.example")
    assert ask(records, "gone.example") == MailServers("gone.example")


def test_no_answer_is_not_the_answer_that_there_is_nothing(ask: Ask) -> None:
    """A failure of the DNS raises; for a host whose address cannot be looked up, the name is used."""
    with pytest.raises(TryAgain):
        ask({}, "broken.example")
    found = ask({"a.example": {"MX": ["10 broken.hoster.net.", "20 mx.hoster.net."]}}, "a.example")
    assert found == MailServers("a.example", ("broken.hoster.net", "mx.hoster.net"))


def test_only_so_much_is_taken(ask: Ask) -> None:
    """Of a thousand hosts, or a thousand addresses of one, only the first few are used."""
    many = {"MX": [f"{number} mx{number:04}.hoster.net." for number in range(500)]}
    crowd = {"A": [f"81.20.{number // 250}.{number % 250}" for number in range(1_000)]}
    found = ask({"a.example": many, "mx0000.hoster.net": crowd}, "a.example")
    assert len(found.hosts) == MOST_HOSTS
    assert len(found.servers) == MOST_ADDRESSES


@pytest.mark.parametrize("name", [r"\000evil\;rm.example.", r"a\.b\ c.example.", "x" * 62 + r"\200.example.", "mx."])
def test_names_that_are_no_host_names_are_passed_over(ask: Ask, name: str) -> None:
    """Control characters, blanks, bytes of no alphabet, and what nobody can have registered."""
    assert ask({"a.example": {"MX": [f"1 {name}", "2 mx.hoster.net."]}}, "a.example").hosts == ("mx.hoster.net",)


def test_questions_keep_their_pace() -> None:
    """After the first, each waits for its turn."""
    slept = list[float]()
    pace = Pace(4, clock=lambda: 0.0, sleep=slept.append)
    for _ in range(4):
        pace.wait()
    assert slept == [0.25, 0.5, 0.75]
