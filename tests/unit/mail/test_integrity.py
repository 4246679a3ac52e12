"""What was done to our mail on the way."""

from base64 import b64encode
from hashlib import sha1, sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.mail import read
from mxtrax.mail.bounds import MAX_SIGNED

TESTID = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
MAILS = Path(__file__).parent / "mails"
BODY = f"MXTRAX {TESTID}\r\n"


def signed(body: str, canonical: str, how: str = "simple", extra: str = "", algorithm: str = "rsa-sha256") -> bytes:
    """Return a mail whose signature's body hash is of `canonical`."""
    digest = (sha1 if algorithm == "rsa-sha1" else sha256)(canonical.encode()).digest()
    bh = b64encode(digest).decode()
    return (
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/{how}; d=In.Example.org; s=mx;{extra}\r\n"
        f" bh={bh[:20]}\r\n {bh[20:]}; b=AAAA\r\n"
        f"From: watch@in.example.org\r\nSubject: {TESTID}\r\n\r\n{body}"
    ).encode()


def intact(raw: bytes) -> bool | None:
    """Return the result for the only signature."""
    (one,) = read(raw).integrity.signatures
    assert (one.domain, one.selector) == ("in.example.org", "mx")
    return one.body_intact


@pytest.mark.parametrize(
    ("how", "body", "canonical"),
    [
        ("simple", BODY, BODY),
        ("simple", BODY + "\r\n\r\n", BODY),
        ("simple", "", "\r\n"),
        ("relaxed", "a  b \t \r\n\r\n c\r\n\r\n", "a b\r\n\r\n c\r\n"),
        ("relaxed", "", ""),
        ("relaxed", BODY.rstrip(), BODY),
    ],
)
def test_an_untouched_body_keeps_its_hash(how: str, body: str, canonical: str) -> None:
    """Both canonical forms of RFC 6376, section 3.4, are computed."""
    assert intact(signed(body, canonical, how)) is True


def test_a_footer_breaks_the_hash() -> None:
    """A gateway's words below the letter show in the hash and in the footer."""
    raw = signed(BODY + "\r\nChecked by Example Ltd.\r\n", BODY)
    assert intact(raw) is False
    assert read(raw).integrity.footer == "Checked by Example Ltd."


def test_a_signature_of_the_beginning_allows_a_footer() -> None:
    """The tag l= says how much of the body was signed."""
    assert intact(signed(BODY + "footer\r\n", BODY, extra=f" l={len(BODY)};")) is True


def test_an_old_hash_is_compared_too() -> None:
    """rsa-sha1 is no longer safe, but its body hash can be compared."""
    assert intact(signed(BODY, BODY, algorithm="rsa-sha1")) is True


@pytest.mark.parametrize("tag", [" c=relaxed/odd;", " a=rot13;"])
def test_what_cannot_be_compared_is_not_judged(tag: str) -> None:
    """An unknown algorithm or canonical form is neither good nor bad."""
    assert intact(signed(BODY, BODY, extra=tag)) is None


def test_a_body_too_large_to_hash_is_noted() -> None:
    """The limit is reported, and the signature is not judged."""
    raw = signed(BODY + "x" * MAX_SIGNED, BODY)
    assert intact(raw) is None
    assert any("DKIM" in note for note in read(raw).notes)


@given(st.binary(max_size=200))
def test_any_body_may_be_hashed(body: bytes) -> None:
    """No body is beyond comparing."""
    head = b"X-MXTRAX-Test-ID: 5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21\r\n"
    raw = head + b"DKIM-Signature: a=rsa-sha256; c=relaxed/relaxed; bh=!!; d=x\r\n\r\n" + body
    assert read(raw).integrity.signatures[0].body_intact is not True


def test_the_verdicts_are_those_of_our_own_server() -> None:
    """The topmost Authentication-Results is SES's; anybody may have written those below."""
    raw = (MAILS / "redirected.eml").read_bytes()
    forged = raw.replace(
        b"DKIM-Signature:", b"Authentication-Results: example.net; dmarc=pass; arc=pass\nDKIM-Signature:"
    )
    expected = {"spam": "pass", "virus": "pass", "spf": "pass", "dkim": "pass", "dmarc": "fail"}
    assert read(raw).integrity.verdicts == read(forged).integrity.verdicts == expected


def test_our_letter_sent_on_is_as_it_was_signed() -> None:
    """A redirect leaves the body alone."""
    assert [one.body_intact for one in read((MAILS / "redirected.eml").read_bytes()).integrity.signatures] == [True]


def test_words_around_the_subject_are_told() -> None:
    """What a gateway puts before and behind the test id is shown."""
    found = read((MAILS / "tagged.eml").read_bytes()).integrity
    assert (found.subject_before, found.subject_after) == ("[EXTERN]", "(checked)")
    assert found.footer.endswith("the gateway of Example Ltd.")
