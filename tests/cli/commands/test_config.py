"""Settings on the command line: shown, changed together, refused with a sentence."""

import pytest

from tests.cli.operator import Operator


def test_the_settings_are_shown_with_the_place_of_the_inbox(operator: Operator) -> None:
    """The line `mboxpath` is where the wiki's mailbox path was, and read-only."""
    shown = dict(line.split(None, 1) for line in operator.does("config", "show").splitlines() if " " in line)
    assert shown["maxreturntime"].strip() == "300"
    assert shown["alertuser"].strip() == "ops@example.org"
    assert shown["mboxpath"] == "s3://inbox/inbox/ (read-only)"
    (record,) = operator.reads("config", "show")
    assert record["maxfailnumber"] == 0
    assert "limits" not in record


def test_settings_are_changed_together(operator: Operator) -> None:
    """Limits and others together; old and new values are shown."""
    result = operator.says(
        "config", "set", "maxreturntime=600", "maxfailnumber=2", "alertuser=a@x.example, b@y.example"
    )
    assert result.exit_code == 0, result.output
    assert "maxreturntime: 300 -> 600" in result.stderr
    (record,) = operator.reads("config", "show")
    assert (record["maxreturntime"], record["maxfailnumber"]) == (600, 2)
    assert record["alertuser"] == ["a@x.example", "b@y.example"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["maxreturntime=abc"], "maxreturntime: 'abc' should be a whole number from 1 to 604800."),
        (["maxreturntim=5"], "did you mean maxreturntime?"),
        (["colour=red"], "There is no 'colour' to set: there are "),
        (["maxreturntime"], "'maxreturntime' should be NAME=VALUE"),
        (["maxreturntime=5", "maxreturntime=6"], "maxreturntime is set twice."),
        (["maxreturntime=0"], "maxreturntime: 0 should be a whole number from 1 to 604800."),
        (["maxreturntime=7200", "max_sec_until_fail=3600"], "a test has to be late before it can fail"),
        (["maxlatepercentage=101"], "from 0 to 100"),
        (["alertuser=a@x.example\nBcc:b@y.example"], "alertuser"),
        (["sendinguser=mxtrax"], "sendinguser"),
        (["sendinguser=mxtrax@monitor.exmaple.net"], "sendinguser: 'mxtrax@monitor.exmaple.net' cannot send"),
        (["timezone=Mars/Olympus"], "use one such as 'Europe/Berlin' or 'UTC'"),
        (["version=7"], "There is no 'version' to set"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(operator: Operator, words: list[str], why: str) -> None:
    """The sentence names the field and what would be right; the exit code is that of a usage error."""
    before = operator.reads("config", "show")
    result = operator.says("config", "set", *words)
    assert result.exit_code == 2
    assert why in result.stderr
    assert operator.reads("config", "show") == before


def test_a_setting_may_be_none(operator: Operator) -> None:
    """By its word or by an empty value; an invalid one says what it should be."""
    for word, value in (("remind_minutes=none", None), ("remind_minutes=30", 30), ("remind_minutes=", None)):
        assert operator.says("config", "set", word).exit_code == 0
        assert operator.reads("config", "show")[0]["remind_minutes"] == value
    result = operator.says("config", "set", "escalate_minutes=20", "escalateuser=boss@example.org")
    assert result.exit_code == 0
    assert operator.reads("config", "show")[0]["escalateuser"] == ["boss@example.org"]
    assert "keep_days: 'none' should be a whole number" in operator.says("config", "set", "keep_days=none").stderr
