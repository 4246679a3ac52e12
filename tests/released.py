"""What DynamoDB cannot change at once of the tables, as the last release has it: infra/released.json.

`python -m tests.released` writes it anew; that is part of a release and of nothing else.
"""

import json
from typing import Any, Final

from tests.stack import ROOT, Stack

FILE: Final = ROOT / "infra/released.json"


def layout() -> dict[str, dict[str, Any]]:
    """Give keys, and indexes by name with their keys and what they hold, by table."""
    return {
        name: {
            "key": table["KeySchema"],
            "indexes": {
                it["IndexName"]: {"key": it["KeySchema"], "holds": it["Projection"]}
                for it in table.get("GlobalSecondaryIndexes", [])
            },
        }
        for name, table in Stack().of_type("AWS::DynamoDB::Table").items()
    }


def problems(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """Say what an update from one layout to the other would be refused for, or would lose."""
    found = [f"{name} is gone" for name in before.keys() - after.keys()]
    for name in before.keys() & after.keys():
        old, new = before[name]["indexes"], after[name]["indexes"]
        if before[name]["key"] != after[name]["key"]:
            found.append(f"{name} has another key: that makes another table, which is empty")
        found += [f"{name} changes {it}" for it in old.keys() & new.keys() if old[it] != new[it]]
        if len(old.keys() ^ new.keys()) > 1:
            found.append(f"{name} adds or drops more than one index: {', '.join(sorted(old.keys() ^ new.keys()))}")
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(layout(), indent=1) + "\n")
