"""Every rule of the mail room, with a mail of our own and a row of expectations.jsonl."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from mxtrax.mail import read, read_headers
from mxtrax.mail.fields import block
from mxtrax.model import Kind

HERE: Final = Path(__file__).parent
TESTID: Final = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
OTHER: Final = "9d1f0a52-3c44-4b7e-8f60-2b6f1c7d9e13"
REPORTS: Final = ("dsn", "exim-inline", "qmail-like", "exchange-like", "german", "arf", "receipt")
PROBE: Final = "probe@example.net"
ROWS: Final[list[dict[str, Any]]] = [
    json.loads(line) for line in (HERE / "expectations.jsonl").read_text().splitlines()
]


def raw(name: str) -> bytes:
    """Return a mail of ours."""
    return (HERE / "mails" / f"{name}.eml").read_bytes()


@pytest.fixture(params=ROWS, ids=lambda row: row["mail"])
def row(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One row of the table."""
    found: dict[str, Any] = request.param
    return found


def test_every_mail_has_its_row() -> None:
    """No mail is without an expectation."""
    assert {one["mail"] for one in ROWS} == {path.stem for path in (HERE / "mails").glob("*.eml")}


def test_a_mail_is_read_as_its_row_says(row: dict[str, Any]) -> None:
    """Kind, recipients, cause, reason and reporter are as the table has them."""
    found = read(raw(row["mail"]))
    assert {
        "kind": found.kind,
        "recipients": [[one.address, one.action, one.status] for one in found.recipients],
        "cause": found.cause,
        "reason": found.reason,
        "server": found.reporting_mta,
        "ses": bool(found.ses_message_id),
    } == {key: row[key] for key in ("kind", "recipients", "cause", "reason", "server", "ses")}, row["why"]


def test_our_test_id_is_trusted_most(row: dict[str, Any]) -> None:
    """If a mail has our test id, it is the first candidate; if it has none, there is none."""
    assert read(raw(row["mail"])).tokens[:1] == ((TESTID,) if row["ours"] else ()), row["why"]


@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["CRLF", "CR"])
def test_line_ends_make_no_difference(row: dict[str, Any], end: bytes) -> None:
    """A mail reads the same whatever ends its lines."""
    plain, other = read(raw(row["mail"])), read(raw(row["mail"]).replace(b"\n", end))
    assert (other.kind, other.tokens, other.recipients) == (plain.kind, plain.tokens, plain.recipients)


def test_an_upper_case_id_is_the_same_id(row: dict[str, Any]) -> None:
    """Mail systems change case; the id is returned in lower case."""
    shouted = raw(row["mail"]).replace(TESTID.encode(), TESTID.upper().encode())
    assert read(shouted).tokens[:1] == read(raw(row["mail"])).tokens[:1]


def test_the_recipient_we_know_is_preferred() -> None:
    """Of two recipients the one we wrote to comes first, by the address we know, and gives the reason."""
    found = read(raw("dsn-two"), PROBE)
    assert [one.address for one in found.recipients] == [PROBE, "other@example.net"]
    assert found.reason == "mailbox_full"


def test_the_recipient_we_know_is_found_where_it_led_elsewhere() -> None:
    """An expanded address is reported as the one we wrote to."""
    assert [one.address for one in read(raw("expanded"), PROBE).recipients] == [PROBE]


def test_a_recipient_we_know_wrongly_hides_nothing() -> None:
    """If the mail does not name the recipient we know, it is read as it is."""
    assert read(raw("dsn"), "nobody@example.com").recipients == read(raw("dsn")).recipients


def test_the_headers_alone_tell_what_the_whole_mail_tells(row: dict[str, Any]) -> None:
    """The result without the body is the same as with it: kind and first test id."""
    fields, _ = block(raw(row["mail"]).decode("latin-1"))
    quick, whole = read_headers(fields.pairs), read(raw(row["mail"]))
    if quick is not None:
        assert quick.kind is Kind.MESSAGE
        assert (quick.kind, quick.tokens[0], quick.hops) == (whole.kind, whole.tokens[0], whole.hops)


def test_a_redirect_needs_no_body() -> None:
    """Our own letter is recognised by its headers."""
    fields, _ = block(raw("redirected").decode("latin-1"))
    quick = read_headers(fields.pairs)
    assert quick is not None
    assert quick.tokens[0] == TESTID


@pytest.mark.parametrize(
    "name", [*REPORTS, "stranger", "challenge", "ticket", "forwarded", "vacation", "vacation-by-wording"]
)
def test_reports_strangers_and_answers_need_their_body(name: str) -> None:
    """A mail system's notice, a mail without an id, and what a person or a challenge wrote need their body read."""
    fields, _ = block(raw(name).decode("latin-1"))
    recipients = [] if name == "stranger" else [f"watch+{TESTID}@in.example.org"]
    assert read_headers(fields.pairs, recipients) is None


def test_the_receipts_recipient_tells_the_test() -> None:
    """A plus-address among the receipt's recipients comes first, in hex without hyphens, too."""
    headers = [("Subject", "x"), ("From", "a@example.net"), ("X-MXTRAX-Test-ID", OTHER)]
    quick = read_headers(headers, [f"watch+{TESTID.replace('-', '')}@in.example.org"])
    assert quick is not None
    assert quick.tokens == (TESTID, OTHER)


@pytest.mark.parametrize(
    "subject", ["Re: {}", "AW: {}", "[EXTERNAL] {}", "Fwd: [list] {} (was: x)", "=?utf-8?q?{}?=", "{}"]
)
def test_an_id_is_found_whatever_stands_around_it(subject: str) -> None:
    """Prefixes, tags and encodings of the subject do not hide the id."""
    assert read(f"From: a@example.net\nSubject: {subject.format(TESTID)}\n\nx\n".encode()).tokens == (TESTID,)


@pytest.mark.parametrize("column", range(1, 36))
def test_an_id_is_found_wherever_it_is_broken(column: int) -> None:
    """A header folded, a body wrapped or quoted within the id: at any column it is put together."""
    front, back = TESTID[:column], TESTID[column:]
    for break_ in ("\n ", "\n", "=\n", "\n> "):
        body = f"From: postmaster@example.net\nSubject: Undelivered\n\nIt was\n> {front}{break_}{back}\n"
        assert read(body.encode()).tokens == (TESTID,), break_
    assert read(f"From: a@example.net\nSubject: {front}\n {back}\n\n".encode()).tokens == (TESTID,)
