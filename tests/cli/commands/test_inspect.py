"""`mxtrax inspect`: the same for people and for programs, from any kind of mail storage."""

import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from infra.cli.commands.inspect import inspect, record
from infra.cli.mail_files import mails
from infra.cli.returned_mail import KINDS, account, table
from mxtrax.mail import read
from mxtrax.model import MINUTE, Hop, Kind

MAILS = Path(__file__).parents[2] / "unit" / "mail" / "mails"
TESTID = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
BOX = b"From a@example.net Sun Nov 22 10:00:00 2026\nSubject: one\n\nFrom here on\n\nFrom a 10:00 2026\nSubject: two\n\nx\n"


@pytest.fixture
def run() -> CliRunner:
    """Return something that runs the command."""
    return CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    """Return the command alone."""
    made = typer.Typer()
    made.command()(inspect)
    return made


def shown(name: str) -> str:
    """Return the account of a mail of ours."""
    return account(name, read((MAILS / f"{name}.eml").read_bytes()))


def test_every_kind_has_its_words() -> None:
    """No word of the model is shown raw."""
    assert set(KINDS) == set(Kind)


def test_a_bounce_is_told_as_a_person_would_tell_it() -> None:
    """What it is, whose, why, who says so, and its route."""
    text = shown("dsn")
    for part in (
        "a bounce",
        TESTID,
        "mail is refused, no such mailbox",
        "mx.example.net",
        "probe@example.net  failed 5.1.1",
    ):
        assert part in text
    assert "Route of the original" in text
    assert "2026-11-22 10:00:04" in text


def test_a_redirect_names_its_longest_leg_and_its_signature() -> None:
    """The slowest hop and the state of the body are shown."""
    text = shown("redirected")
    assert "Longest: 2.0 s until inbound-smtp.eu-west-1.amazonaws.com had it." in text
    assert "in.example.org: the body is unchanged since it was signed" in text
    assert "dmarc fail" in text


def test_a_strangers_mail_is_not_called_a_test() -> None:
    """A message without an id is not ours, and the output says so."""
    assert "a mail without a test ID" in shown("stranger")


def test_what_a_gateway_added_is_told() -> None:
    """Subject and footer."""
    assert 'added to the subject: "[EXTERN]" and "(checked)"' in shown("tagged")


def test_a_strangers_mail_cannot_steer_the_terminal() -> None:
    """Escape sequences in a mail do not reach the terminal."""
    assert "\x1b" not in account("x", read(b"Subject: \x1b[2Jgone\nReceived: from \x1b[2J by \x1b]0;x; x\n\nx"))


def test_a_clock_that_is_behind_is_told() -> None:
    """Skew is shown, and the gap is zero."""
    assert any(
        "clock 2 min behind" in line
        for line in table([Hop(by="a", time=0), Hop(by="b", time=0, gap=0, skew=2 * MINUTE)])
    )


def test_an_mbox_is_shown_mail_by_mail(tmp_path: Path) -> None:
    """The first has the file's name, the others a number; a From within a text begins no mail."""
    box = tmp_path / "box"
    box.write_bytes(BOX)
    found = list(mails(str(box)))
    assert [name for name, _ in found] == [str(box), f"{box}#2"]
    assert [read(raw).subject for _, raw in found] == ["one", "two"]


def test_a_file_called_eml_is_one_mail(tmp_path: Path) -> None:
    """By its name, whatever lines it has."""
    one = tmp_path / "one.eml"
    one.write_bytes(BOX)
    assert [raw for _, raw in mails(str(one))] == [BOX]


def test_standard_input_is_read() -> None:
    """A dash means standard input, which may be an mbox, too."""
    assert [name for name, _ in mails("-", io.BytesIO(BOX))] == ["-", "-#2"]


def test_a_maildir_is_read(tmp_path: Path) -> None:
    """New and seen mail of a Maildir; what is still being written is left alone."""
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1").write_bytes(b"Subject: x\n\n")
    assert [Path(name).parent.name for name, _ in mails(str(tmp_path))] == ["cur", "new"]


def test_a_folder_is_read() -> None:
    """Every file of it."""
    assert len(list(mails(str(MAILS)))) == len(list(MAILS.iterdir()))


def test_a_record_is_one_object_of_plain_values() -> None:
    """The JSON for programs is valid and has the required names."""
    found = json.loads(json.dumps(record("x", read((MAILS / "dsn.eml").read_bytes()))))
    assert found["file"] == "x"
    assert found["tokens"] == [TESTID]
    assert found["recipients"][0]["status"] == "5.1.1"
    assert [hop["leg"] for hop in found["hops"]] == ["out", "back"]
    assert {"kind", "reporting_mta", "cause", "ses_message_id", "notes"} <= set(found)


def test_the_command_prints_one_object_a_line(run: CliRunner, app: typer.Typer) -> None:
    """With --json, in the given order; the known recipient takes precedence."""
    names = [str(MAILS / f"{name}.eml") for name in ("dsn-two", "vacation")]
    result = run.invoke(app, ["--json", "--recipient", "probe@example.net", *names])
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert [row["file"] for row in rows] == names
    assert rows[0]["recipients"][0]["address"] == "probe@example.net"
    assert result.exit_code == 0


def test_a_file_that_cannot_be_read_is_told_and_the_others_shown(run: CliRunner, app: typer.Typer) -> None:
    """One missing file changes the exit code, not the rest."""
    result = run.invoke(app, ["/nowhere/at/all", str(MAILS / "dsn.eml")])
    assert result.exit_code == 1
    assert "No such file" in result.output
    assert TESTID in result.output
