"""Channels on the command line: secrets are read only from standard input."""

from mxtrax.store import channels
from tests.cli.operator import Operator

URL = "https://hooks.slack.com/services/T0/B0/XXXX"


def test_what_the_service_is_told_does_not_come_as_a_word(operator: Operator) -> None:
    """It would stay in the shell's history; the refusal says where to give it instead, and does not repeat it."""
    result = operator.says("channels", "add", "slack", f"url={URL}", "name=ops", stdin="")
    assert result.exit_code == 2
    assert "url is for the service: give it on standard input, as url=VALUE" in result.stderr
    assert URL not in result.output
    assert channels.load().them == ()
    number = operator.does("channels", "add", "slack", "name=ops", stdin=f"url={URL}\n").strip()
    assert operator.says("channels", "edit", number, f"url={URL}").exit_code == 2
    operator.does("channels", "edit", number, "name=night")
    assert [it.name for it in channels.load().them] == ["night"]
