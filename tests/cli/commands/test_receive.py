"""Mail from an existing mailbox is fed into the inbox."""

import inspect
import re
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from infra.cli.commands.receive import came_in
from infra.cli.receive_function import lines
from mxtrax.jobs import receive
from mxtrax.model import DAY, MINUTE, SECOND, Kind
from tests.cli.operator import Operator
from tests.stage import START, Sent

OURS = "X-MXTRAX-Test-ID: x\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n"
STRANGE = b"From: Eve <eve@evil.example>\r\nSubject: =?utf-8?q?=1b=5B2J_win?= now\r\n\r\nHello\x1b]0;owned\x07 you\r\n"


def _back(sent: Sent, received: int) -> bytes:
    """Give a test as stored in an existing mailbox, stamped by its server."""
    stamp = format_datetime(datetime.fromtimestamp(received // SECOND, UTC))
    return f"Received: from a by mail.operator.example with ESMTP; {stamp}\r\n".encode() + sent.raw


def test_a_mail_from_a_file_is_a_return_at_the_time_of_its_stamp(operator: Operator, tmp_path: Path) -> None:
    """Its topmost Received field says when it was received."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    (tmp_path / "back.eml").write_bytes(_back(sent, START + 7 * SECOND))
    it.wait(3600)
    (told,) = operator.reads("receive", str(tmp_path / "back.eml"))
    assert told["outcome"] == "MailReturned"
    test = it.test(sent)
    assert (test.receivetime, test.returned_as) == (START + 7 * SECOND, Kind.MESSAGE)
    assert not it.inbox()


def test_a_mail_that_is_fed_twice_counts_once(operator: Operator, tmp_path: Path) -> None:
    """A mailbox may be fed every hour."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    (tmp_path / "back.eml").write_bytes(_back(sent, START))
    for _ in range(2):
        operator.does("receive", str(tmp_path / "back.eml"))
    assert it.test(sent).copies == 0


def test_the_same_mail_with_other_line_ends_is_the_same(operator: Operator, tmp_path: Path) -> None:
    """One program fetches it with CRLF, another with LF, and an mbox adds a line."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    back = _back(sent, START)
    for name, raw in (("a.eml", back), ("b.eml", back.replace(b"\r\n", b"\n")), ("c.eml", back + b"\r\n")):
        (tmp_path / name).write_bytes(raw)
        operator.does("receive", str(tmp_path / name))
    assert it.test(sent).copies == 0


def test_an_empty_file_is_no_mail(operator: Operator, tmp_path: Path) -> None:
    """An export of an empty folder is said to be empty, and nothing is stored."""
    (tmp_path / "box").write_bytes(b"\r\n")
    result = operator.says("receive", str(tmp_path / "box"))
    assert result.stderr.strip().endswith("box is empty.")
    assert result.stdout.split() == ["Mails", "0"]
    assert not operator.it.inbox("unmatched/")


def test_every_outcome_has_words() -> None:
    """A name that only the metrics know is never shown."""
    names = set(re.findall(r'"((?:Mail|Copy)[A-Za-z]+)"', inspect.getsource(receive))) - {"MailUnread"}
    assert {line.strip() for line, _ in lines(Counter(names))}.isdisjoint(names)
    assert len(names) >= 7


def test_an_mbox_and_a_maildir_are_read_mail_by_mail(operator: Operator, tmp_path: Path) -> None:
    """Mail of no test goes to the unmatched mail."""
    it = operator.it
    it.domain()
    it.domain("other.example")
    one, two = it.tick()
    line = b"From mxtrax@customer.example Sun Nov 22 10:00:09 2026\n"
    (tmp_path / "mbox").write_bytes(line + one.raw.replace(b"\r\n", b"\n") + b"\n" + line + STRANGE)
    (tmp_path / "dir" / "new").mkdir(parents=True)
    (tmp_path / "dir" / "cur").mkdir()
    (tmp_path / "dir" / "new" / "1").write_bytes(two.raw)
    it.wait(60)
    out = operator.does("receive", str(tmp_path / "mbox"), str(tmp_path / "dir"))
    assert [line.split()[-1] for line in out.splitlines()] == ["3", "2", "1"]
    assert it.test(one).receivetime == START + 9 * SECOND
    assert it.test(two).receivetime == it.now


def test_a_file_that_is_not_there_is_told_and_the_others_are_read(operator: Operator, tmp_path: Path) -> None:
    """The exit code says that something was wrong."""
    (tmp_path / "mail.eml").write_bytes(STRANGE)
    result = operator.says("receive", str(tmp_path / "none"), str(tmp_path / "mail.eml"))
    assert result.exit_code == 1
    assert "No such file" in result.stderr
    assert result.stdout.startswith("Mails ")
    assert operator.it.inbox("unmatched/")


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("Received: by a; Sun, 22 Nov 2026 11:00:05 +0100\r\n", 5),
        ("Received: by a\r\n for b;\r\n\tSun, 22 Nov 2026 10:00:05 +0000 (UTC)\r\nReceived: by c; x\r\n", 5),
        ("From a@b Sun Nov 22 10:00:05 2026\nSubject: x\r\n", 5),
        ("From a@b Sun Nov 22 10:00:05 2026\nReceived: by a; Sun, 22 Nov 2026 10:00:07 +0000\r\n", 7),
        ("From a@b Sun Nov 22 10:00:05 2026\nReceived: by a; the other day\r\n", 5),
        ("Received: by a; Sun, 22 Nov 2026 10:14:00 +0000\r\n", 600),
        ("Received: by a; Sun, 22 Nov 2029 10:00:00 +0000\r\n", None),
        ("Received: by a; Mon, 01 Jan 1990 10:00:00 +0000\r\n", None),
        ("Received: by a; Sun, 99 Nov 99999 10:00:00 +9999\r\n", None),
        ("Subject: nothing\r\n", None),
        (f"{OURS}Received: by a; Sun, 22 Nov 2026 10:02:00 +0000\r\n", 120),
        (f"{OURS}Received: by a; Sun, 22 Nov 2026 09:57:00 +0000\r\n", -180),
        (f"{OURS}Received: by a; Sun, 22 Nov 2026 10:02:00 +0530\r\n", None),
        (f"From a@b Sun Nov 22 10:00:05 2026\n{OURS}Received: by a; Sun, 22 Nov 2026 09:02:00 +0000\r\n", 5),
        ("", None),
    ],
)
def test_a_stamp_is_believed_where_it_is_plausible(head: str, after: int | None) -> None:
    """Ahead by minutes is a wrong clock; by years, older than any test, or before our letter was sent, is nonsense."""
    now = START + 10 * MINUTE
    assert came_in(head.encode() + b"\r\nbody", now, now - 90 * DAY) == (
        None if after is None else START + after * SECOND
    )
