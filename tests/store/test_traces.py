"""Message traces as stored in DynamoDB: they are read as packed, and small."""

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.mail import read_headers
from mxtrax.model import SECOND, Hop, MessageTrace
from mxtrax.store.traces import MOST, packed, unpacked

NAMES = st.text(max_size=40)
VERDICTS = st.dictionaries(st.sampled_from(["spf", "dkim", "dmarc", "spam"]), st.sampled_from(["pass", "fail", "gray"]))
TESTID = "94005aa5-0c39-40b6-a3c2-e88214eb38fd"

PACKED = (
    "ab56cac82f0072a381c162a66b6c484cd0e456e825971697e4e7a616e9a5562482d23852e018ea189a5b9a1a9b189a19"
    "18c742dd4c5a0c19e898c6c6021d9a5a9492995c02741cba6791bd570bf17c7c527e4a25502c33af243119146719a989"
    "29c03c011482a7d60aa55a00"
)


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


@given(st.builds(MessageTrace, hops=chains(), verdicts=VERDICTS, dkim_body=NAMES, subject_after=NAMES, headers=NAMES))
def test_a_trail_is_read_as_it_was_packed(trace: MessageTrace) -> None:
    """Whatever is in it."""
    assert unpacked(packed(trace)) == trace


def test_what_was_packed_before_can_still_be_read() -> None:
    """The words that zlib starts from are part of every trace that is kept."""
    kept = bytes.fromhex(PACKED)
    assert unpacked(kept) == MessageTrace(
        hops=(
            Hop(
                from_="a6-31.smtp-out.eu-west-1.amazonses.com",
                by="mx.customer.example",
                protocol="ESMTPS",
                tls=True,
                time=1_795_341_603_000,
            ),
            Hop(
                from_="mx.customer.example",
                by="inbound-smtp.eu-west-1.amazonaws.com",
                protocol="SMTP",
                time=1_795_341_608_000,
                gap=5_000,
            ),
        ),
        verdicts={"spf": "pass", "dmarc": "fail"},
        dkim_body="intact",
        headers="Subject: x",
    )


def test_a_trail_has_an_end() -> None:
    """A header block that does not become small is cut until it fits; the hops stay."""
    trace = MessageTrace(
        hops=(Hop(by="mx.example"),), headers="".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(16_000))
    )
    read = unpacked(packed(trace))
    assert len(packed(trace)) <= MOST
    assert read.hops == trace.hops
    assert trace.headers.startswith(read.headers)
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
    assert len(packed(MessageTrace(hops=tuple(found.hops), verdicts=verdicts))) < 250
