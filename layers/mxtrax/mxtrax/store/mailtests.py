"""MailTests: written before they go out, completed as evidence arrives, and found again.

Every piece of evidence raises `rev`. Evidence that may change a verdict also makes the test due, unless its final
verdict is folded already: then it is kept for people to read, and not counted. A test that no fold has looked at yet
keeps its place in the due index when it comes back: each minute's fold finds it there, which saves the index two
writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any, Final, Literal

from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from mxtrax.model import DAY, SECOND, Kind, MailTest, MessageTrace, Millis, SmtpReply, Verdict
from mxtrax.rules.marks import LONGEST_FRESH
from mxtrax.rules.schedule import shard_of
from mxtrax.rules.verdict import due_after, is_unreached
from mxtrax.store import mapping, paging, statements, traces
from mxtrax.store.paging import Page
from mxtrax.store.reading import row_of
from mxtrax.store.statements import Outcome
from mxtrax.store.tables import MailTestRow
from mxtrax.store.writes import save_new, update

MAX_SEEN: Final = 20
"""How many copies of one test are distinguished; a storm of them is not worth a larger record."""

BATCH: Final = 100
"""Tests that one call reads."""

type Leg = Literal["delivered", "deferred", "refused", "unsent"]


def create(tests: Sequence[MailTest], keep_days: int) -> list[MailTest]:
    """Write new tests, each by itself, and give those that existed already, as stored.

    If this raises, some may be there: without a sender, until the batch comes again.
    """
    rows = {test.testid: _new_row(test, keep_days) for test in tests}
    beaten = save_new(list(rows.values()), MailTestRow.testid)
    return [found for row in beaten if (found := get(row.testid))]


def take_over(test: MailTest, sendtime: Millis) -> MailTest | None:
    """Take over a test whose sender fell silent, with a new sendtime; None if anything has happened to it since."""
    renewed = replace(test, sendtime=sendtime)
    actions: list[Action] = [MailTestRow.sendtime.set(sendtime), MailTestRow.rev.add(1)]
    if (due := due_after(renewed, test.counted)) is not None:
        actions += _due_first(due, renewed)
    unheard = (MailTestRow.rev == test.rev) & (MailTestRow.incl_in_stat == False)  # noqa: E712 -- a condition, not a test
    return renewed if _update(test.testid, actions, unheard) else None


def accepted(ids: Mapping[str, str], at: Millis) -> None:
    """Record that SES accepted tests, and under which message ids.

    Several go in batches. What no batch could write, because a fold or a return was in the way each time, is written
    alone: if this were given up, the mails would count as never sent, and be sent again.
    """
    changes = {testid: _accepted(ses_message_id, at) for testid, ses_message_id in ids.items()}
    outcomes = statements.run(
        [
            statements.update(MailTestRow, (MailTestRow.testid, testid), values, MailTestRow.rev)
            for testid, values in changes.items()
        ]
    )
    for (testid, values), outcome in zip(changes.items(), outcomes, strict=True):
        if outcome is Outcome.LEFT:
            actions: list[Action] = [attribute.set(value) for attribute, value in values]
            update(MailTestRow(testid), [*actions, MailTestRow.rev.add(1)], MailTestRow.testid.exists())


def _accepted(ses_message_id: str, at: Millis) -> list[statements.Value]:
    return [(MailTestRow.accepted, at), (MailTestRow.ses_message_id, ses_message_id)]


def heard(
    testid: str, leg: Leg, answer: SmtpReply, ses_message_id: str = "", trace: MessageTrace | None = None
) -> MailTest | None:
    """Record what a server said about a test; the first of each kind is kept. None if there is no such test.

    What a mail says is kept separately from what SES says: neither replaces the other. `trace` is that of the mail that
    says it; it is kept until a return has one.
    """
    attribute = getattr(MailTestRow, f"{leg}_by_mail" if answer.by_mail else leg)
    actions: list[Action] = [attribute.set(attribute | mapping.answer_map(answer)), MailTestRow.rev.add(1)]
    if ses_message_id:
        actions.append(MailTestRow.ses_message_id.set(MailTestRow.ses_message_id | ses_message_id))
    if trace is not None:
        actions.append(MailTestRow.trace.set(MailTestRow.trace | traces.packed(trace)))
    if leg in {"refused", "unsent"}:
        return _add_evidence(testid, actions, MailTestRow.due.set(answer.at))
    test = _add_evidence(testid, actions, None)
    news = test and test.counted is Verdict.PENDING and leg == "deferred" and is_unreached(answer)
    if test and (news or test.counted is Verdict.OVERDUE):  # It came after the fold, which gave the cause without it.
        open_ = MailTestRow.incl_in_stat == False  # noqa: E712 -- a condition, not a test
        return _update(testid, [MailTestRow.due.set(answer.at)], open_) or test
    return test


def returned(
    testid: str,
    at: Millis,
    kind: Kind,
    mail_id: str,
    left: Millis | None,
    said: SmtpReply | None = None,
    via: str = "",
    trace: MessageTrace | None = None,
) -> MailTest | None:
    """Record that a test came back. The first return wins, later ones are copies. None if there is no such test.

    Once a test's final verdict is counted, copies are not recorded any more: they add nothing, and may keep coming.

    `left` is when the last server before our inbox passed it on; `said` is what the mail says about a delay; `via` is
    the first of their servers that it names; `trace` is for people to look at.
    """
    actions: list[Action] = [
        MailTestRow.receivetime.set(at),
        MailTestRow.returned_as.set(str(kind)),
        MailTestRow.seen.add({mail_id}),
        MailTestRow.rev.add(1),
    ]
    if left is not None:
        actions.append(MailTestRow.left.set(left))
    if via:
        actions.append(MailTestRow.via.set(via))
    if trace is not None:
        actions.append(MailTestRow.trace.set(traces.packed(trace)))
    if said is not None:
        actions.append(MailTestRow.deferred.set(MailTestRow.deferred | mapping.answer_map(said)))
    first = MailTestRow.receivetime.does_not_exist() | (
        (MailTestRow.receivetime > at) & (MailTestRow.incl_in_stat == False)  # noqa: E712 -- a condition, not a test
    )
    in_its_place = MailTestRow.due.set(MailTestRow.fresh | at)
    if test := _add_evidence(testid, actions, in_its_place, first):
        return test
    room = ~(MailTestRow.seen.exists() & (size(MailTestRow.seen) >= MAX_SEEN))
    open_ = MailTestRow.incl_in_stat == False  # noqa: E712 -- a condition, not a test
    _update(testid, [MailTestRow.seen.add({mail_id})], MailTestRow.receivetime.exists() & open_ & room)
    return get(testid)


def keep_trace(testid: str, at: Millis, trace: MessageTrace) -> None:
    """Keep a fuller trace of the return received at this moment, and of no other. It is not evidence, so `rev` stays."""
    _update(testid, [MailTestRow.trace.set(traces.packed(trace))], MailTestRow.receivetime == at)


def whole(testid: str) -> tuple[MailTest, MessageTrace | None] | None:
    """Read a test, with what is kept of the mail that came back."""
    row = row_of(MailTestRow, testid)
    if row is None:
        return None
    return mapping.mailtest(row), traces.unpacked(row.trace) if row.trace else None


def get(testid: str) -> MailTest | None:
    """Read a test."""
    row = row_of(MailTestRow, testid)
    return mapping.mailtest(row) if row else None


def id_by_ses_id(ses_message_id: str) -> str | None:
    """Find the test that went out under one of SES's message ids."""
    row = next(MailTestRow.by_ses_id.query(ses_message_id, limit=1), None)
    return row.testid if row else None


