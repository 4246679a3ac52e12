"""How long the ids of a test are secret, and that no word of a server carries them out."""

import pytest

from mxtrax.model import Cause, MailTest, Verdict
from mxtrax.rules.secret_ids import is_out, without, without_any
from mxtrax.rules.verdict import classify
from tests.unit.rules.made import START, a_test, back, said

TESTID = "0a0a0a0a-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("test", "seconds", "out"),
    [
        (a_test(), 10, True),
        (a_test(), 400, True),
        (a_test(), 86_401, False),
        (back(10), 20, False),
        (back(90_000), 90_001, False),
        (a_test(refused=said(2)), 10, True),
    ],
)
def test_an_id_is_secret_until_nothing_can_change_its_test(test: MailTest, seconds: int, *, out: bool) -> None:
    """Pending and overdue tests are out; returned and failed ones are not."""
    assert is_out(test, START + seconds * 1_000) is out


def test_a_test_that_counts_as_unsent_may_still_come_back() -> None:
    """Its return would show that it was sent: its id is secret for as long as that would count."""
    test = a_test(accepted=None, unsent=said(1, "throttled", Cause.THROTTLED))
    assert classify(test, START + 1_000) is Verdict.UNSENT
    assert is_out(test, START + 86_400_000)
    assert not is_out(test, START + 86_401_000)


def test_ids_are_taken_out_of_words() -> None:
    """In capitals, too; what is empty takes nothing out."""
    assert without(f"Ok {TESTID.upper()} <ses.1@x>", TESTID, "", "ses.1") == "Ok … <…@x>"
    assert without("a.b", "", "a?b") == "a.b"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"Held: {TESTID}", "Held: …"),
        (f"mxtrax+{TESTID.replace('-', '').upper()}@x.example", "mxtrax+…@x.example"),
        ("<0102019ab12c3d4e-00000001-000000@eu-west-1.amazonses.com>", "<…@eu-west-1.amazonses.com>"),
        ("Order 2026-11-22, 12345678", "Order 2026-11-22, 12345678"),
    ],
)
def test_whatever_may_be_an_id_is_taken_out_of_a_strangers_words(text: str, rest: str) -> None:
    """With hyphens or without, or SES's own; other numbers stay."""
    assert without_any(text) == rest
