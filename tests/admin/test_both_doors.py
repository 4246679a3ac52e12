"""Everything that people do, through the API and the command line: with the same results and the same messages."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.admin.deeds import DEEDS, LAST_DEEDS
from tests.admin.doors import ByApi, ByCommand, Deed, Door, found, noted, opened, settle
from tests.admin.mistakes import MISTAKES
from tests.stage import Sent, Stage


@dataclass
class Life:
    """The result of each deed, and the message for each mistake."""

    states: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    untouched: bool = False


def _lived(kind: type[ByApi] | type[ByCommand]) -> Life:
    """Do everything through one door."""
    life = Life()
    with opened(kind) as door:
        for deed in DEEDS:
            _happens(door.it, deed)
            _do(door, deed, life)
        before = _kept(door)
        life.sentences = {mistake.name: _err(door, mistake) for mistake in MISTAKES}
        life.untouched = _kept(door) == before
        for deed in LAST_DEEDS:
            _do(door, deed, life)
    return life


def _err(door: Door, mistake: Deed) -> str:
    with pytest.MonkeyPatch.context() as patch:
        if mistake.meanwhile:
            patch.setattr(*mistake.meanwhile)
        return door.errs(mistake)


def _do(door: Door, deed: Deed, life: Life) -> None:
    door.it.wait(1)
    door.does(deed)
    settle(door.it)
    if deed.name == "a test is sent" and isinstance(door, ByApi):
        door.it.comes_back(door.it.outbox[-1])  # The command follows it until then.
    life.states[deed.name] = found(door.it), noted()


def _kept(door: Door) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give all state that no mistake may change. A number taken for a domain that exists already is used up."""
    return found(door.it) | {"runtime": []}, noted()


def _happens(it: Stage, deed: Deed) -> None:
    """Make a deed's preconditions happen first: a domain rejects its test, and a stranger writes."""
    if deed.name == "an incident is acknowledged":
        (sent,) = (each for each in it.tick() if each.to.endswith("one.example"))
        it.refused(sent)
        for _ in range(5):
            it.wait(60)
            for each in sorted(it.tick(), key=lambda it: it.to):
                it.refused(each) if each.to.endswith("one.example") else it.comes_back(each)
        it.fold()
    if deed.name == "an unmatched mail is deleted":
        it.comes_back(Sent("", "", b"", {}), b"Subject: Win!\r\n\r\nMoney.\r\n")


@pytest.fixture(scope="module")
def lives() -> tuple[Life, Life]:
    """Do everything twice: once through each door."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        return _lived(ByApi), _lived(ByCommand)


@pytest.mark.parametrize("name", [deed.name for deed in (*DEEDS, *LAST_DEEDS)])
def test_the_same_comes_of_a_deed(lives: tuple[Life, Life], name: str) -> None:
    """The same records, the same audit except for the actor, the same people, the same mail."""
    by_api, by_command = (life.states[name] for life in lives)
    for what, state in by_api[0].items():
        assert by_command[0][what] == state, what
    assert by_command[1] == by_api[1]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda it: it.name)
def test_the_same_is_said_of_a_mistake(lives: tuple[Life, Life], mistake: Deed) -> None:
    """One sentence, which names the field and what would be right."""
    by_api, by_command = (life.sentences[mistake.name] for life in lives)
    assert mistake.says in by_api
    assert by_command == by_api


def test_nothing_comes_of_a_mistake(lives: tuple[Life, Life]) -> None:
    """Neither a record nor a line in the audit."""
    assert [life.untouched for life in lives] == [True, True]


def test_every_deed_is_in_the_audit(lives: tuple[Life, Life]) -> None:
    """Except those that only try something, and those that change nothing."""
    life, _ = lives
    (_, last) = life.states[LAST_DEEDS[-1].name]
    silent = {name for name in life.states if "tried" in name or "nothing" in name}
    assert len(last) == len(life.states) - len(silent) + 1  # many domains: one each
    assert {each["what"].partition(".")[0] for each in last} == {
        "customer", "maildomain", "config", "window", "channel", "user", "alert", "incident", "unmatched", "branding"
    }  # fmt: skip
