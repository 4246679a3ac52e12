"""Which rooms may import which: each contract in pyproject.toml fails if it is broken."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("layers/mxtrax/mxtrax", "infra", "functions")

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {each["id"]: each for each in PYPROJECT["tool"]["importlinter"]["contracts"]}

OFFENCES = {
    "rooms": ("mxtrax/rules/schedule.py", "import mxtrax.store"),
    "house": ("mxtrax/jobs/plan.py", "import infra"),
    "functions": ("functions/plan.py", "import mxtrax.rules.schedule"),
    "infra": ("infra/demo/__init__.py", "import infra.cli.main"),
    "local": ("infra/__init__.py", "import functions.plan"),
    "pure": ("mxtrax/mail/reader.py", "import six"),
    "tables": ("mxtrax/jobs/alert.py", "import pynamodb.models"),
    "calls": ("mxtrax/admin/__init__.py", "import botocore.session"),
    "names": ("mxtrax/store/fleet.py", "import dns.resolver"),
    "powertools": ("functions/send.py", "import aws_lambda_powertools"),
}
"""One import for each contract that it must not let pass."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the packages and their contracts, to break them."""
    for package in PACKAGES:
        folder = ROOT / package
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "functions/__init__.py").touch()  # or the installed folder of that name is looked into, too
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


LINT = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
"""The packages of the folder it runs in go before the installed ones."""


def _lint(folder: Path) -> str:
    """Run import-linter over a folder, and give what it says."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


def _verdicts(folder: Path) -> dict[str, str]:
    """Give import-linter's verdict on each contract."""
    said = _lint(folder)
    found = {name: re.search(rf"{re.escape(each['name'])} (KEPT|BROKEN)", said) for name, each in CONTRACTS.items()}
    return {name: match[1] if match else said for name, match in found.items()}


def test_the_arrows_are_kept(copy: Path) -> None:
    """The project as it is keeps every contract."""
    assert _verdicts(copy) == dict.fromkeys(CONTRACTS, "KEPT")


def test_every_contract_can_fail(copy: Path) -> None:
    """For each contract, an import that it forbids breaks it."""
    assert OFFENCES.keys() == CONTRACTS.keys()
    for path, offence in OFFENCES.values():
        with (copy / path).open("a") as file:
            file.write(f"\n{offence}\n")
    assert _verdicts(copy) == dict.fromkeys(CONTRACTS, "BROKEN")


def test_a_new_room_must_be_given_its_place(copy: Path) -> None:
    """A module of mxtrax that no layer names breaks the contract of the rooms."""
    (copy / "mxtrax/utils.py").write_text("")
    assert "mxtrax.utils" in _lint(copy)


def test_rules_are_kept_from_all_that_the_functions_are_given() -> None:
    """The contract of the pure rooms names every package that the layer of third parties brings."""
    pinned = re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "layers/vendor/requirements.txt").read_text(), re.MULTILINE)
    renamed = {"python-dateutil": "dateutil", "dnspython": "dns"}
    brought = {renamed.get(name, name.replace("-", "_")) for name in pinned}
    assert brought <= set(CONTRACTS["pure"]["forbidden_modules"])


LATE = ("dns", "idna", "jinja2")
"""Modules that few calls need: they are imported where used, so that no function pays for them at its start."""

ASKS_THE_DNS = "observe"
"""The only function that pays for it; its resolver imports the names of all alphabets."""


@pytest.mark.parametrize("function", sorted(file.stem for file in (ROOT / "functions").glob("[a-z]*.py")))
def test_what_few_calls_need_is_not_imported_with_a_function(function: str) -> None:
    """Importing a function brings no DNS, no tables of international names and no template engine."""
    assert _brought_by(function, LATE) == (["dns", "idna"] if function == ASKS_THE_DNS else [])


READER, WORDS, CHANNELS = "mxtrax.mail.reader", "mxtrax.report", "mxtrax.notify"

SPARED = {
    "aggregate": (READER, WORDS, CHANNELS),
    "feedback": (READER, WORDS, CHANNELS),
    "plan": (READER, WORDS, CHANNELS),
    "receive": (WORDS, CHANNELS),
    "send": (READER, WORDS, CHANNELS),
}
"""Large rooms that the functions of each minute do not use, although one that they use might import them."""


@pytest.mark.parametrize("function", SPARED)
def test_a_function_brings_no_large_room_that_it_has_no_use_for(function: str) -> None:
    """Send composes letters and reads none; aggregate counts, and notifies nobody."""
    assert _brought_by(function, SPARED[function]) == []


def _brought_by(function: str, names: Sequence[str]) -> list[str]:
    """Say which of these modules are loaded once a function is imported, in an interpreter of its own."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", f"import sys, {function}; print(*(name for name in {names!r} if name in sys.modules))"],
        cwd=ROOT / "functions",
        env={"PYTHONPATH": str(ROOT / "layers/mxtrax"), "AWS_DEFAULT_REGION": "eu-west-1", "MXTRAX_TABLES": "t-"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
