"""What was done to our mail on the way: verdicts, signatures, additions to the subject and below the letter."""

import re
from base64 import b64decode
from binascii import Error as BinasciiError
from hashlib import sha1, sha256
from typing import Final

from mxtrax.model import Integrity, Signature

from .bounds import MAX_SIGNED
from .fields import Fields

TAGGED: Final = re.compile(r"([a-z]{1,10})\s*=\s*([^;]*)")
METHOD: Final = re.compile(r"(?<![\w.-])(spf|dkim|dmarc|arc)\s*=\s*([a-z]{3,12})")
SES_FIELDS: Final = {"x-ses-spam-verdict": "spam", "x-ses-virus-verdict": "virus"}
BLANKS: Final = re.compile(rb"[ \t]{2,}+|\t")
MAX_SIGNATURES: Final = 10
MAX_SHOWN: Final = 500


def verdicts(fields: Fields) -> dict[str, str]:
    """Read the verdicts of the way back: the topmost Authentication-Results (RFC 8601) is our own server's, SES."""
    found: dict[str, str] = {}
    for name, word in SES_FIELDS.items():
        if name in fields:
            found[word] = fields[name].strip().lower()
    if "authentication-results" in fields:
        for method, result in METHOD.findall(fields["authentication-results"][:4_000].lower()):
            found.setdefault(method, result)
    return found


def _canonical(body: bytes, how: str) -> bytes:
    """Bring a body into the canonical form that was hashed (RFC 6376, section 3.4.3 and 3.4.4)."""
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if how == "relaxed":
        body = BLANKS.sub(b" ", body).replace(b" \n", b"\n").rstrip(b" ")
    body = body.rstrip(b"\n")
    if not body:
        return b"" if how == "relaxed" else b"\r\n"
    return body.replace(b"\n", b"\r\n") + b"\r\n"


def signatures(fields: Fields, body: bytes | None) -> tuple[Signature, ...]:
    """Compare each DKIM signature's body hash (RFC 6376, section 3.7, step 1) with the body that arrived.

    A matching hash says that the body is as it was signed. For the header, one needs the signer's key from the DNS.
    """
    result: list[Signature] = []
    hashed: dict[tuple[str, str, str], bytes] = {}
    canonical: dict[str, bytes] = {}
    for value in fields.all("dkim-signature")[:MAX_SIGNATURES]:
        tags = {name: text.strip() for name, text in TAGGED.findall(value)}
        intact: bool | None = None
        digest = {"rsa-sha256": sha256, "ed25519-sha256": sha256, "rsa-sha1": sha1}.get(tags.get("a", ""))
        how = tags.get("c", "simple").partition("/")[2] or "simple"
        length = tags.get("l", "")
        if body is not None and digest and how in ("simple", "relaxed") and tags.get("bh"):
            key = (tags["a"], how, length)
            if key not in hashed:
                signed = canonical[how] = canonical[how] if how in canonical else _canonical(body, how)
                hashed[key] = digest(
                    signed[: int(length)] if length.isdecimal() and len(length) < 12 else signed
                ).digest()
            try:
                intact = b64decode(re.sub(r"\s", "", tags["bh"])) == hashed[key]
            except (BinasciiError, ValueError):
                intact = None
        result.append(Signature(domain=tags.get("d", "").lower(), selector=tags.get("s", ""), body_intact=intact))
    return tuple(result)


def around(subject: str, token: str) -> tuple[str, str]:
    """Return what comes before and after the test id in a subject that should have nothing else."""
    at = subject.lower().find(token)
    if at < 0:
        return "", ""
    return subject[:at].strip()[:MAX_SHOWN], subject[at + len(token) :].strip()[:MAX_SHOWN]


def footer(text: str, token: str) -> str:
    """Return the lines below the letter's last one, which is the test id."""
    at = text.lower().rfind(token)
    if at < 0:
        return ""
    return text[at + len(token) :].lstrip(">)].\"' \t").strip()[:MAX_SHOWN]


def of_message(fields: Fields, subject: str, token: str, text: str, body: bytes) -> tuple[Integrity, list[str]]:
    """Gather the findings for a copy of our mail that came back, and what could not be determined."""
    notes: list[str] = []
    if len(body) > MAX_SIGNED:
        notes.append(f"body longer than {MAX_SIGNED} octets: DKIM body hashes are not compared")
    before, after = around(subject, token) if token else ("", "")
    found = Integrity(
        verdicts=verdicts(fields),
        signatures=signatures(fields, body if len(body) <= MAX_SIGNED else None),
        subject_before=before,
        subject_after=after,
        footer=footer(text, token) if token else "",
    )
    return found, notes
