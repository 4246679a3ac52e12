"""What is kept of a returned mail's route: little for one on time, all that helps for one that was not."""

from typing import Any

import pytest
from botocore.client import BaseClient

from infra.bench.item_size import size_of
from mxtrax.aws import s3
from mxtrax.model import SECOND, MessageTrace, Millis
from mxtrax.store import mailtests
from mxtrax.store.tables import MailTestRow
from tests.stage import SENDER, START, Sent, Stage

CHAIN = """\
Received: from mail-big1.outbound.protection.customer.example (mail-big1.outbound.protection.customer.example
 [192.0.2.7]) by inbound-smtp.eu-west-1.amazonaws.com with SMTP id abc for x; Sun, 22 Nov 2026 10:00:08 +0000 (UTC)
Received: from AS8XX06MB7239.region06.prod.customer.example ([fe80::b0a5]) by AS8XX06MB7239.region06.prod.customer.example
 ([fe80::b0a5]) with mapi id 15.20; Sun, 22 Nov 2026 10:00:06 +0000
Received: from DB9XX07CA0012.region07.prod.customer.example (2001:db8::17) by AM0XX06MB5234.region06.prod.customer.example
 (2001:db8::21) with ESMTPS id 15.20; Sun, 22 Nov 2026 10:00:05 +0000
Received: from DB5XXXX00014B9E.region02.prod.customer.example (2001:db8::6a) by DB9XX07CA0012.front.customer.example
 (2001:db8::17) with ESMTPS id 15.20; Sun, 22 Nov 2026 10:00:07 +0000
Received: from a6-31.smtp-out.eu-west-1.amazonses.com (198.51.100.31) by DB5XXXX00014B9E.mail.protection.customer.example
 (203.0.113.171) with ESMTPS id 15.20; Sun, 22 Nov 2026 10:00:03 +0000
""".replace("\n ", " ")

RECEIPT = {f"{method}Verdict": {"status": "PASS"} for method in ("spf", "dkim", "spam", "virus")}


@pytest.fixture
def sent(it: Stage) -> Sent:
    """Send a test that may take five minutes."""
    it.configure()
    it.domain()
    (sent,) = it.tick()
    return sent


def comes_back(it: Stage, sent: Sent, after: float, head: str = CHAIN) -> str:
    """Bring the test back some seconds later, with the fields that their servers and SES have added on top."""
    it.wait(after)
    raw = head.encode() + sent.raw
    receipt = {"timestamp": it.iso(), "recipients": [SENDER], **RECEIPT, "dmarcVerdict": {"status": "FAIL"}}
    return it.comes_back(sent, raw, receipt=receipt)


def trace(sent: Sent) -> MessageTrace:
    """Read what was kept."""
    found = mailtests.whole(sent.testid)
    assert found
    assert found[1]
    return found[1]


def seconds(at: Millis | None) -> float:
    """Give a moment as seconds since the test was sent."""
    return ((at or 0) - START) / SECOND


