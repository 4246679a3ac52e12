"""Domains on the command line: listed, added, changed, paused, removed, with a record of who did it."""

from typing import Any

import pytest

from mxtrax.model import Change
from mxtrax.store import audit, fleet, stats
from tests.cli.operator import Operator


def _changes() -> list[Change]:
    return audit.latest(50).items


def _keys(records: list[dict[str, Any]]) -> list[str]:
    return [f"{it['testuser']}@{it['domainname']}" for it in records]


def test_domains_are_listed_the_worst_first(fleeted: Operator) -> None:
    """With the figures that they are judged on."""
    worst, *others = fleeted.reads("domains", "list")
    assert worst["status"] == "down"
    assert worst["window"] == {"ontime": 0, "late": 0, "missed": 1, "took": 0}
    assert {it["status"] for it in others} == {"setup"}
    titles, first, *_ = fleeted.does("domains", "list").splitlines()
    assert titles.split() == "id domain customer status for on time late missed own settings".split()  # noqa: SIM905 -- as shown
    assert "down" in first


def test_domains_and_customers_are_added(operator: Operator) -> None:
    """With settings of their own."""
    operator.does("customers", "add", "globex", "Globex", "alertuser=noc@globex.example")
    words = ("interval_minutes=5", "tags=eu,big", "maxfailpercentage=2,5")
    operator.does("domains", "add", "Test@Bücher.example", "--customer", "globex", *words)
    (found,) = operator.reads("domains", "list")
    assert (found["domainname"], found["tags"]) == ("xn--bcher-kva.example", ["big", "eu"])
    assert (found["interval_minutes"], found["maxfailpercentage"]) == (5, 2.5)


def test_domains_are_filtered(fleeted: Operator) -> None:
    """By customer, status, tag and text."""
    assert _keys(fleeted.reads("domains", "list", "--customer", "globex")) == ["Test@xn--bcher-kva.example"]
    assert _keys(fleeted.reads("domains", "list", "--tag", "eu")) == ["mxtrax@two.example"]
    assert _keys(fleeted.reads("domains", "list", "--search", "ONE.")) == ["mxtrax@one.example"]
    assert len(fleeted.reads("domains", "list", "--status", "down,setup")) == 3
    assert len(fleeted.reads("domains", "list", "--status", "down")) == 1
    assert len(fleeted.reads("domains", "list", "--limit", "2")) == 2
    result = fleeted.says("domains", "list", "--status", "broken")
    assert (result.exit_code, "down, slow, suspect, setup, ok, paused" in result.stderr) == (2, True)


def test_a_domain_is_changed_and_the_change_is_kept(fleeted: Operator) -> None:
    """NAME= clears a domain's own setting."""
    fleeted.does("domains", "edit", "two.example", "interval_minutes=", "returns_bounce=yes", "customer=globex")
    found = fleet.by_key("mxtrax@two.example")
    assert found is not None
    assert (found.interval_minutes, found.returns_bounce, found.customer) == (None, True, "globex")
    change = _changes()[0]
    assert (change.what, change.target) == ("maildomain.change", "mxtrax@two.example")
    assert change.who.startswith("arn:aws:")
    assert change.before is not None
    assert change.after is not None
    assert (change.before["interval_minutes"], change.after["interval_minutes"]) == (5, None)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["add", "mxtrax@one.example", "--customer", "acme"], 1, "already exists; change that one"),
        (["add", "mxtrax@new.example", "--customer", "nobody"], 2, "there is no customer 'nobody'"),
        (["add", "mxtrax", "--customer", "acme"], 2, "is not a mail address"),
        (["add", "mxtrax@localhost", "--customer", "acme"], 2, "is not a domain name"),
        (["add", "mxtrax@\u0430pple.example", "--customer", "acme"], 2, "mixes Cyrillic and Latin letters"),
        (["add", "a\r\nBcc: b@one.example", "--customer", "acme"], 2, "is not valid before the @"),
        (["add", "mxtrax@new.example", "--customer", "acme", "interval_minutes=0"], 2, "from 1 to 1440"),
        (["edit", "one.example", "domainname=x.example"], 2, "There is no 'domainname' to set"),
        (["edit", "one.example", "maxreturntime=90000"], 2, "above the max_sec_until_fail"),
        (["edit", "one.example", "maintmode=perhaps"], 2, "maintmode: 'perhaps' should be yes or no."),
        (["edit", "nobody.example", "maintmode=yes"], 1, "There is no domain 'nobody.example'."),
        (["pause"], 1, "Which domains?"),
        (["edit", "one.example"], 2, "Nothing to change"),
        (["remove", "one.example", "nobody.example"], 1, "There is no domain 'nobody.example'."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    fleeted: Operator, words: list[str], code: int, why: str
) -> None:
    """The sentence names the field and what would be right."""
    before = list(fleet.in_order())
    result = fleeted.says("domains", *words)
    assert result.exit_code == code
    assert why in result.stderr
    assert "\r" not in result.stderr
    assert list(fleet.in_order()) == before


