"""The test mail in wire form."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.mail import read, read_headers
from mxtrax.mail.compose import compose, reply_address
from mxtrax.model import Kind
from tests.unit.rules.made import START

TESTID = "0f47b1a2-92f6-4c1e-9d0a-3b5e8c7d6f01"
SENDER = "mxtrax@monitor.example.net"
TO = "mxtrax@customer.example"


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=SMTP)


RAW = compose(TESTID, SENDER, TO, "Acme Ltd", START)
MAIL = _parsed(RAW)


def test_the_test_id_travels_everywhere() -> None:
    """It is in the Subject, alone, in Reply-To, in a field of its own, in Message-ID and in the body."""
    assert MAIL["Subject"] == TESTID
    assert MAIL["Reply-To"].addresses[0].addr_spec == f"mxtrax+{TESTID}@monitor.example.net"
    assert MAIL["X-MXTRAX-Test-ID"] == TESTID
    assert MAIL["Message-ID"] == f"<{TESTID}@monitor.example.net>"
    assert f"Test {TESTID}" in MAIL.get_content()


def test_it_is_a_whole_message() -> None:
    """From, To, Date and MIME fields are there: what has them not looks like spam."""
    assert MAIL["From"].addresses[0].addr_spec == SENDER
    assert MAIL["To"].addresses[0].addr_spec == TO
    assert MAIL["Date"].datetime.timestamp() * 1000 == START
    assert MAIL["MIME-Version"] == "1.0"
    assert "Hello Acme Ltd," in MAIL.get_content()


def test_it_invites_an_answer() -> None:
    """Responders that follow RFC 3834 stay silent where a mail says that a machine wrote it; the test mail does not."""
    assert "Auto-Submitted" not in MAIL
    assert "Precedence" not in MAIL


def test_a_customer_without_a_name_is_greeted_by_address() -> None:
    """Nobody is greeted as nobody."""
    assert f"Hello {TO}," in _parsed(compose(TESTID, SENDER, TO, "", START)).get_content()


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=200), st.uuids(version=4))
def test_it_passes_through_any_server(name: str, testid: UUID) -> None:
    """Whatever the customer is called: seven bits, CRLF, lines of at most 998 octets, and readable at the end."""
    raw = compose(str(testid), SENDER, TO, name, START)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.splitlines())) <= 998
    assert name in _parsed(raw).get_content()


def test_plain_words_are_sent_plainly() -> None:
    """A mail in ASCII is not encoded at all."""
    assert MAIL["Content-Transfer-Encoding"] == "7bit"
    assert max(map(len, RAW.splitlines())) <= 76


def test_the_longest_addresses_stay_whole() -> None:
    """An address of the largest size is not folded into pieces that nobody can read."""
    sender = f"{'s' * 27}@{'monitor.' * 20}example.net"
    to = f"{'m' * 64}@{'a-customer.' * 15}example"
    mail = _parsed(compose(TESTID, sender, to, "", START))
    assert mail["To"].addresses[0].addr_spec == to
    assert mail["Reply-To"].addresses[0].addr_spec == reply_address(TESTID, sender)
    assert len(reply_address(TESTID, sender).partition("@")[0]) == 64


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: all@example.org", "a@b.example\nX: y"])
def test_no_field_can_be_smuggled_in(address: str) -> None:
    """A line break in an address is an error, not a header."""
    with pytest.raises(ValueError, match=r"."):
        compose(TESTID, SENDER, address, "", START)


def test_a_redirected_test_is_recognised() -> None:
    """What goes out and comes back as it is, is a message that names its test; its headers are enough."""
    fields = [(name, str(value)) for name, value in MAIL.items()]
    shown = read_headers(fields, [SENDER])
    assert shown is not None
    assert (shown.kind, shown.tokens[0]) == (Kind.MESSAGE, TESTID)
    assert read(RAW).tokens[0] == TESTID