def due(shard: int, until: Millis, limit: int | None = None) -> list[str]:
    """Give the ids of a shard's tests that need attention by then, the longest waiting first."""
    return [row.testid for row in MailTestRow.due_index.query(shard, MailTestRow.due <= until, limit=limit)]


def still_open(ids: Iterable[str]) -> list[MailTest]:
    """Read tests as they are now, without those that are done: the index may lag behind a fold."""
    return [test for test in by_ids(ids, consistent=True) if test.due is not None]


def of_domain(key: str, since: Millis = 0, limit: int | None = None) -> Iterator[MailTest]:
    """Read the tests of a domain, the latest first."""
    rows = MailTestRow.by_domain.query(key, MailTestRow.sendtime >= since, scan_index_forward=False, limit=limit)
    for ids in batched((row.testid for row in rows), BATCH, strict=False):
        yield from by_ids(ids)


def page(key: str, since: Millis, until: Millis, limit: int, after: str = "") -> Page[MailTest]:
    """Read a page of a domain's tests that were sent from `since` to `until`, the latest first.

    The cursor is a time and how many tests of that time came before: the index's own would reveal the id of a test that
    is still out.
    """
    at, skip = _position(after) if after else (until, 0)
    if (last := min(at, until)) < since:
        return Page([])
    wanted = skip + limit + 1
    sent = MailTestRow.sendtime.between(since, last)
    rows = list(MailTestRow.by_domain.query(key, sent, scan_index_forward=False, limit=wanted, page_size=wanted))
    found = rows[skip : skip + limit]
    if not found or len(rows) < wanted:
        return Page(by_ids(row.testid for row in found))
    end = found[-1].sendtime
    return Page(by_ids(row.testid for row in found), f"{end}.{sum(row.sendtime == end for row in rows[:-1])}")


