"""The store's statements, read by a real parser of PartiQL and by the stand-in of the tests: the same comes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from infra.local.aws import surroundings
from infra.local.ministack import Ministack
from mxtrax.model import SECOND, Cause, MailTest, SmtpReply
from mxtrax.store import mailtests, statements, tables
from mxtrax.store.statements import Statement
from mxtrax.store.tables import MailTestRow
from tests.fake_aws import empty_aws
from tests.stage import START

MANY: Final = 60
"""Tests that take more than two calls."""


@contextmanager
def _local_aws(folder: Path) -> Iterator[None]:
    """Start the local AWS, and let the store use it within this context."""
    local = Ministack(folder / "aws")
    local.start()
    try:
        with surroundings(local.endpoint):
            yield
    finally:
        local.stop()


def test_a_real_parser_answers_what_the_stand_in_answers(tmp_path: Path) -> None:
    """Records that are new, there or missing, in one call; counters; maps, sets and binary values; more than one call."""
    with _local_aws(tmp_path):
        answers, stored = _answered(), _stored()
    with empty_aws():
        assert (_answered(), _stored()) == (answers, stored)
    assert answers == [
        ["", ""],
        ["DuplicateItem", "", "", "ConditionalCheckFailed", "", "DuplicateItem"],
        ["ValidationError", ""],
        ["a", "many07", "many42", "b"],
    ]
    assert len(stored) == 4 + MANY
    assert [(row["accepted"], row["rev"]) for row in stored[:2]] == [({"N": "8"}, {"N": "2"}), ({"N": "7"}, {"N": "1"})]


def _answered() -> list[list[str]]:
    """Give what each call is answered: codes, or the tests that existed already."""
    tables.connect("t-")
    MailTestRow.create_table(wait=True)
    answers = [
        _codes(statements.insert(_row("a")), statements.insert(_row("b"))),
        _codes(
            statements.insert(_row("a", trace=b"other")),
            _accepted("a", 7),
            _accepted("b", 7),
            _accepted("nobody", 7),
            statements.insert(_row("c", early_mark=None)),
            statements.insert(_row("b")),
        ),
        _codes(
            statements.update(MailTestRow, (MailTestRow.testid, "a"), [], MailTestRow.receivetime),
            _accepted("a", 8),
        ),
    ]
    mailtests.create([_test("many07")], 90)
    mailtests.create([_test("many42")], 90)
    tests = [_test(name) for name in ("a", *(f"many{number:02}" for number in range(MANY)), "b", "d")]
    beaten = mailtests.create(tests, 90)
    mailtests.accepted({f"many{number:02}": f"ses{number}" for number in range(0, MANY, 2)} | {"gone": "ses"}, START)
    return [*answers, [test.testid for test in beaten]]


def _stored() -> list[dict[str, Any]]:
    rows = sorted(MailTestRow.scan(), key=lambda row: str(row.testid))
    return [{**row.serialize(), "seen": sorted(row.seen or ())} for row in rows]


def _codes(*asked: Statement) -> list[str]:
    return statements._call(asked)


def _accepted(testid: str, at: int) -> Statement:
    values: list[statements.Value] = [(MailTestRow.accepted, at), (MailTestRow.ses_message_id, f"ses-{testid}")]
    return statements.update(MailTestRow, (MailTestRow.testid, testid), values, MailTestRow.rev)


def _row(testid: str, **more: Any) -> MailTestRow:
    values: dict[str, Any] = {"trace": b"\x00\xff", "seen": {"x", "y"}, "early_mark": 150, **more}
    row = mailtests._new_row(_test(testid), 90)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _test(testid: str) -> MailTest:
    return MailTest(
        testid=testid,
        maildomain="mxtrax@customer.example",
        sendtime=START + len(testid) * SECOND,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        returns_bounce=testid == "d",
        unsent=SmtpReply(at=START, text='it\'s "quoted", {?}', cause=Cause.THROTTLED) if testid == "d" else None,
    )
