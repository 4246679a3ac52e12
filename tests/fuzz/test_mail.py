"""A short, repeatable run of the fuzzer, and the fuzzer's own manners."""

import random

import pytest

from tests.fuzz import mail


def test_broken_mail_is_read() -> None:
    """Some hundred mutations of a fixed seed neither raise nor pass a bound."""
    count, _ = mail.run(seed=20261122, seconds=60, most=400)
    assert count == 400


def test_a_seed_gives_the_same_mails() -> None:
    """What failed once can be made to fail again."""
    mails = [b"Subject: a\n\nb\n", b"From: c\n\nd\n"]
    one, two = random.Random(7), random.Random(7)  # noqa: S311 - repeatable is what it need be
    assert [mail.mutated(one, mails) for _ in range(20)] == [mail.mutated(two, mails) for _ in range(20)]


def test_a_mail_that_raises_is_kept_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed and the file stand in the error's notes."""

    def broken(_raw: bytes, *, memory: bool = False) -> None:
        if memory:
            raise ValueError("broken")

    monkeypatch.setattr(mail, "check", broken)
    with pytest.raises(ValueError, match="broken") as caught:
        mail.run(seed=1, seconds=60, most=60)
    assert any("seed 1" in note and ".eml" in note for note in caught.value.__notes__)
