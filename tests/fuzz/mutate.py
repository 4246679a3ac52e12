"""Break mails as strangers and gateways do: by octets, by lines, by header fields, by parts, by encodings."""

import random
from base64 import encodebytes
from collections.abc import Callable, Sequence
from quopri import encodestring
from typing import Final

from tests.fuzz import shapes

MAX_MAIL: Final = 1 << 20
MAX_LINES: Final = 3_000
PIECES: Final = (
    *(pump.encode() for pump in shapes.PUMPS),
    b"\r", b"\r\n", b"\n\n", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xc2\x85",
    b"\x1b[31m",
    b"=?utf-8?b?a?=", b"=?utf-16?q?=D8?=", b"=?utf-32?b?////?=", b"=?hz?b?fn5+fg==?=", b"=?iso-2022-jp?b?GyRC?=",
    b"=?iso-2022-kr?b?Dg==?=", b"=?cp65001?q?x?=", b"charset*0*=utf-8'';charset*1=x", b"&#xD800;", b"&#99999999;",
    b"550 5.1.1 ",
    b"recipients:\n", b"Auto-Submitted: auto-replied\n", b"X-Failed-Recipients: ", b"Status: 5.0.0\n", b"begin 644 x\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"Subject: ",
    b"Content-Type: text/html; charset=utf-16\n\n", b"Content-Transfer-Encoding: base64\n", b"JVBERi0", b"PK\x03\x04",
    b"Received: from a by b with c; Mon, 1 Jan 2024 00:00:00 +9999\n", b"DKIM-Signature: a=rsa-sha256; bh=AAAA; l=\xb2\n",
)  # fmt: skip
NAMES: Final = (
    *(name.encode() for name in shapes.HEADER), b"Content-Transfer-Encoding", b"Subject", b"From", b"Auto-Submitted", b"X-A",
)  # fmt: skip
TYPES: Final = (
    b"multipart/report; boundary=%s; report-type=delivery-status", b"multipart/mixed; boundary=%s", b"message/rfc822",
    b"message/delivery-status", b"text/html; charset=%s", b"text/rfc822-headers", b"message/feedback-report",
    b'text/plain; charset="utf-16"', b"text/plain; charset=hz", b"message/disposition-notification",
)  # fmt: skip
ENCODINGS: Final = (b"base64", b"quoted-printable", b"8bit", b"x-uuencode")
PARTS: Final = (
    b"\n--p\nContent-Type: text/plain\n\nx 550 5.1.1 a@example.net",
    b"\n--p\nContent-Type: message/rfc822\n\nSubject: x\nFrom: y@example.net\nMessage-ID: <z>\n\nq",
    b"\n--p\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@example.net\nAction: failed\n",
    b"\n--p\nContent-Type: text/html\n\n<p>x",
)

type Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def octets(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Put pieces in, take some out, double some."""
    broken = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(broken) + 1)
        size = chance.choice((0, 0, 1, 3, 20, 400))
        put = chance.choice((chance.choice(PIECES), chance.randbytes(min(size, 60)), bytes(broken[at : at + size])))
        broken[at : at + size] = put * chance.choice((1, 1, 2, 50, 1_000))
        del broken[MAX_MAIL:]
    return bytes(broken)


def lines(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Repeat, swap, drop and replace lines, and repeat within them."""
    broken = raw.split(b"\n")[:MAX_LINES]
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(broken))
        line = broken[at]
        match chance.randrange(6):
            case 0:
                broken[at:at] = [chance.choice(broken)]
            case 1:
                broken[at : at + 1] = [b""] if len(broken) == 1 else []
            case 2:
                broken[at] = line[:2_000] * chance.choice((2, 10, 100))
            case 3:
                broken[at : at + 1] = [line[:500]] * chance.choice((10, 200, MAX_LINES))
            case 4:
                other = chance.randrange(len(broken))
                broken[at], broken[other] = broken[other], line
            case _:
                broken[at] = chance.choice(NAMES) + b": " + chance.choice(PIECES) * chance.choice((1, 3, 30))
    return b"\n".join(broken)


def header(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Put a field in front of all others, or in place of one."""
    name = chance.choice(NAMES)
    value = chance.choice(PIECES) * chance.choice((1, 1, 10, 100, 3_000))
    if name == b"Content-Type":
        value = chance.choice(TYPES)
        value = value % b"b%d" % chance.randrange(5) if b"%s" in value else value
    elif name == b"Content-Transfer-Encoding":
        value = chance.choice(ENCODINGS)
    return name + b": " + value + b"\n" + raw


def spliced(chance: random.Random, raw: bytes, mails: Sequence[bytes]) -> bytes:
    """Join the beginning of one mail to the end of another."""
    other = chance.choice(mails)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def nested(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Enclose a mail in others, in multiparts, in encodings."""
    for number in range(chance.choice((1, 3, 10, 60))):
        match chance.randrange(3):
            case 0:
                raw = b"Content-Type: multipart/mixed; boundary=n%d\n\n--n%d\n%s\n--n%d--\n" % (
                    number,
                    number,
                    raw,
                    number,
                )
            case 1:
                raw = b"Content-Type: message/rfc822\n\n" + raw
            case _ if len(raw) < 60_000:
                coded = encodebytes(raw)
                raw = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + coded
            case _:
                pass
    return raw


def many(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Put very many parts in front."""
    parts = chance.choice(PARTS) * chance.choice((50, 1_000, 10_000))
    return b"Content-Type: multipart/mixed; boundary=p\n\n" + parts + b"\n" + raw


def encoded(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Encode the body."""
    head, _, body = raw.partition(b"\n\n")
    if chance.randrange(2):
        return head + b"\nContent-Transfer-Encoding: base64\n\n" + encodebytes(body[:200_000])
    return head + b"\nContent-Transfer-Encoding: quoted-printable\n\n" + encodestring(body[:100_000])


def line_ends(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """Write other line ends, or break what marks parts and addresses."""
    old, new = chance.choice(
        (
            (b"\n", b"\r\n"),
            (b"\n", b"\r"),
            (b"\n", b"\r\r\n"),
            (b"\n", b"\n\r"),
            (b"\r\n", b"\n"),
            (b"--", b"-"),
            (b"@", b"@@"),
        )
    )
    return raw.replace(old, new)


def cut(chance: random.Random, raw: bytes, _mails: Sequence[bytes]) -> bytes:
    """End a mail somewhere."""
    return raw[: chance.randrange(len(raw) + 1)]


MUTATIONS: Final[dict[Mutation, int]] = {
    octets: 30, lines: 25, header: 20, spliced: 8, cut: 5, line_ends: 4, nested: 4, encoded: 3, many: 1,
}  # fmt: skip
"""The ways to break a mail, with their weights."""


def mutated(chance: random.Random, mails: Sequence[bytes]) -> bytes:
    """Return one of the mails, broken in a few ways."""
    raw = chance.choice(mails)
    for mutation in chance.choices(list(MUTATIONS), list(MUTATIONS.values()), k=chance.choice((1, 1, 2, 3))):
        raw = mutation(chance, raw, mails)[:MAX_MAIL]
    return raw
