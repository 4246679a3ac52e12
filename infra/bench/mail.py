"""Measure the mail room: mails read in full per second, and returns recognised by their headers alone."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Final

from mxtrax.jobs import traces
from mxtrax.mail import read, read_headers
from mxtrax.store.traces import packed

ROOT: Final = Path(__file__).resolve().parents[2]
CORPUS: Final = ROOT.parent / "shared" / "corpus" / "mails"
OWN: Final = ROOT / "tests" / "unit" / "mail" / "mails"
TESTID: Final = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
INBOUND: Final = "inbound-smtp.eu-west-1.amazonaws.com"
OUTBOUND: Final = "a8-31.smtp-out.eu-west-1.amazonses.com"
RECEIVED: Final = (
    (
        f"from mx.example.net (mx.example.net [192.0.2.7]) by {INBOUND} with SMTP for watch+{TESTID}@in.example.org; "
        "Sun, 22 Nov 2026 10:00:06 +0000 (UTC)"
    ),
    (
        f"from {OUTBOUND} ({OUTBOUND} [192.0.2.31]) by mx.example.net with ESMTPS id 4Zx1 for <probe@example.net>; "
        "Sun, 22 Nov 2026 10:00:04 +0000 (UTC)"
    ),
)
HEADERS: Final = (
    ("Return-Path", "<srs0=k2=x@example.net>"),
    ("Received", RECEIVED[0]),
    ("X-SES-Spam-Verdict", "PASS"),
    ("X-SES-Virus-Verdict", "PASS"),
    ("Received-SPF", "pass (spfCheck: domain of example.net designates 192.0.2.7) client-ip=192.0.2.7;"),
    (
        "Authentication-Results",
        "amazonses.com; spf=pass client-ip=192.0.2.7; dkim=pass; dmarc=pass;",
    ),
    ("Received", RECEIVED[1]),
    ("DKIM-Signature", "v=1; a=rsa-sha256; c=relaxed/simple; s=mx; d=in.example.org; h=Date:From; bh=AAAA; b=AAAA"),
    ("Date", "Sun, 22 Nov 2026 10:00:00 +0000"),
    ("From", "watch@in.example.org"),
    ("Reply-To", f"watch+{TESTID}@in.example.org"),
    ("To", "probe@example.net"),
    ("Message-ID", "<0102019abc000001-aaaa1111-bbbb-4ccc-8ddd-eeee22223333-000000@eu-west-1.amazonses.com>"),
    ("Subject", TESTID),
    ("X-MXTRAX-Test-ID", TESTID),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "7bit"),
    ("X-SES-Outgoing", "2026.11.22-192.0.2.31"),
)


def figures(seconds: float = 2.0) -> list[tuple[str, str]]:
    """Measure over real returns if they are available, else over our own.

    Each is measured for this long; the best round counts, because other work on the machine can only slow it down.
    """
    folder = CORPUS if CORPUS.is_dir() else OWN
    raw = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    whole = len(raw) / _quickest(lambda: _read_all(raw), seconds)
    headers = 200 / _quickest(lambda: _match(200), seconds)
    found = [(read(each), each) for each in raw]
    return [
        (f"returned mails read ({len(raw)} mails, one core)", f"{whole:,.0f}/s"),
        ("returns told by their headers", f"{headers:,.0f}/s"),
        _bytes("hops and verdicts, packed", [len(packed(traces.of(it))) for it, _ in found]),
        _bytes(
            "the same with the header block",
            [len(packed(traces.whole(it, each))) for it, each in found],
        ),
    ]


def _bytes(what: str, sizes: Sequence[int]) -> tuple[str, str]:
    at_95 = sorted(sizes)[len(sizes) * 95 // 100]
    return f"{what} ({len(sizes)} returns): bytes on average, at the 95th percentile", f"{mean(sizes):.0f}, {at_95}"


def _read_all(mails: Sequence[bytes]) -> None:
    for raw in mails:
        read(raw)


def _match(times: int) -> None:
    for _ in range(times):
        read_headers(HEADERS, (f"watch+{TESTID}@in.example.org",))


def _quickest(work: Callable[[], None], seconds: float) -> float:
    """Return the CPU seconds of the fastest of many rounds."""
    best = float("inf")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    for what, figure in figures():
        print(f"{what}: {figure}")
