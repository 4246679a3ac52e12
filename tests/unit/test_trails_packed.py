"""Trails as DynamoDB holds them: what is packed is what is read, and it takes little."""

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.mail import read_headers
from mxtrax.model import SECOND, Hop, Trail
from mxtrax.store.trails import MOST, packed, unpacked

NAMES = st.text(max_size=40)
VERDICTS = st.dictionaries(st.sampled_from(["spf", "dkim", "dmarc", "spam"]), st.sampled_from(["pass", "fail", "gray"]))
TESTID = "94005aa5-0c39-40b6-a3c2-e88214eb38fd"


@st.composite
def chains(draw: st.DrawFn) -> tuple[Hop, ...]:
    """Draw hops whose gaps and skews are those of their times, as the mail room reads them."""
    hops, latest = list[Hop](), None
    for _ in range(draw(st.integers(0, 8))):
        time = draw(st.none() | st.integers(0, 4_000_000_000))
        since = None if time is None or latest is None else time - latest
        hops.append(
            Hop(
                from_=draw(NAMES),
                by=draw(NAMES),
                protocol=draw(st.sampled_from(["", "SMTP", "ESMTPS"])),
                tls=draw(st.booleans()),
                time=None if time is None else time * SECOND,
                gap=None if since is None else max(0, since) * SECOND,
                skew=max(0, -(since or 0)) * SECOND,
            )
        )
        latest = latest if time is None else time
    return tuple(hops)


@given(st.builds(Trail, hops=chains(), verdicts=VERDICTS, dkim_body=NAMES, subject_after=NAMES, headers=NAMES))
def test_a_trail_is_read_as_it_was_packed(trail: Trail) -> None:
    """Whatever stands in it."""
    assert unpacked(packed(trail)) == trail


def test_a_trail_has_an_end() -> None:
    """A header block that does not become small is cut until it fits; the hops stay."""
    trail = Trail(hops=(Hop(by="mx.example"),), headers="".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(16_000)))
    read = unpacked(packed(trail))
    assert len(packed(trail)) <= MOST
    assert read.hops == trail.hops
    assert trail.headers.startswith(read.headers)
    assert len(read.headers) >= 1_000


def test_the_way_through_a_large_provider_takes_little() -> None:
    """Seven hops with long names, as a redirect there has them, and all verdicts."""
    region = "prod.outlook.example"
    names = [f"{letter * 3}PR0{n}MB{n}7{n}9.eurprd0{n}.{region}" for n, letter in enumerate("ABCDEFG")]
    hops = (f"from {names[n]} (2001:db8::{n}) by {names[n + 1]} (2001:db8::1{n}) with ESMTPS id {n}" for n in range(6))
    received = [("Received", f"{hop}; Sun, 22 Nov 2026 10:00:0{n} +0000") for n, hop in enumerate(hops)][::-1]
    found = read_headers([*received, ("X-Mxtrax-Test-Id", TESTID), ("Subject", TESTID)])
    assert found
    assert len(found.hops) == 6
    verdicts = dict.fromkeys(("spf", "dkim", "dmarc", "spam", "virus"), "pass")
    assert len(packed(Trail(hops=found.hops, verdicts=verdicts))) < 250
