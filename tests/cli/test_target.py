"""Which deployment is meant: if there is none, a sentence says so."""

import pytest

from tests.cli.operator import Operator


def test_no_such_stack_is_told_in_a_sentence(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the right options, and the exit code of a usage error."""
    monkeypatch.setenv("MXTRAX_STACK", "mxtrax")
    operator.outputs.pop("TablePrefix")
    result = operator.says("report")
    assert result.exit_code == 2
    assert result.stderr == "mxtrax: The stack mxtrax has no output TablePrefix: update it with `sam deploy`.\n"


def test_without_credentials_a_sentence_says_so(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does of a profile that is not there, and of a local world that does not run."""
    assert "No local world" in operator.says("report", "--local", "--state-dir", "/nonexistent").stderr
    result = operator.says("report", "--profile", "nobody")
    assert result.exit_code == 2
    assert "nobody" in result.stderr
