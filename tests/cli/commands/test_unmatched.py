"""Mail that belongs to no test."""

from email import message_from_bytes

from tests.cli.operator import Operator
from tests.stage import Sent

STRANGE = b"From: Eve <eve@evil.example>\r\nSubject: =?utf-8?q?=1b=5B2J_win?= now\r\n\r\nHello\x1b]0;owned\x07 you\r\n"


def test_unmatched_mail_is_listed_shown_and_deleted(operator: Operator) -> None:
    """What a stranger wrote cannot steer the terminal that shows it."""
    it = operator.it
    it.comes_back(Sent("", "", STRANGE, {}), STRANGE)
    (letter,) = operator.reads("unmatched", "list")
    assert letter["sender"] == "Eve <eve@evil.example>"
    shown = operator.does("unmatched", "list") + operator.does("unmatched", "show", letter["id"])
    assert not {"\x1b", "\x07"} & set(shown)
    assert "Hello" in shown
    result = operator.says("unmatched", "show", letter["id"], "--raw")
    assert message_from_bytes(result.stdout_bytes)["From"] == "Eve <eve@evil.example>"
    assert operator.says("unmatched", "delete", letter["id"], stdin="n\n").exit_code == 1
    assert it.inbox("unmatched/")
    operator.does("unmatched", "delete", letter["id"], "--yes")
    assert not it.inbox("unmatched/")
    assert "There is no unmatched mail." in operator.says("unmatched", "list").stderr


def test_no_key_beside_the_unmatched_mail_is_reached(operator: Operator) -> None:
    """Only mails of the list can be deleted."""
    operator.it.arrive(STRANGE)
    for number in ("../inbox/arrival0001", "", "nothing"):
        assert operator.says("unmatched", "delete", number, "--yes").exit_code == 1
    assert operator.it.inbox()
