"""Nothing a stranger sends makes the reader raise, hang or use much memory; what was not read is noted."""

import sys
import tracemalloc
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mxtrax.mail import bounds, explain, read, read_headers
from mxtrax.model import Return

MEGA: Final = 1 << 20
HEAD: Final = b"From: MAILER-DAEMON@example.net\r\nTo: a@example.org\r\nSubject: Undelivered Mail\r\n"
MIXED: Final = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
REPORT: Final = (
    HEAD + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
)
TESTID: Final = b"5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"

HUGE: Final[dict[str, Callable[[], bytes]]] = {
    "25 MB of text": lambda: HEAD + b"\r\n" + b"word and word\r\n" * (25 * MEGA // 15),
    "25 MB of addresses": lambda: HEAD + b"\r\n" + b"a@example.net " * (25 * MEGA // 14),
    "25 MB of line ends": lambda: HEAD + b"\r\n" * (25 * MEGA // 2),
    "25 MB of base64": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * (25 * MEGA // 4),
    "10,000 parts": lambda: MIXED + b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n" * 10_000,
    "1,000 multiparts deep": lambda: (
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000))
    ),
    "1,000 mails deep": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
    "a header line of 1 MB": lambda: b"Subject: " + b"x" * MEGA + b"\r\n\r\n",
    "a header folded 300,000 times": lambda: b"Subject: x" + b"\r\n x" * 300_000 + b"\r\n\r\n",
    "200,000 header fields": lambda: b"X: y\r\n" * 200_000 + b"\r\n",
    "10,000 hops": lambda: b"Received: from a by b with c; Mon, 1 Jan 2024 00:00:00 +0000\r\n" * 10_000 + b"\r\n",
    "30,000 recipients": lambda: (
        REPORT
        + b"".join(b"Final-Recipient: rfc822; u%d@example.net\r\nAction: failed\r\n\r\n" % n for n in range(30_000))
    ),
}
HOSTILE: Final[dict[str, bytes]] = {
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p " * 300_000,
    "open styles": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<style>" * 100_000,
    "open encoded words": b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\r\n\r\n",
    "parameters": HEAD + b"Content-Type: text/plain" + b'; a="b' * 100_000 + b"\r\n\r\n",
    "halves of ids": HEAD + b"\r\n" + b"-aaaa-aaaa-aaaa-aaaaaaaaaaa" * 30_000,
    "broken ids": HEAD + b"\r\n" + b"-a\r\n \r\n a\r\n" * 80_000,
    "ids": HEAD + b"\r\n" + TESTID * 20_000,
    "dashes": MIXED + b"--" * 400_000,
    "boundaries": MIXED + b"--b\r\n" * 100_000,
    "other boundaries": MIXED + b"--x\r\n" * 150_000,
    "quotes": HEAD + b"\r\n" + b">" * 900_000,
    "quoted headers": HEAD + b"\r\n" + b"> Subject: a\r\n> From: b@c\r\n> To: c\r\n> \r\n" * 20_000,
    "local parts": HEAD + b"\r\n" + b"a." * 400_000 + b"@example.net",
    "domains": HEAD + b"\r\n a@" + b"a." * 400_000,
    "a diagnostic": REPORT
    + b"Final-Recipient: rfc822; a@example.net\r\nDiagnostic-Code: smtp; 550 "
    + b"\r\n x y" * 150_000,
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-\xff" * 300_000,
    "a notification": HEAD + b"\r\n" + b'"bouncedRecipients":["emailAddress":"' * 20_000,
    "verdicts": b"Authentication-Results: " + b"spf=" * 100_000 + b"\r\n\r\n",
    "short quotes": HEAD + b"\r\n" + b"> Subject: a\r\n\r\n" * 60_000,
    "failed recipients": (
        b"".join(
            b"X-Failed-Recipients: %s\r\n" % b",".join(b"u%d.%d@example.net" % (n, m) for m in range(500))
            for n in range(80)
        )
        + HEAD
        + b"\r\n"
        + b"u1.1@example.net: 550 no\r\n" * 20_000
    ),
    "complaints": HEAD + b"\r\n" + b'"complainedRecipients":[{"emailAddress":"a@example.net"}]' * 15_000,
    "brackets": b"Received: " + b"(" * 500_000 + b"\r\n\r\n",
}


def check(found: Return) -> None:
    """Hold a Return against the bounds."""
    assert len(found.tokens) <= bounds.MAX_TOKENS
    assert len(found.recipients) <= bounds.MAX_RECIPIENTS
    assert len(found.hops) <= bounds.MAX_HOPS
    assert all(len(one.diagnostic or "") <= bounds.MAX_DIAGNOSTIC for one in found.recipients)
    assert len(found.subject) <= bounds.MAX_FIELD
    for one in found.recipients:
        assert f"{one.address}{one.diagnostic}".encode()


@pytest.mark.parametrize("name", HUGE)
def test_huge_mails_are_read_within_bounds_and_noted(name: str) -> None:
    """Of a huge mail the beginning is read; memory stays small, and the note says so."""
    raw = HUGE[name]()
    tracemalloc.start()
    try:
        found = read(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    check(found)
    assert peak < 40 * MEGA
    assert found.notes


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_are_read(name: str) -> None:
    """What would make a careless pattern try again and again is read like any other mail."""
    check(read(HOSTILE[name]))


GROWING: Final[tuple[Callable[[int], bytes], ...]] = (
    lambda n: MIXED + b"--b\r\n\r\nhello a@example.net\r\n" * n,
    lambda n: HEAD + b"\r\n" + b"<a@example.net>: 550 5.1.1 no\r\n" * n,
    lambda n: HEAD + b"\r\n" + b"Subject: a\r\nFrom: b\r\nTo: c\r\n\r\n" * n,
    lambda n: b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n" * n + b"\r\n",
)


@pytest.mark.parametrize("make", GROWING)
def test_the_work_grows_no_faster_than_the_mail(make: Callable[[int], bytes]) -> None:
    """Twice the mail is at most about twice the work, counted in calls of our own functions."""
    assert _calls(make(80)) <= 2.5 * _calls(make(40)) + 100


def _calls(raw: bytes) -> int:
    count = 0

    def tick(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(tick)
    try:
        read(raw)
    finally:
        sys.setprofile(None)
    return count


@given(st.binary(max_size=3_000))
@example(b"")
@example(b"\n")
@example(b"\r")
@example(b"From ")
@example(b"\xff\xfe\x00")
def test_any_octets_are_read(raw: bytes) -> None:
    """No octets raise."""
    check(read(raw))


PIECES: Final = st.sampled_from(
    [
        HEAD, MIXED, REPORT, TESTID,
        b"\r\n", b"\n\n", b"--b\r\n", b"--b--\r\n", b"> ", b"=\r\n", b"=3D=ZZ", b"\x1b$B%(\x1b(B", b"\xed\xa0\x80",
        b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n\r\n", b"Content-Type: ;;=\r\n",
        b"Content-Type: text/html; charset=utf-16\r\n\r\n", b"Subject: =?iso-2022-jp?B?GyRCJSg=?=\r\n", b"&lt;&#0;",
        b"<a@example.net>:", b"550 5.1.1 no", b"X-Failed-Recipients: ,,\r\n", b"Auto-Submitted: auto-replied\r\n",
        b"Final-Recipient: rfc822; <>\r\n", b"Action: delayed\r\n", b"Status: 4.4.7\r\n",
        b"Received: by x; 1 Jan 2024 00:00:00 -9999\r\n", b"DKIM-Signature: a=rsa-sha256; bh=; l=99\r\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25), st.sampled_from([None, "", "a@example.net", "@", "x"]))
@settings(max_examples=300)
def test_any_pieces_of_mail_are_read(pieces: list[bytes], recipient: str | None) -> None:
    """However the pieces of a report are put together, it is read."""
    check(read(b"".join(pieces), recipient))


@given(
    st.lists(
        st.tuples(st.sampled_from(["Subject", "From", "Received", "To", "X", ""]), st.text(max_size=80)), max_size=20
    )
)
def test_any_headers_are_read(headers: list[tuple[str, str]]) -> None:
    """An event's headers may hold any text."""
    found = read_headers(headers, ["", "a@b", "+@"])
    assert found is None or found.tokens


@given(st.one_of(st.none(), st.text(max_size=10)), st.text(max_size=300))
def test_any_words_may_be_explained(status: str | None, text: str) -> None:
    """No answer of a server raises."""
    cause, _ = explain(status, text)
    assert cause is None or cause