def test_of_a_test_on_time_its_hops_and_verdicts_are_kept(
    it: Stage, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of travel, from SES's own record: the mail itself is not read."""
    monkeypatch.setattr(s3, "read_mail", None)
    assert comes_back(it, sent, 8) == "MailReturned"
    kept = trace(sent)
    assert [hop.by.partition(".")[0] for hop in kept.hops] == [
        "DB5XXXX00014B9E", "DB9XX07CA0012", "AM0XX06MB5234", "AS8XX06MB7239", "inbound-smtp",
    ]  # fmt: skip
    assert [seconds(hop.time) for hop in kept.hops] == [3, 7, 5, 6, 8]
    assert [hop.gap for hop in kept.hops] == [None, 4_000, 0, 1_000, 2_000]
    assert [hop.skew for hop in kept.hops] == [0, 0, 2_000, 0, 0]
    assert kept.verdicts == {"spf": "pass", "dkim": "pass", "dmarc": "fail", "spam": "pass", "virus": "pass"}
    assert (kept.dkim_body, kept.headers) == ("", "")


def test_a_test_on_time_costs_two_calls_as_ever(it: Stage, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trace is written with the return; the secret is read once in the life of a worker."""
    calls: list[str] = []
    really = BaseClient._make_api_call  # type: ignore[attr-defined]

    def heard(self: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        calls.append(operation)
        return really(self, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", heard)
    comes_back(it, sent, 8)
    assert calls == ["PutObject", "GetItem", "UpdateItem", "DeleteObject"]  # the first is SES's


def test_a_test_on_time_stays_below_1_kb(it: Stage, sent: Sent) -> None:
    """DynamoDB charges every started KB, for each of a test's writes."""
    it.delivered(sent)
    comes_back(it, sent, 8)
    it.fold()
    item = MailTestRow.get(sent.testid).serialize()
    assert size_of(item) < 950


def test_of_a_late_test_all_is_kept(it: Stage, sent: Sent) -> None:
    """The mail is read: what was done to its body is known then, and its header block can be looked at."""
    raw_head = CHAIN + "X-Note: caf\xe9 \x1b[31m\x00\r\n"
    comes_back(it, sent, 400, raw_head)
    kept = trace(sent)
    assert len(kept.hops) == 5
    assert kept.headers.startswith("Received: from mail-big1.outbound")
    assert "X-Note: caf\xe9 \ufffd[31m\ufffd\n" in kept.headers
    assert f"Subject: {sent.testid}" in kept.headers
    assert "\n\n" not in kept.headers


def test_a_late_copy_leaves_the_trail_of_the_first(it: Stage, sent: Sent) -> None:
    """Of several returns one counts, and its way is what is shown."""
    comes_back(it, sent, 8)
    before = trace(sent)
    comes_back(it, sent, 400, "Received: from x.example by y.example; Sun, 22 Nov 2026 10:07:00 +0000\n")
    assert trace(sent) == before
    assert it.test(sent).copies == 1


def test_of_a_bounce_all_is_kept_until_the_test_comes_back(it: Stage, sent: Sent) -> None:
    """A test that was bounced and comes back after all shows the way that it came."""
    bounce = (
        f"Received: from mx.customer.example by inbound-smtp.eu-west-1.amazonaws.com with ESMTPS id 1; "
        f"Sun, 22 Nov 2026 10:00:09 +0000\nFrom: MAILER-DAEMON@customer.example\nTo: {SENDER}\n"
        "Subject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.example\n\n"
        f"Final-Recipient: rfc822; {sent.to}\nAction: failed\nStatus: 5.1.1\n\n"
        "--b\nContent-Type: text/rfc822-headers\n\n"
        "Received: from a6-31.smtp-out.eu-west-1.amazonses.com by mx.customer.example with ESMTPS id 2; "
        f"Sun, 22 Nov 2026 10:00:04 +0000\nSubject: {sent.testid}\nTo: {sent.to}\n\n--b--\n"
    ).encode()
    it.wait(9)
    assert it.comes_back(sent, bounce) == "MailBounced"
    kept = trace(sent)
    assert [(hop.by, hop.gap) for hop in kept.hops] == [
        ("mx.customer.example", None), ("inbound-smtp.eu-west-1.amazonaws.com", 5_000),
    ]  # fmt: skip
    assert "Subject: Undelivered Mail" in kept.headers
    comes_back(it, sent, 1)
    assert (len(trace(sent).hops), trace(sent).headers) == (5, "")


def test_a_hostile_mail_takes_no_more_than_its_share(it: Stage, sent: Sent) -> None:
    """Hundreds of hops with endless names, and a header block that does not end: some of it is kept, all of it is text."""
    hops = "".join(
        f"Received: from {'a\x07' * 90}{number}.example by {'b\u202e' * 60}{number}.example;"
        " Sun, 22 Nov 2026 10:00:03 +0000\n"
        for number in range(150)
    )
    comes_back(it, sent, 400, hops + f"X-Long: {'\u0142x' * 60_000}\n")
    kept = trace(sent)
    assert len(kept.hops) == 30
    assert max(len(hop.by) for hop in kept.hops) <= 120
    assert len(kept.headers) <= 16_000
    shown = "".join((kept.headers, *(hop.by + hop.from_ for hop in kept.hops)))
    assert all(letter.isprintable() or letter in "\n\t" for letter in shown)
    assert len(MailTestRow.get(sent.testid).trace) <= 8_192
