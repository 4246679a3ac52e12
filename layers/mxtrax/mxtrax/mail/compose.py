"""The test mail that goes out to a customer's test mailbox, in wire form.

It has to pass spam filters, so it is a complete and honest RFC 5322 message. The test id travels in Subject (alone, as
in the wiki), Reply-To, X-MXTRAX-Test-ID and the body; each of them is the one that some mail system leaves intact. It
has no Auto-Submitted field: responders that follow RFC 3834, section 2, would stay silent.
"""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from mxtrax.model import SECOND, Millis

TEST_ID_FIELD: Final = "X-MXTRAX-Test-ID"

_BODY: Final = """\
Hello {name},

this is an automatic test of your mail system. Nothing needs to be done
by hand: the mailbox
{address}
sends this mail back to
{sender}
and the time it takes tells whether mail to and from your domain arrives.

If you do not know this test, or want it to end, please answer to the
address above.

Test {testid}
"""


def compose(testid: str, sender: str, address: str, name: str, now: Millis) -> bytes:
    """Compose the test mail in wire form (CRLF). A line break in an address raises ValueError."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("MXTRAX", addr_spec=sender)
    mail["To"] = Address(addr_spec=address)
    mail["Reply-To"] = Address("MXTRAX", addr_spec=reply_address(testid, sender))
    mail["Subject"] = testid
    mail["Date"] = format_datetime(datetime.fromtimestamp(now // SECOND, UTC))
    mail["Message-ID"] = f"<{testid}@{sender.rpartition('@')[2]}>"
    mail[TEST_ID_FIELD] = testid
    text = _BODY.format(name=name or address, address=address, sender=sender, testid=testid)
    mail.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return bytes(mail)


def reply_address(testid: str, sender: str) -> str:
    """Give the plus-address (RFC 5233) that brings a reply back with its test id."""
    user, _, host = sender.rpartition("@")
    return f"{user}+{testid}@{host}"
