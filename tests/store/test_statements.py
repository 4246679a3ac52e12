"""Batches of statements: what each one comes to, what is tried again, and what is written alone in the end."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models import DynamoDBBackend

from mxtrax.model import Cause, MailTest, SmtpReply
from mxtrax.store import contention, mailtests, statements
from mxtrax.store.statements import Outcome
from mxtrax.store.tables import MailTestRow, connection
from tests.stage import START, Stage

NAMES = ("a", "b", "c")
PASSING = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "InternalServerError"]

type Refuse = Callable[[str, Sequence[str]], list[str]]
"""Refuse a test's statements for these reasons in turn; gives the operations that follow."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let nobody wait, and note how long they would have."""
    waited = list[float]()
    monkeypatch.setattr(statements, "sleep", waited.append)
    return waited


@pytest.fixture
def refuse(it: Stage, monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Let DynamoDB refuse some statements of a batch and do the others."""

    def refuse(testid: str, codes: Sequence[str]) -> list[str]:
        left, asked = list(codes), list[str]()
        do = DynamoDBBackend.batch_execute_statement

        def answer(backend: DynamoDBBackend, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
            def answer_one(each: dict[str, Any]) -> dict[str, Any]:
                if left and {"S": testid} in each["Parameters"]:
                    return {"Error": {"Code": left.pop(0)}}
                return do(backend, [each])[0]

            return [answer_one(each) for each in batch]

        monkeypatch.setattr(DynamoDBBackend, "batch_execute_statement", answer)
        connection().client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
        return asked

    return refuse


def _test(testid: str, **more: Any) -> MailTest:
    return MailTest(
        testid=testid,
        maildomain="mxtrax@customer.example",
        sendtime=START,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        **more,
    )


def _create(*names: str) -> list[str]:
    return [test.testid for test in mailtests.create([_test(name) for name in names], 90)]


def _kept() -> dict[str, tuple[int, str]]:
    """Give the revision and SES's id of each test that is there."""
    return {row.testid: (int(row.rev), row.ses_message_id) for row in MailTestRow.scan()}


def test_a_record_is_the_same_from_a_batch_and_alone(it: Stage) -> None:
    """Every attribute that a new test can have."""
    more = {"early_mark": 150, "returns_bounce": True}
    unsent = SmtpReply(at=START, text='they said "no"; {?}', cause=Cause.THROTTLED)
    mailtests.create([_test("a", **more), _test("b", unsent=unsent)], 90)
    together = {row.testid: row.serialize() for row in MailTestRow.scan()}
    for row in MailTestRow.scan():
        row.delete()
    mailtests.create([_test("a", **more)], 90)
    mailtests.create([_test("b", unsent=unsent)], 90)
    assert {row.testid: row.serialize() for row in MailTestRow.scan()} == together


def test_no_value_is_in_the_text_of_a_statement(it: Stage) -> None:
    """Whatever a test says, its statements read the same."""
    row, other = (mailtests._new_row(_test(name), 90) for name in ("a", "'}; drop"))
    assert statements.insert(row).text == statements.insert(other).text
    texts = {
        statements.update(MailTestRow, (MailTestRow.testid, name), [(MailTestRow.accepted, at)], MailTestRow.rev).text
        for name, at in (("a", 1), ('" OR 1', 2))
    }
    assert len(texts) == 1


def test_each_statement_has_its_own_outcome_in_more_calls_than_one(it: Stage, refuse: Refuse) -> None:
    """Records that were new, that were there, and that are missing; a last one by itself is left to its caller."""
    asked = refuse("nobody", [])
    _create("t07")
    names = [f"t{number:02}" for number in range(2 * statements.BATCH)]
    outcomes = statements.run([statements.insert(mailtests._new_row(_test(name), 90)) for name in (*names, "last")])
    assert outcomes[7] is Outcome.EXISTS
    assert set(outcomes[:7] + outcomes[8:-1]) == {Outcome.DONE}
    assert outcomes[-1] is Outcome.LEFT
    assert asked == ["PutItem", "BatchExecuteStatement", "BatchExecuteStatement"]
    assert sorted(_kept()) == names


def test_a_single_test_is_a_plain_write(it: Stage, refuse: Refuse) -> None:
    """It costs as much as a batch of one."""
    asked = refuse("nobody", [])
    assert _create("a") == []
    mailtests.accepted({"a": "ses-a"}, START)
    mailtests.accepted({}, START)
    assert asked == ["PutItem", "UpdateItem"]
    assert _kept() == {"a": (1, "ses-a")}


@pytest.mark.parametrize("code", PASSING)
def test_what_is_refused_for_now_is_tried_again(it: Stage, refuse: Refuse, waits: list[float], code: str) -> None:
    """It alone; what was done is not done twice."""
    asked = refuse("b", [code, code])
    assert _create(*NAMES) == []
    assert asked == ["BatchExecuteStatement"] * 3
    assert waits == [contention.PAUSE, 2 * contention.PAUSE]
    asked = refuse("b", [code])
    mailtests.accepted({name: f"ses-{name}" for name in NAMES}, START)
    assert _kept() == {name: (1, f"ses-{name}") for name in NAMES}


def test_what_is_refused_each_time_is_written_alone(it: Stage, refuse: Refuse, waits: list[float]) -> None:
    """A fold is in the way whenever send tries: that SES accepted a test is not lost."""
    asked = refuse("b", ["TransactionConflict"] * contention.TRIES)
    assert _create(*NAMES) == []
    assert asked == [*["BatchExecuteStatement"] * contention.TRIES, "PutItem"]
    assert len(waits) == contention.TRIES - 1
    refuse("c", ["TransactionConflict"] * contention.TRIES)
    mailtests.accepted({name: f"ses-{name}" for name in NAMES}, START)
    assert _kept() == {name: (1, f"ses-{name}") for name in NAMES}


def test_what_would_be_refused_again_is_written_alone_at_once(it: Stage, refuse: Refuse, waits: list[float]) -> None:
    """A permission that is missing, or a statement that is not understood; what is there is found all the same."""
    _create("b")
    asked = refuse("b", ["AccessDenied"])
    assert _create(*NAMES) == ["b"]
    assert asked == ["BatchExecuteStatement", "PutItem", "GetItem"]
    assert waits == []


def test_if_the_call_itself_is_refused_each_is_written_alone(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing depends on batches but the costs."""

    def refused(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "BatchExecuteStatement")

    monkeypatch.setattr(DynamoDBBackend, "batch_execute_statement", refused)
    _create("b")
    assert _create(*NAMES) == ["b"]
    mailtests.accepted({name: f"ses-{name}" for name in NAMES}, START)
    assert _kept() == {name: (1, f"ses-{name}") for name in NAMES}


@pytest.mark.parametrize("names", [["gone"], ["gone", "a"]])
def test_a_test_that_is_gone_is_not_made_again(it: Stage, names: list[str]) -> None:
    """Alone or in a batch: a record of nothing but an id could not be read."""
    _create("a")
    mailtests.accepted(dict.fromkeys(names, "ses"), START)
    assert set(_kept()) == {"a"}
