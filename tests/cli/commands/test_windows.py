"""Maintenance windows on the command line."""

import pytest

from mxtrax.store import audit
from tests.cli.operator import Operator

NIGHT = ("2026-11-22T22:00", "2026-11-23T06:00")


@pytest.mark.parametrize(
    ("words", "scope", "target"),
    [
        (["--all"], "all", ""),
        (["--customer", "acme"], "customer", "acme"),
        (["--domain", "customer.example"], "domain", "mxtrax@customer.example"),
    ],
)
def test_a_window_is_added_listed_and_removed(operator: Operator, words: list[str], scope: str, target: str) -> None:
    """For all, a customer or a domain; the list says whether it is open."""
    operator.it.domain()
    number = operator.does("windows", "add", *NIGHT, *words, "--weekly", "--note", "new storage").strip()
    (window,) = operator.reads("windows", "list")
    assert (window["id"], window["scope"], window["target"], window["on"]) == (number, scope, target, False)
    operator.it.wait(13 * 3600)
    assert " on " in operator.does("windows", "list")
    assert operator.says("windows", "remove", number, stdin="n\n").exit_code == 1
    operator.does("windows", "remove", number, "--yes")
    assert not operator.reads("windows", "list")
    assert [it.what for it in audit.latest(2).items] == ["window.remove", "window.add"]


def test_a_window_is_changed(operator: Operator) -> None:
    """In parts; what makes no sense is refused."""
    number = operator.does("windows", "add", *NIGHT, "--all").strip()
    operator.does("windows", "edit", number, "end=2026-11-23T08:00", "weekly=yes", "note=new disks")
    (window,) = operator.reads("windows", "list")
    assert (window["end"], window["weekly"], window["note"]) == ("2026-11-23T08:00", True, "new disks")
    assert operator.says("windows", "edit", number, "end=2026-11-22T08:00").exit_code == 2
    assert operator.says("windows", "edit", "nothing", "note=x").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ([*NIGHT], 2, "Use one of --domain, --customer and --all."),
        ([*NIGHT, "--all", "--customer", "acme"], 2, "Use one of"),
        ([*NIGHT, "--customer", "nobody"], 2, "there is no customer 'nobody'"),
        ([*NIGHT, "--domain", "nobody.example"], 1, "There is no domain 'nobody.example'."),
        (["tonight", NIGHT[1], "--all"], 2, "start"),
        ([*reversed(NIGHT), "--all"], 2, "should be after the start"),
        ([*NIGHT, "--all", "--zone", "Mars/Olympus"], 2, "zone"),
        ([*NIGHT, "--all", "--note", "a\x1b[2J"], 2, "printable"),
    ],
)
def test_what_makes_no_sense_is_refused(operator: Operator, words: list[str], code: int, why: str) -> None:
    """And no window is added."""
    result = operator.says("windows", "add", *words)
    assert (result.exit_code, why in result.stderr) == (code, True), result.stderr
    assert not operator.reads("windows", "list")
