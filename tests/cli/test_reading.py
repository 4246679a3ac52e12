"""What the commands show: tests with their legs, statistics, incidents, the report; and which commands there are."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from infra.cli import commands
from infra.cli.commands import PANELS
from infra.cli.group import found, line
from tests.cli.operator import Operator
from tests.stage import Sent


@pytest.fixture
def late(operator: Operator) -> Sent:
    """Let one test come back late, after their server put it off."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    it.wait(2)
    it.delivered(sent)
    it.wait(400)
    it.fold()
    it.comes_back(sent)
    it.fold()
    return sent


def test_the_tests_of_a_domain_are_listed(operator: Operator, late: Sent) -> None:
    """The domain may be named by its address, its name or its number."""
    for name in ("mxtrax@customer.example", "MXTRAX@Customer.Example", "customer.example", "1"):
        (test,) = operator.reads("tests", name)
        assert (test["verdict"], test["took"]) == ("late", 402_000)
    titles, row = operator.does("tests", "customer.example").splitlines()
    assert titles.split() == ["sent", "verdict", "took", "why", "test", "id"]
    assert row.startswith("2026-11-22 10:00:00  late")
    assert row.endswith(late.testid)


def test_one_test_is_shown_with_its_legs_and_evidence(operator: Operator, late: Sent) -> None:
    """What happened, in the order of time, with the server's words."""
    out = operator.does("tests", late.testid)
    assert "Verdict        late" in out
    order = [out.index(what) for what in ("  sent", "taken by SES", "taken by their server", "back in our inbox")]
    assert order == sorted(order)
    assert "250 2.0.0 queued" in out
    assert ["inside", "their", "system", "6", "min", "40", "s"] in [line.split() for line in out.splitlines()]


def test_strangers_words_cannot_steer_a_terminal(operator: Operator) -> None:
    """A server's answer is shown without what a terminal would act on."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    it.refused(sent, text="smtp; 550 \x1b]0;owned\x07\x1b[2J [red]no\u202euser")
    out = operator.does("tests", sent.testid)
    assert not set("\x1b\x07\u202e") & set(out)
    assert "[red]no" in out


def test_a_test_that_is_not_there_is_a_no(operator: Operator) -> None:
    """So is a domain."""
    for what in ("94005aa5-0c39-40b6-a3c2-e88214eb38fd", "nobody.example", "7"):
        result = operator.says("tests", what)
        assert result.exit_code == 1
        assert result.stderr.startswith("mxtrax: ")


def test_a_name_with_two_mailboxes_is_not_guessed(operator: Operator) -> None:
    """Both are named."""
    operator.it.domain()
    operator.does(
        "import-domains",
        "-f",
        "-",
        stdin="Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname\nA,a,other,customer.example",
    )
    result = operator.says("tests", "customer.example")
    assert result.exit_code == 2
    assert "mxtrax@customer.example, other@customer.example" in result.stderr


@pytest.mark.usefixtures("late")
def test_statistics_by_day(operator: Operator) -> None:
    """As a table, as JSON, as CSV with times in seconds."""
    (day,) = operator.reads("stats")
    assert (day["d"], day["late_num"], day["total_num"], day["all_done"]) == ("2026-11-22", 1, 1, False)
    assert operator.reads("stats", "customer.example") == [day]
    table = operator.says("stats")
    assert "6 min 42 s" in table.stdout
    assert "of 1 tests 100.00 % came back, 0.00 % on time" in table.stderr
    (row,) = csv.DictReader(io.StringIO(operator.does("stats", "--csv")))
    assert (row["maildomain"], row["max_delivery_time"]) == ("mxtrax@customer.example", "402.0")
    assert not operator.reads("stats", "--to", "2026-11-21")


@pytest.mark.parametrize("words", [["--from", "yesterday"], ["--from", "2026-11-23"], ["--from", "0001-01-01"]])
def test_a_range_that_makes_no_sense_is_bad_use(operator: Operator, words: list[str]) -> None:
    """The sentence says what would be right."""
    result = operator.says("stats", *words)
    assert result.exit_code == 2
    assert "--from" in result.stderr


@pytest.mark.usefixtures("late")
def test_incidents_open_and_past(operator: Operator) -> None:
    """Open ones of the fleet; all of a domain."""
    (incident,) = operator.reads("incidents")
    assert (incident["maildomain"], incident["closed"]) == ("mxtrax@customer.example", None)
    assert operator.reads("incidents", "customer.example") == [incident]
    assert "6 min 42 s" in operator.does("incidents")
    operator.it.domain("other.example")
    result = operator.says("incidents", "other.example")
    assert (result.exit_code, result.stderr) == (0, "It never had an incident.\n")


@pytest.mark.usefixtures("late")
def test_the_report_is_that_of_an_alert_mail(operator: Operator) -> None:
    """Every domain with its figures, worst first."""
    operator.it.domain("quiet.example")
    out = operator.does("report")
    assert out.index("mxtrax@customer.example") < out.index("mxtrax@quiet.example")
    assert "Failing: YES" in out


def test_no_such_stack_is_told_in_a_sentence(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to say instead, and the exit code of bad use."""
    monkeypatch.setenv("MXTRAX_STACK", "mxtrax")
    operator.outputs.pop("TablePrefix")
    result = operator.says("report")
    assert result.exit_code == 2
    assert (
        result.stderr == "mxtrax: The stack mxtrax has no output TablePrefix: bring it up to date with `sam deploy`.\n"
    )


def test_without_credentials_a_sentence_says_so(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does of a profile that is not there, and of a local world that does not run."""
    assert "No local world" in operator.says("report", "--local", "--state-dir", "/nonexistent").stderr
    result = operator.says("report", "--profile", "nobody")
    assert result.exit_code == 2
    assert "nobody" in result.stderr


def test_every_file_of_the_folder_is_a_command_and_its_help_begins_with_its_line(operator: Operator) -> None:
    """A line of `mxtrax --help` is read from the file: it is what the command itself, imported, says first."""
    names = [name for names in PANELS.values() for name in names]
    files = {path.stem for path in Path(commands.__file__).parent.glob("*.py")} - {"__init__"}
    assert sorted(name.replace("-", "_") for name in names) == sorted(files)
    shown = " ".join(re.sub("[│╭─╮╰╯]", " ", operator.does("--help")).split())
    for name in names:
        assert line(name)
        assert f" {name} {line(name)}" in shown
        assert line(name) in " ".join(operator.does(name, "--help").split())


def _leaves(command: Any, words: str) -> Iterator[str]:
    """Give the full names of all commands below one."""
    if not hasattr(command, "commands"):
        yield words
        return
    for name, below in command.commands.items():
        yield from _leaves(below, f"{words} {name}")


def test_the_reference_names_every_command_and_no_other() -> None:
    """docs/commands.md is written by hand and held to the truth here."""
    known = set[str]()
    for name in (name for names in PANELS.values() for name in names):
        known |= set(_leaves(typer.main.get_command(found(name)), name))
    text = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    written = {re.split(r" [^a-z]", said)[0] for said in re.findall(r"^\| `mxtrax ([^`]+)`", text, flags=re.MULTILINE)}
    assert written == known
