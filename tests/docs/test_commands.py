"""Every command in a document can be typed: targets, options, parts of the benchmark, our commands, AWS's."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import botocore.session
import pytest
import typer
from botocore import xform_name

from infra.cli.commands import PANELS
from infra.cli.group import found
from infra.simulation.__main__ import _asked as alarms

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = (
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
)
TARGETS: Final = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PARTS: Final = set(re.findall(r'^        "([a-z ]+)": ', (ROOT / "infra/bench/__main__.py").read_text(), re.MULTILINE))
CLI_ALONE: Final = {"logs tail", "s3 rb"}
"""What the AWS CLI adds to the services' own operations."""

type Words = list[str]


def _typed(document: Path) -> Iterator[str]:
    """Give what a document has readers type: between backticks, and lines of a block that begin with a program's name."""
    text = document.read_text()
    blocks = re.findall(r"^ *```\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    for line in "\n".join(blocks).splitlines():
        if re.match(r" *(make|mxtrax|aws) [a-z]", line):
            yield re.split(r"  +|\s#", line.strip())[0]
    bare = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    for said in re.findall(r"`([^`]+)`", bare):
        if re.match(r"(make|mxtrax|aws|python -m) [a-z]", said := " ".join(said.split())):
            yield said


def _make(words: Words) -> str | None:
    target, *given = words
    if target not in TARGETS:
        return f"there is no target {target}"
    options = shlex.split(given[0].removeprefix("ARGS=")) if given and given[0].startswith("ARGS=") else []
    try:
        if target == "alarms":
            alarms().parse_args(options)
    except SystemExit:
        return f"make alarms refuses {' '.join(options)}"
    parts = options[1].split(",") if target == "bench" and options[:1] == ["--only"] else []
    unknown = [part for part in parts if part not in PARTS]
    return f"the benchmark has no part {unknown[0]}" if unknown else None


@cache
def _known() -> dict[str, Any]:
    """Give each command by its words, such as `domains edit`."""
    commands: dict[str, Any] = {}
    for name in (name for names in PANELS.values() for name in names):
        command = typer.main.get_command(found(name))
        commands[name] = command
        for below, leaf in getattr(command, "commands", {}).items():
            commands[f"{name} {below}"] = leaf
    return commands


def _mxtrax(words: Words) -> str | None:
    command = _known().get(" ".join(words[:2])) or _known().get(words[0])
    if command is None:
        return f"there is no command {words[0]}"
    options = {name for it in command.params for name in (*it.opts, *it.secondary_opts)} | {"--help"}
    wrong = [word for word in words if re.match(r"--?[a-z]", word) and word.split("=")[0] not in options]
    return f"there is no option {wrong[0]}" if wrong else None


def _aws(words: Words) -> str | None:
    service, operation = words[0], words[1] if len(words) > 1 else ""
    if f"{service} {operation}" in CLI_ALONE:
        return None
    model = botocore.session.get_session().get_service_model(service)
    known = {xform_name(name, "-") for name in model.operation_names}
    return None if operation in known else f"{service} has no operation {operation}"


def _python(words: Words) -> str | None:
    return None if find_spec(words[1]) else f"there is no module {words[1]}"


CHECKS: Final = {"make": _make, "mxtrax": _mxtrax, "aws": _aws, "python": _python}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_document_is_there(document: Path) -> None:
    """With each of its options; capitals and brackets are for the reader to fill in."""
    wrong = []
    for typed in _typed(document):
        program, *words = shlex.split(re.sub(r"[\[\]]|\.\.\.", " ", typed))
        if problem := CHECKS[program](words):
            wrong.append(f"{typed}: {problem}")
    assert wrong == []
