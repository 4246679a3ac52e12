"""The commands on the local world: the real functions do what an operator orders there."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner, Result

from infra.cli.main import app
from infra.demo import run
from infra.local.metronome import metronome
from infra.local.world import World, world
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.store import fleet, mailtests
from tests.eventually import eventually

ROWS = 2_000
GOOD = "test@redirect.test"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run the real template with the simulated customers."""
    with world(run.plan(tmp_path_factory.mktemp("world"))) as it, metronome(it):
        yield it


@pytest.fixture
def says(running: World) -> Callable[..., Result]:
    """Give commands on that world."""
    where = ("--local", "--state-dir", str(running.plan.folder))
    return lambda *words, stdin=None: CliRunner().invoke(app, [*words, *where], input=stdin)


def _done(result: Result) -> None:
    assert result.exit_code == 0, result.output


def _objects(result: Result) -> list[dict[str, Any]]:
    _done(result)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_test_by_hand_comes_back(says: Callable[..., Result]) -> None:
    """Out by the deployed sender, over SMTP to the customer, and back by the deployed receiver."""
    (test,) = _objects(says("send", GOOD, "--wait", "60", "--json"))
    assert test["verdict"] == "ontime"
    assert "back in our inbox" in says("tests", test["testid"]).stdout
    assert eventually(lambda: "accepted by their server" in says("tests", test["testid"]).stdout)  # SES may report
    # later


def test_a_mail_from_an_existing_mailbox_is_a_return(says: Callable[..., Result], tmp_path: Path) -> None:
    """It goes through the bucket and the deployed receiver, and counts once."""
    (silent,) = _objects(says("domains", "list", "--search", "silent", "--json"))
    key = f"{silent['testuser']}@{silent['domainname']}"
    says("send", key, "--wait", "1")
    test = next(mailtests.of_domain(key, limit=1))
    (tmp_path / "back.eml").write_text(f"From: mxtrax@monitor.example.net\nTo: {key}\nSubject: {test.testid}\n\nback\n")
    (told,) = _objects(says("receive", str(tmp_path / "back.eml"), "--json"))
    assert told["outcome"] == "MailReturned"
    (shown,) = _objects(says("tests", test.testid, "--json"))
    assert shown["returned_as"] == "message"


def test_one_pass_and_a_look_over(says: Callable[..., Result]) -> None:
    """The deployed functions answer, and no problem is found."""
    deadline = time.monotonic() + 90
    while (found := says("doctor")).exit_code and time.monotonic() < deadline:
        time.sleep(2)
    assert found.exit_code == 0, found.stdout
    assert says("receivetests").exit_code == 0
    assert "Nothing has changed." in says("report").stdout


def test_what_no_test_answers_to_is_shown(says: Callable[..., Result]) -> None:
    """And deleted with a yes."""
    assert says("receive", "-", stdin="From: eve@evil.example\nSubject: x\n\nhello\x1b[2J\n").exit_code == 0
    (letter,) = _objects(says("unmatched", "list", "--json"))
    assert "hello" in says("unmatched", "show", letter["id"]).stdout
    assert says("unmatched", "delete", letter["id"], "--yes").exit_code == 0


def test_a_dry_run_of_a_large_fleet_counts_and_leaves_nothing(says: Callable[..., Result], tmp_path: Path) -> None:
    """Dry, because this machine should not send to so many."""
    rows = [f"Big,big,mxtrax,d{number}.big.test" for number in range(ROWS)]
    (tmp_path / "fleet.csv").write_text("\n".join([",".join(HEADER), *rows, ""]))
    (counts,) = _objects(says("import-domains", "-f", str(tmp_path / "fleet.csv"), "--dry-run", "--json"))
    assert (counts["imported"], counts["rows"], counts["adds_up"]) == (ROWS, ROWS, True)
    assert fleet.count("big") == 0


def test_a_token_opens_the_api(running: World, says: Callable[..., Result]) -> None:
    """In the local world somebody is ready for each role, and no password is asked for."""
    headers = {"Authorization": f"Bearer {says('token').stdout.strip()}"}
    with urlopen(Request(f"{running.api_url}/api/v3/audit", headers=headers), timeout=30) as answer:  # noqa: S310 -- loopback
        assert answer.status == 200


def test_users_are_kept_by_the_pool_of_the_stack(says: Callable[..., Result]) -> None:
    """Added, given another role, removed."""
    ann = "ann@operations.test"
    _done(says("users", "add", ann, "--role", "viewer"))
    _done(says("users", "edit", ann, "role=operator"))
    roles = {user["address"]: user["role"] for user in _objects(says("users", "list", "--json"))}
    assert roles[ann] == "operator"
    _done(says("users", "remove", ann, "--yes"))
    assert ann not in {user["address"] for user in _objects(says("users", "list", "--json"))}
