"""What a stack update cannot change, or not at once, in the last release: infra/released.json.

`python -m tests.released` writes it again; that is part of a release only.
"""

import json
from typing import Any, Final

from tests.stack import ROOT, Stack

FILE: Final = ROOT / "infra/released.json"
FIXED: Final = {
    "Users": ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration"),
    "UsersDomain": ("Domain",),
    "InboxBucket": ("BucketName",),
    "Identity": ("EmailIdentity",),
    "ConfigurationSet": ("Name",),
    "RuleSet": ("RuleSetName",),
    "Logs": ("LogGroupName",),
}
"""Properties whose change AWS answers with a replacement. A user pool has one domain: the next is refused beside it."""


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


def fixed() -> dict[str, dict[str, Any]]:
    """Give the properties whose change replaces a resource: under a name that exists already, or with its content lost."""
    stack = Stack()
    return {name: {it: stack.properties(name).get(it) for it in properties} for name, properties in FIXED.items()}


def replaced(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """Name the resources that an update from one release to the other would replace."""
    found = [f"{name} is gone" for name in sorted(before.keys() - after.keys())]
    for name in sorted(before.keys() & after.keys()):
        found += [f"{name} has another {it}" for it, value in before[name].items() if after[name].get(it) != value]
    return found


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
    FILE.write_text(json.dumps({"tables": layout(), "fixed": fixed()}, indent=1) + "\n")
