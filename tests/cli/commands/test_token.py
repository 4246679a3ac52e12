"""A token for the API, by hand."""

import pytest

from tests.cli.operator import Operator


@pytest.fixture
def pool(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Give the operator a pool in which people can sign in."""
    monkeypatch.delenv("MXTRAX_PASSWORD", raising=False)
    operator.outputs["ConsoleClientId"] = "console"
    operator.answers["InitiateAuth"] = {"AuthenticationResult": {"AccessToken": "abc.def.ghi"}}
    return operator


def test_who_signs_in_gets_a_token(pool: Operator) -> None:
    """The password is asked for, not on standard output."""
    result = pool.says("token", "ann@operator.example", stdin="secret\n")
    assert (result.exit_code, result.stdout.strip()) == (0, "abc.def.ghi")
    assert "Password of ann@operator.example" in result.stderr
    ((_, asked),) = pool.calls
    assert asked["AuthParameters"] == {"USERNAME": "ann@operator.example", "PASSWORD": "secret"}
    assert asked["ClientId"] == "console"


def test_a_password_can_come_from_the_environment(pool: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """For scripts: only the token is printed, so that it can be used in a command line."""
    monkeypatch.setenv("MXTRAX_PASSWORD", "secret")
    assert pool.does("token", "ann@operator.example") == "abc.def.ghi\n"


def test_a_deployment_wants_to_know_who(pool: Operator) -> None:
    """Only the local world has predefined users."""
    result = pool.says("token")
    assert result.exit_code == 2
    assert "give a user name" in result.stderr


@pytest.mark.parametrize("code", ["NotAuthorizedException", "UserNotFoundException"])
def test_who_may_not_is_told_no_more_than_that(pool: Operator, code: str) -> None:
    """The message does not say whether the name or the password is wrong."""
    pool.answers["InitiateAuth"] = code
    result = pool.says("token", "eve", stdin="guess\n")
    assert result.exit_code == 1
    assert "eve cannot sign in: wrong user name or password." in result.stderr


def test_a_first_password_has_to_be_changed_at_the_console(pool: Operator) -> None:
    """A further factor for Cognito cannot be given here."""
    pool.answers["InitiateAuth"] = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {}}
    result = pool.says("token", "ann", stdin="first\n")
    assert result.exit_code == 1
    assert "new password required" in result.stderr
