"""How accurate are the alarms? Play whole days of drawn fleets, and compare all notices with the truth: `make alarms`."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console

from infra.simulation import rivals, sketch
from infra.simulation.draw import MOST_TESTS, draw
from infra.simulation.figures import figures
from infra.simulation.mixtures import MIXTURES
from infra.simulation.model import Scenario
from infra.simulation.play import play
from infra.simulation.product import SETTINGS
from infra.simulation.score import Score, of_product
from infra.simulation.seen import Played
from infra.simulation.story import stories
from infra.simulation.table import tables

WIDE: Final = 200
"""Width in columns at which no table is wrapped."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the requested seeds, and print the results."""
    given = _asked().parse_args(arguments)
    runs, told_of = list[tuple[Score, Played]](), dict[str, list[Score]]()
    for seed in given.seeds:
        scenario = _scenario(given, seed)
        played = play(scenario, given.settings)
        score = of_product(scenario, played)
        runs.append((score, played))
        for name, rival in _rivals(scenario).items() if given.rivals else ():
            told_of.setdefault(name, []).append(rival)
        if not given.json:
            print(f"seed {seed}: played in {played.cpu:.0f} s of CPU", file=sys.stderr)
            for story in stories(score, played, given.stories):
                print(story)
    total = _total(given.mixture, runs, told_of)
    if given.json:
        print(json.dumps(total))
    else:
        for table in tables([score for score, _ in runs], total):
            Console(width=WIDE).print(table)


def _scenario(given: argparse.Namespace, seed: int) -> Scenario:
    names = ("most_tests", "days", "interval", "domains")
    wanted = {name: value for name in names if (value := getattr(given, name)) is not None}
    return MIXTURES[given.mixture].draw(seed, wanted) if given.mixture else draw(seed, **wanted)


def _asked() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="make alarms", description=__doc__)
    asked.add_argument("--seeds", type=_seeds, default=[1], help="such as 1,2 or 1-30 (default: 1)")
    asked.add_argument(
        "--settings", type=_settings, default={}, help=f"{', '.join(SETTINGS)}, or JSON of settings to be changed"
    )
    worlds = "; ".join(f"{name}: {it.says}" for name, it in MIXTURES.items())
    asked.add_argument("--mixture", choices=MIXTURES, metavar="NAME", help=f"a wider world. {worlds}")
    asked.add_argument("--days", type=int, help="else drawn by the seed, as are the next two")
    asked.add_argument("--interval", type=int, help="minutes between two tests of a domain")
    asked.add_argument("--domains", type=int, help="size of the fleet")
    asked.add_argument("--most-tests", type=int, help=f"regular tests at most (default: {MOST_TESTS})")
    asked.add_argument("--rivals", action="store_true", help="compare with simple rules on the same traces")
    asked.add_argument("--stories", type=int, default=0, help="tell so many stories of each kind of fault")
    asked.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return asked


def _seeds(text: str) -> list[int]:
    found = list[int]()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _settings(text: str) -> Mapping[str, Any]:
    if text in SETTINGS:
        return SETTINGS[text]
    given: Mapping[str, Any] = json.loads(text)
    return given


def _rivals(scenario: Scenario) -> dict[str, Score]:
    return {**rivals.compare(scenario), **sketch.compare(scenario)}


def _total(
    mixture: str | None, runs: Sequence[tuple[Score, Played]], told_of: Mapping[str, Sequence[Score]]
) -> dict[str, Any]:
    total: dict[str, Any] = {
        "mixture": mixture,
        **figures([score for score, _ in runs]),
        "seeds": [_of_seed(*run) for run in runs],
    }
    if told_of:
        total["rivals"] = {name: figures(scores) for name, scores in told_of.items()}
    return total


def _of_seed(score: Score, played: Played) -> dict[str, Any]:
    it = score.scenario
    return {
        "seed": it.seed,
        "domains": len(it.domains),
        "providers": len(it.providers),
        "days": it.days,
        "interval": it.interval,
        **figures([score]),
        "ours_false": score.ours_false,
        "dropped": played.dropped,
        "never_told": played.untold,
        "errors": dict(sorted(played.errors.items())),
        "cpu_s": round(played.cpu, 1),
    }


if __name__ == "__main__":
    main()