@pytest.mark.parametrize("name", ["mxtrax@mail.photography", "mxtrax@пример.испытание", "mxtrax@例え.テスト"])
def test_long_and_international_names_are_taken(fleeted: Operator, name: str) -> None:
    """They are found by what was typed, and by their A-labels."""
    fleeted.does("domains", "add", name, "--customer", "acme")
    (found,) = fleeted.reads("domains", "list", "--search", name.partition("@")[2].encode("idna").decode())
    assert fleeted.does("domains", "edit", name, "tags=found") == ""
    assert found["domainname"].isascii()


def test_domains_are_paused_and_resumed(fleeted: Operator) -> None:
    """Some by name, or all of a customer; a paused one is in maintenance, whatever it was."""
    assert "2 domains in maintenance." in fleeted.says("domains", "pause", "--customer", "acme").stderr
    assert len(fleeted.reads("domains", "list", "--status", "paused")) == 2
    assert [sent.to for sent in fleeted.it.tick()] == []
    fleeted.it.wait(60)
    assert [sent.to for sent in fleeted.it.tick()] == ["Test@xn--bcher-kva.example"]
    assert "1 domain out of maintenance." in fleeted.says("domains", "resume", "one.example").stderr
    assert "0 domains out of maintenance." in fleeted.says("domains", "resume", "one.example").stderr


def test_a_domain_is_removed_only_with_a_yes(fleeted: Operator) -> None:
    """Its incident ends, its statistics stay."""
    (failing,) = fleeted.reads("domains", "list", "--status", "down")
    name = _keys([failing])[0]
    result = fleeted.says("domains", "remove", name, stdin="n\n")
    assert (result.exit_code, "Nothing was changed." in result.stderr) == (1, True)
    assert fleet.by_key(name.lower())
    assert fleeted.says("domains", "remove", name).exit_code == 1
    fleeted.does("domains", "remove", name, stdin="y\n")
    assert fleet.by_key(name.lower()) is None
    assert not fleeted.reads("incidents")
    assert list(stats.of_domain(name.lower()))
    assert _changes()[0].what == "maildomain.remove"


def test_of_a_lost_race_nothing_is_overwritten(fleeted: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower of two is told to look again."""
    stale = fleet.by_key("mxtrax@two.example")
    fleeted.does("domains", "edit", "two.example", "interval_minutes=7")
    monkeypatch.setattr(fleet, "by_key", lambda _: stale)
    result = fleeted.says("domains", "edit", "mxtrax@two.example", "interval_minutes=9")
    assert result.exit_code == 1
    assert "This was changed meanwhile" in result.stderr


def test_many_domains_are_changed_at_once(fleeted: Operator) -> None:
    """Each separately, or none: a dry run shows what would be done, and refused ones are named."""
    tried = fleeted.says("domains", "edit", "--customer", "acme", "--add-tag", "vip", "interval_minutes=5", "--dry-run")
    assert tried.stderr.splitlines() == [
        "mxtrax@one.example: interval_minutes: empty -> 5, tags: empty -> vip",
        "mxtrax@two.example: tags: big,eu -> big,eu,vip",
        "2 domains would be changed.",
    ]
    assert not fleeted.reads("domains", "list", "--tag", "vip")
    fleeted.does("domains", "edit", "--customer", "acme", "--add-tag", "vip", "--remove-tag", "eu")
    assert len(fleeted.reads("domains", "list", "--tag", "vip")) == 2
    assert not fleeted.reads("domains", "list", "--tag", "eu")
    fleeted.does("domains", "edit", "one.example", "max_sec_until_fail=100000")
    refused = fleeted.says("domains", "edit", "one.example", "two.example", "maxreturntime=90000")
    assert refused.exit_code == 1
    assert "mxtrax@two.example was not changed: maxreturntime: 90000 s is above" in refused.stderr
    assert [fleet.by_key(f"mxtrax@{it}.example").maxreturntime for it in ("one", "two")] == [90_000, None]  # type: ignore[union-attr]


def test_when_a_domain_was_added_is_no_setting(fleeted: Operator) -> None:
    """It is neither shown as one nor changed as one."""
    fleeted.does("domains", "add", "mxtrax@new.example", "--customer", "acme", "interval_minutes=5")
    (line,) = (each for each in fleeted.does("domains", "list").splitlines() if "new.example" in each)
    assert line.endswith("interval_minutes=5")
    assert fleeted.says("domains", "edit", "mxtrax@new.example", "added=5").exit_code == 2
