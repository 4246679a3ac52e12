"""Count the AWS calls that an on-time test costs: one minute of a fleet's life through the real jobs."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from infra.bench.ears import listening
from infra.bench.figure import Figure
from infra.bench.world import world
from mxtrax.jobs.plan import RATE_SHARE

INTERVAL: Final = 15
AIM: Final = 5.0


def figures(domains: int) -> Iterator[Figure]:
    """Give calls per test, in total and by kind, at a sending rate just sufficient for the fleet."""
    rate = sufficient(domains)
    with listening() as heard, world(heard, rate) as it:
        it.populate(domains)
        heard.forget()
        tests = it.tick(domains)
        calls, reads = dict(heard.calls), heard.read_units / tests
    total = sum(calls.values()) / tests
    where = f"{domains:,} domains every {INTERVAL} min, {tests} tests in the minute, {rate} mails/s"
    yield Figure(f"AWS calls per on-time test ({where})", f"{total:.2f}", f"at most {AIM}", ok=total <= AIM).named(
        calls_per_test=round(total, 3)
    )
    yield Figure("  read units of DynamoDB", f"{reads:.2f}").named(read_units_per_test=round(reads, 3))
    s3 = sum(number for kind, number in calls.items() if kind in {"s3 GetObject", "s3 HeadObject"}) / tests
    yield Figure("  S3 reads", f"{s3:.2f}", "0", ok=s3 == 0)
    for kind, number in sorted(calls.items(), key=lambda each: -each[1]):
        yield Figure(f"  {kind}", f"{number / tests:.3f}")


def sufficient(domains: int) -> int:
    """Give the mails a second that a fleet needs, with a fifth in reserve: with less, tests go unsent and wake alert."""
    return ceil(domains / INTERVAL / 60 / RATE_SHARE * 1.2)
