"""Servers' notices in their own words: the failed recipient is found, whatever other addresses they name."""

from typing import Final

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind

PROBE: Final = "probe@example.net"
HEAD: Final = (
    "From: MAILER-DAEMON@example.net\nTo: watch@in.example.org\nSubject: Undelivered Mail\n"
    "Content-Type: text/plain; charset=utf-8\n\n"
)

WORDS: Final = (
    "We could not hand your mail to probe@example.net over.\n\nFor help write to admin@example.net",
    "Your mail to <probe@example.net> stays here.\nWhy:\n5.1.0 - that server said '550 5.1.1 no such'",
    "** Nobody there **\n\nYour mail for probe@example.net was not delivered because the address was not found",
    "Failed Recipient: probe@example.net\nReason: Remote host said 550",
    "<probe@example.net>, ID=123: permanent failure",
    "To: probe@example.net\nError: 550 no",
    "The mail you sent to probe@example.net has bounced.",
    "Delivery to probe@example.net failed.",
    "I couldn't deliver mail to probe@example.net, sorry",
    "RCPT TO:<probe@example.net> => 550 5.1.1 no",
    "550 probe@example.net... User unknown",
    "user unknown: probe@example.net",
    " - probe@example.net (user unknown)",
    "probe@example.net,550 5.1.1 no",
    "Unable to deliver to: probe@example.net",
    "Message not delivered to: <probe@example.net>",
    "The user(s) below could not be reached:\n\n   probe@example.net\n\n",
    "[probe@example.net] mailbox full",
    " * probe@example.net - reason",
    "1. probe@example.net  550 no",
    "Error: account probe@example.net does not exist",
    "Sorry, probe@example.net is not known here; contact helpdesk@example.net",
    "Mail to probe@example.net was not delivered. If you need help write to admin@example.net",
    "'probe@example.net' on 22.11.2026 10:00\n   550 5.1.1 no",
    "The e-mail address probe@example.net no longer exists. Please use other@example.net",
    "The following addresses had delivery problems:\n\n<probe@example.net>   (unknown user)",
    "Recipient probe@example.net: rejected by the server",
    "Your mail addressed to probe@example.net was refused because of a rule.\n\nRegards\npostmaster@example.net",
    "User <probe@example.net> unknown",
    "Hello watch@in.example.org,\n\nwe could not deliver your mail to probe@example.net.",
    "Final status: failed\nAddress: probe@example.net\nServer: mx.example.net",
    "mail for probe@example.net\nloops back to myself",
    "Could not deliver message to the following recipient(s): probe@example.net",
    "probe@example.net:\n  quota exceeded",
    "Message could not be delivered.\n\nSent to: probe@example.net\nSent by: watch@in.example.org\nError: 550",
    "From: watch@in.example.org\nTo: probe@example.net\nDate: today\n\nwas not delivered: mailbox unavailable",
    "Ihre Nachricht an probe@example.net wurde nicht zugestellt.",
    "Votre message pour probe@example.net n'a pas pu être remis.",
    "El mensaje para probe@example.net no pudo ser entregado.",
    "Il messaggio per probe@example.net non è stato consegnato",
    "Сообщение для probe@example.net не доставлено",
    "以下の宛先に送信できませんでした。\nprobe@example.net",
    "无法将邮件投递到以下收件人\uff1aprobe@example.net",
    "Problem: 550\nMailbox probe@example.net is inactive.\nIf in doubt ask help@example.net or call us",
)


@pytest.mark.parametrize("words", WORDS)
def test_the_recipient_is_found_in_the_words(words: str) -> None:
    """One recipient, and the right one: help desks, senders and servers are not meant."""
    found = read(f"{HEAD}{words}\n".encode())
    assert found.kind is Kind.BOUNCE
    assert [one.address for one in found.recipients] == [PROBE]


@pytest.mark.parametrize("words", WORDS)
def test_the_recipient_we_know_is_found_in_the_words(words: str) -> None:
    """Knowing the recipient never makes the result worse."""
    assert [one.address for one in read(f"{HEAD}{words}\n".encode(), PROBE.upper()).recipients] == [PROBE]


def test_each_recipient_has_its_own_words() -> None:
    """Each of several recipients gets the reply next to it."""
    words = "<one@example.net>:\n550 5.1.1 nobody of this name\n\n<two@example.net>:\n552 5.2.2 no more room\n"
    found = read(f"{HEAD}{words}".encode()).recipients
    assert [(one.address, one.status) for one in found] == [("one@example.net", "5.1.1"), ("two@example.net", "5.2.2")]
    assert found[0].diagnostic == "<one@example.net>: 550 5.1.1 nobody of this name"


@pytest.mark.parametrize(
    "words",
    [
        "It could not be delivered.",
        "It could not be delivered. Write to help@example.net.",
        "Your mail\nFrom: someone@example.com\ncould not be delivered.",
        "Contact postmaster@example.net.",
    ],
)
def test_nobody_is_named_where_nobody_is_meant(words: str) -> None:
    """An address mentioned in passing is not a recipient."""
    assert read(f"{HEAD}{words}\n".encode()).recipients == ()