def _position(after: str) -> tuple[Millis, int]:
    """Read a cursor: it skips at most one page of tests of the same time."""
    at, _, skip = after.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= length for part, length in ((at, 15), (skip, 3))):
        raise paging.foreign()
    return int(at), int(skip)


def by_ids(ids: Iterable[str], *, consistent: bool = False) -> list[MailTest]:
    """Read tests in this order; those that are gone are left out."""
    wanted = list(ids)
    found = {row.testid: mapping.mailtest(row) for row in MailTestRow.batch_get(wanted, consistent_read=consistent)}
    return [found[testid] for testid in wanted if testid in found]


def _new_row(test: MailTest, keep_days: int) -> MailTestRow:
    values: dict[str, Any] = {}
    if test.unsent:
        values |= {"unsent": mapping.answer_map(test.unsent), "due": test.sendtime}
    elif (due := due_after(test, test.counted)) is not None:
        values |= {"due": due, "fresh": _fresh(due, test)}
    return MailTestRow(
        test.testid,
        maildomain=test.maildomain,
        sendtime=test.sendtime,
        maxreturntime=test.maxreturntime,
        max_sec_until_fail=test.max_sec_until_fail,
        early_mark=test.early_mark or None,
        returns_bounce=test.returns_bounce or None,
        shard=shard_of(test.maildomain),
        expires=(test.sendtime + keep_days * DAY) // SECOND,
        **values,
    )


def _fresh(due: Millis, test: MailTest) -> Millis | None:
    """Give the moment at which a test is due for the first time; None if that is too far ahead to be read."""
    return due if due - test.sendtime <= LONGEST_FRESH else None


def _due_first(due: Millis, test: MailTest) -> list[Action]:
    fresh = _fresh(due, test)
    return [MailTestRow.due.set(due), MailTestRow.fresh.remove() if fresh is None else MailTestRow.fresh.set(fresh)]


def _add_evidence(
    testid: str, actions: list[Action], due: Action | None, when: Condition | None = None
) -> MailTest | None:
    """Add evidence on a condition; urgent evidence makes the test due unless it is folded already."""
    there = MailTestRow.testid.exists() if when is None else MailTestRow.testid.exists() & when
    if due is None:
        return _update(testid, actions, there)
    open_ = MailTestRow.incl_in_stat == False  # noqa: E712 -- a condition, not a test
    test = _update(testid, [*actions, due], there & open_)
    return test or _update(testid, actions, there & (MailTestRow.incl_in_stat == True))  # noqa: E712


def _update(testid: str, actions: list[Action], condition: Condition) -> MailTest | None:
    row = MailTestRow(testid)
    return mapping.mailtest(row) if update(row, actions, condition) else None
