"""The tests of a domain, and one test with its legs and evidence."""

from tests.cli.operator import Operator
from tests.stage import Sent


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
    """Its events in order, with the server's words."""
    out = operator.does("tests", late.testid)
    assert "Verdict   late" in out
    order = [out.index(what) for what in ("  sent", "accepted by SES", "accepted by their server", "back in our inbox")]
    assert order == sorted(order)
    assert "250 2.0.0 queued" in out
    assert ["inside", "their", "system", "6", "min", "40", "s"] in [line.split() for line in out.splitlines()]


def test_strangers_words_cannot_steer_a_terminal(operator: Operator) -> None:
    """A server's reply is shown without terminal control codes."""
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
