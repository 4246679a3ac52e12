"""Packages whose files are imported when one of their names is first asked for: a cold start pays for what it uses."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def imported(package: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """Give a package its `__getattr__` (PEP 562): `names` has the names of each file, separated by spaces."""
    files = {name: file for file, several in names.items() for name in several.split()}

    def find(name: str) -> object:
        if name not in files:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{files[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return find
