"""A short, repeatable run of the fuzzer, and the fuzzer's own manners."""

import random
from pathlib import Path

import pytest

from tests.fuzz import mail
from tests.fuzz.mutate import MUTATIONS, Mutation, mutated

MAILS = [b"Subject: a\n\nb\n", b"From: c\n\nd\n"]


def test_broken_mail_is_read() -> None:
    """Some hundred mutations of a fixed seed neither raise nor pass a bound."""
    found = mail.run(seed=20261122, most=400)
    assert found.mails == 400
    assert found.wrong == []


def test_a_seed_gives_the_same_mails() -> None:
    """What failed once can be made to fail again."""
    one, two = random.Random(7), random.Random(7)  # noqa: S311 - repeatable is what it need be
    assert [mutated(one, MAILS) for _ in range(20)] == [mutated(two, MAILS) for _ in range(20)]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_way_of_breaking_breaks(mutation: Mutation) -> None:
    """Each takes any mail, an empty one, too, and leaves few as they are."""
    chance = random.Random(7)  # noqa: S311 - repeatable is what it need be
    mutation(chance, b"", MAILS)
    assert any(mutation(chance, MAILS[0], MAILS) != MAILS[0] for _ in range(20))


def test_a_mail_that_raises_is_kept_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed and the file are in the report, and the run continues."""

    def broken(_raw: bytes, *, memory: bool = False) -> tuple[float, int]:
        if memory:
            raise ValueError("broken")
        return 0.0, 0

    monkeypatch.setattr(mail, "check", broken)
    found = mail.run(seed=1, most=60)
    assert found.mails == 60
    (told,) = found.wrong
    assert "ValueError: broken (seed 1, mail 50" in told
    kept = Path(told.rpartition(" ")[2].rstrip(")"))
    assert kept.suffix == ".eml"
    kept.unlink()


def test_a_mail_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every mail is checked against a time limit."""
    monkeypatch.setattr(mail, "MAX_SECONDS", -1.0)
    with pytest.raises(mail.OutOfBoundsError, match="took"):
        mail.check(b"a")
