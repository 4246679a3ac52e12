"""What a person sees of a running world."""

from rich.console import Console

from infra.cli import live_table
from infra.cli.live_table import LiveTable
from mxtrax.model import Cause, Config, DomainHealth, MailDomain, Recent, State, Verdict

LOST = Cause.ACCEPTED_THEN_LOST


def domain(name: str) -> MailDomain:
    """Make a domain."""
    return MailDomain(id=1, testuser="test", domainname=name)


def health(name: str, state: State, *recent: Recent, streak: int = 0) -> DomainHealth:
    """Make its health."""
    trouble = 1 if state is State.FAILING else 0
    return DomainHealth(maildomain=f"test@{name}", state=state, recent=recent, streak=streak, trouble_from=trouble)


def seen(number: int, verdict: Verdict, took: int | None = None, cause: Cause | None = None) -> Recent:
    """Make a test, `number` minutes after the first."""
    return Recent(number * 60_000, verdict, took, cause)


def shown(*health: DomainHealth) -> LiveTable:
    """Arrange a live_table."""
    domains = [domain(it.maildomain.partition("@")[2]) for it in health]
    return LiveTable(live_table.arranged(domains, {it.maildomain: it for it in health}, Config()), age=4.2)


def test_the_worst_comes_first() -> None:
    """Down before slow before setup before ok."""
    rows = shown(
        health("well.test", State.OK, seen(1, Verdict.ONTIME, 200)),
        health("new.test", State.SETUP),
        health("late.test", State.FAILING, seen(1, Verdict.LATE, 48_000, Cause.SLOW_INSIDE)),
        health("lost.test", State.FAILING, seen(1, Verdict.FAILED, None, LOST)),
    ).rows
    assert [row.address for row in rows] == ["test@lost.test", "test@late.test", "test@new.test", "test@well.test"]
    assert [row.times for row in rows] == [("\N{EN DASH}",), ("48 s",), (), ("0.2 s",)]


def test_a_domain_on_its_way_back_says_so() -> None:
    """While it is failing, the row shows its progress, and the cause."""
    (row,) = shown(
        health("flap.test", State.FAILING, seen(1, Verdict.FAILED, None, LOST), seen(2, Verdict.ONTIME, 9), streak=1)
    ).rows
    assert row.words == "back for 1 of 2 tests; before: accepted, but not sent back"


def test_the_summary_counts_by_status_and_says_when_the_last_round_was() -> None:
    """One line says how the fleet is doing."""
    now = shown(health("a.test", State.OK), health("b.test", State.FAILING), health("c.test", State.SETUP))
    assert now.summary == "3 domains: 1 ok, 1 setup, 1 down; last round 4 s ago"


def test_what_does_not_fit_is_the_best_and_is_counted() -> None:
    """However large the fleet and small the terminal, the worst domains and the summary are shown."""
    many = [health(f"ok{n:03}.test", State.OK, seen(1, Verdict.ONTIME, 9)) for n in range(200)]
    lost = health("lost.test", State.FAILING, seen(1, Verdict.FAILED, None, LOST))
    console = Console(width=80, height=15, file=None)
    with console.capture() as drawn:
        console.print(live_table.render(shown(*many, lost), ["footer"], 80, 15))
    lines = drawn.get().splitlines()
    assert len(lines) < 15
    assert lines[1].startswith("test@lost.test")
    assert any(line.startswith("and 19") for line in lines)
    assert lines[-1] == "footer"


def test_only_changes_are_printed() -> None:
    """A line is repeated only if something has changed."""
    before = shown(health("a.test", State.OK, seen(1, Verdict.ONTIME, 9)))
    same = shown(health("a.test", State.OK, seen(1, Verdict.ONTIME, 9), seen(2, Verdict.ONTIME, 12)))
    worse = shown(health("a.test", State.FAILING, seen(3, Verdict.OVERDUE, None, LOST)))
    assert len(live_table.changes(None, before)) == 1
    assert live_table.changes(before, same) == []
    assert "accepted, but not sent back" in live_table.changes(same, worse)[0]
