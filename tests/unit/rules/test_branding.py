"""Branding: a logo is a picture and nothing else, and a contact leads to a mail, a page or nowhere."""

import base64
import struct
import zlib

import pytest

from mxtrax.errors import Refused
from mxtrax.model import Branding
from mxtrax.rules.branding import check_branding, link_of
from mxtrax.rules.logo import MAX_BYTES, check_logo


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 1, *more: bytes) -> bytes:
    """Draw a black picture, with `more` chunks in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + bytes(width)) * height)
    inside = _chunk(b"IHDR", header) + b"".join(more) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + inside


def test_only_what_draws_a_logo_is_kept() -> None:
    """Texts, profiles and animations of a picture go; one without them stays as it is."""
    assert check_logo(png()) == png()
    words = (_chunk(b"tEXt", b"Comment\0<script>"), _chunk(b"iCCP", b"x"), _chunk(b"acTL", bytes(8)))
    assert check_logo(png(2, 1, *words)) == png()
    assert check_logo(b"") == b""


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a",
        png()[:-1],
        png()[:20],
        png()[:8],
        png() + b"<script>",
        png().replace(b"IDAT", b"IDAX"),
        png(801, 1),
        png(1, 401),
        png(0, 1),
        png(2, 1, _chunk(b"tEXt", bytes(MAX_BYTES))),
        png()[:8] + _chunk(b"IHDR", b"") + _chunk(b"IDAT", b"") + _chunk(b"IEND", b""),
        png()[:8] + png()[33:],
        png()[:8] + struct.pack(">I", 2**32 - 1) + b"IHDR" + bytes(40),
    ],
)
def test_what_is_no_such_picture_is_refused(data: bytes) -> None:
    """Another kind of file, a torn one, one with something hung on to it, and one that is too large."""
    with pytest.raises(Refused, match="PNG of at most 800 x 400"):
        check_logo(data)


def test_a_logo_comes_in_base64() -> None:
    """Anything else is refused with its field's name."""
    kept = check_branding(Branding(name=" Northern Mail ", logo=base64.b64encode(png()).decode()))
    assert (kept.name, base64.b64decode(kept.logo)) == ("Northern Mail", png())
    with pytest.raises(Refused, match="base64"):
        check_branding(Branding(logo="<svg>"))


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("help@operator.example", "mailto:help@operator.example"),
        ("a?bcc=b@operator.example", "mailto:a%3Fbcc%3Db@operator.example"),
        ("https://operator.example/help?of=mail#top", "https://operator.example/help?of=mail#top"),
    ],
)
def test_a_contact_leads_to_a_letter_or_a_page(contact: str, link: str) -> None:
    """By an address, or by the page's own."""
    assert link_of(contact) == link


@pytest.mark.parametrize(
    "contact",
    [
        "http://operator.example",
        "javascript:alert(1)",
        "javascript:alert(1)//a@b.example",
        'https://operator.example/"onclick=x',
        "+49 30 123456",
        "",
    ],
)
def test_nothing_else_becomes_a_link(contact: str) -> None:
    """Neither a page that can be read on the way, nor a script, nor a telephone."""
    assert link_of(contact) == ""


@pytest.mark.parametrize(
    "wrong", [Branding(name="a\nb"), Branding(contact="a\u202eb"), Branding(contact="a b@x.example")]
)
def test_what_cannot_be_shown_is_refused(wrong: Branding) -> None:
    """Control characters, and invalid addresses."""
    with pytest.raises(Refused):
        check_branding(wrong)
