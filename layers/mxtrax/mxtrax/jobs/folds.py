"""Commit the folds of many domains: those of different domains together, as many as fit into one transaction.

A domain's own folds follow one another, since each is based on the one before. A large fleet's folds are spread over
the minute: all workers begin at once, and a table's partitions accept only so many writes a second.
"""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Final, cast

from mxtrax.runtime.log import count, logger
from mxtrax.store import fold
from mxtrax.store.fold import Fold

type Drafts = Generator[Fold, bool]
"""The folds of a domain, one after the other; each is answered with whether it was committed."""


PER_SECOND: Final = 33
"""Folds of a shard in a second, at most: one transaction. 100,000 domains every 5 minutes need 21 (infra/bench/tick.py)."""


def commit(domains: Mapping[str, Drafts], per_second: float) -> tuple[int, int]:
    """Commit the folds of domains; give how many tests were folded, and how many folds another writer beat us to."""
    folded = lost = 0
    turn = time.monotonic()
    drafts = dict(_next(domains, dict.fromkeys(domains)))
    while drafts:
        answers = dict[str, bool | None]()
        for together in fold.packed(drafts.values()):
            time.sleep(max(0.0, turn - time.monotonic()))
            turn = max(turn, time.monotonic()) + len(together) / per_second
            answers |= _committed(together)
        folded += sum(len(drafts[key].steps) for key, done in answers.items() if done)
        lost += sum(not done for done in answers.values())
        drafts = dict(_next(domains, answers))
    return folded, lost


def _next(domains: Mapping[str, Drafts], answers: Mapping[str, bool | None]) -> Iterator[tuple[str, Fold]]:
    """Report the outcome of each domain's last fold (None: there was none yet), and give its next one."""
    for key, answer in answers.items():
        try:
            yield key, domains[key].send(cast("bool", answer))
        except StopIteration:
            continue
        except Exception:  # noqa: BLE001 -- one domain's fold is not to hold up all others
            _failed(key)


def _committed(together: Sequence[Fold]) -> dict[str, bool]:
    """Commit folds in one transaction, and say of each domain whether it was. A domain whose fold fails is left out.

    If a transaction fails, its halves are tried: so one fold that another writer beat us to does not hold up the
    others.
    """
    keys = [each.health.maildomain for each in together]
    alone = len(keys) == 1
    try:
        if (done := fold.commit(together)) or alone:
            return dict.fromkeys(keys, done)
    except Exception:  # noqa: BLE001 -- whatever it is, it may be of one domain alone
        if alone:
            _failed(keys[0])
            return {}
    half = len(keys) // 2
    return _committed(together[:half]) | _committed(together[half:])


def _failed(key: str) -> None:
    logger.exception("a domain cannot be folded", maildomain=key)
    count("FoldsFailed")
