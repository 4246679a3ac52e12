"""A day of a fleet in compressed time, with random faults: do the totals equal what the customers did? `make soak`.

A minute of plan's clock lasts five here, which it may (MXTRAX_MINUTE_SECONDS), and each domain is tested once an hour.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from mxtrax.model import MINUTE, Verdict
from tests.faults.lived import MANNERS, Fleet
from tests.faults.lives import NEVER_OURS, surroundings, worlds
from tests.faults.truth import verdicts_of
from tests.faults.world import Mail, SmtpReply

MINUTE_SECONDS = 300
AN_HOUR = 12
"""Minutes of plan's clock."""

OFTEN = {"prompt": 80, "slow": 5, "late": 4, "lost": 3, "copied": 3, "refused": 2, "suppressed": 2, "silent": 1}
"""Of a hundred tests, how many are dealt with in which manner."""

LIMIT = 2 * 3600
"""Seconds until a test has failed."""


@dataclass(frozen=True)
class Day:
    """The result of a day. `true` is what SES and the customers did, `found` what MXTRAX says."""

    tests: int
    struck: int
    true: dict[Verdict, int]
    found: dict[Verdict, int]
    wrong: list[str]


def soak(seed: int, domains: int, hours: int, trouble: float) -> Day:
    """Live a day. `trouble` is the part of all invocations that meets a fault."""
    with surroundings(), worlds() as world:
        world.stage.settings = replace(world.stage.settings, minute_seconds=MINUTE_SECONDS)
        world.stage.configure(
            interval_minutes=AN_HOUR, retest_minutes=1, max_sec_until_fail=LIMIT, self_check_percent=NEVER_OURS
        )
        fleet = Fleet(world, minute=5 * MINUTE, dice=random.Random(seed), trouble=trouble)  # noqa: S311 -- dice
        for number in range(domains):
            fleet.add(f"d{number}.example", "prompt")

        def manner(to: str, number: int) -> tuple[SmtpReply, ...]:
            """Throw the dice for one test, the same for each mail that goes out for it."""
            dice = random.Random(f"{seed} {to} {number}")  # noqa: S311
            return MANNERS[dice.choices(list(OFTEN), list(OFTEN.values()))[0]]

        world.customers = manner
        for _ in range(hours):
            fleet.minutes(AN_HOUR)
            fleet.put_away()
        struck = fleet.strikes
        fleet.rest()
        wrong, found = fleet.wrong(), fleet.totals()
        tests = defaultdict[str, list[Mail]](list)
        for mail in world.mails:
            tests[mail.test].append(mail)
        true = Counter[Verdict]()
        for test, mails in tests.items():
            known, right = fleet.known(test), verdicts_of(mails, 300, LIMIT)
            true[known if known in right else min(right)] += 1
    unsent = found[Verdict.UNSENT] - true[Verdict.UNSENT]
    if unsent:
        wrong.append(f"{unsent} tests are counted as unsent that went out")
    return Day(len(tests), struck, dict(true), found, wrong)


def main() -> int:
    """Read the arguments, run the day, print the result."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    read.add_argument("--domains", type=int, default=200)
    read.add_argument("--hours", type=int, default=24)
    read.add_argument("--trouble", type=float, default=0.03)
    given = read.parse_args()
    sys.stdout.write(f"seed {given.seed}\n")
    sys.stdout.flush()
    day = soak(given.seed, given.domains, given.hours, given.trouble)
    sys.stdout.write(f"{day.tests:,} tests of {given.domains} domains, {day.struck:,} invocations disturbed\n")
    for verdict, number in day.found.items():
        sys.stdout.write(f"{number:6,}  {verdict}, in truth {day.true.get(verdict, 0):,}\n")
    sys.stdout.write("".join(f"WRONG: {each}\n" for each in day.wrong))
    return 1 if day.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
