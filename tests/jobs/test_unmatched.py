"""The list of mail that was set aside: the latest is first, and no mail can make the list fail."""

import boto3
import pytest

from mxtrax.admin import unmatched
from mxtrax.inbox import arrival_of, open_inbox
from mxtrax.jobs import receive
from tests.stage import Stage

JUNK = b"From: x@evil.example\r\nSubject: Win!\r\n\r\nMoney.\r\n"


def set_aside(it: Stage, raw: bytes = JUNK) -> str:
    """Bring a mail in that no test answers to, and give its id in the list."""
    before = set(it.inbox("unmatched/"))
    assert receive.run(it.arrive(raw), it.now, it.settings) == "MailUnmatched"
    (key,) = set(it.inbox("unmatched/")) - before
    return key.removeprefix("unmatched/")


def test_the_latest_is_first_whatever_its_key(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest mail is on the first page, and every mail is on one page, even if there are more than are listed."""
    monkeypatch.setattr(unmatched, "MOST", 4)
    ids = []
    for number in (3, 1, 5, 2, 4, 0):  # SES's ids are in no order
        it.arrivals = number
        ids.append(set_aside(it))
        it.wait(1)
    first, more = unmatched.latest(it.settings, 0, 3)
    assert ([each.id for each in first], more) == ([ids[5], ids[4], ids[3]], True)
    second, more = unmatched.latest(it.settings, 3, 3)
    assert ([each.id for each in second], more) == ([ids[2]], False)
    assert unmatched.latest(it.settings, 6, 3) == ([], False)


def test_bytes_are_counted_of_what_is_read(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that came back as it went out is not read, and costs no call for its size; a stranger's mail is."""
    put = list[tuple[str, float]]()
    monkeypatch.setattr(receive, "measure", lambda name, value: put.append((name, value)))
    it.domain()
    (sent,) = it.tick()
    it.wait(2)
    assert it.comes_back(sent) == "MailReturned"
    assert put == []
    set_aside(it, JUNK + b"x" * 300_000)
    assert put == [("InboundBytes", len(JUNK) + 300_000)]


def test_of_a_large_mail_the_beginning_is_kept(it: Stage) -> None:
    """Enough to show what it is; the rest of a flood is dropped. A mail that could not be read is kept whole."""
    large = JUNK + b"x" * receive.MOST_KEPT
    whole = set_aside(it, large[: receive.MOST_KEPT])
    cut = set_aside(it, large)
    assert len(unmatched.source(it.settings, whole)) == receive.MOST_KEPT
    assert unmatched.source(it.settings, cut) == large[: receive.MOST_KEPT]
    assert it.inbox() == []
    found, _ = unmatched.latest(it.settings, 0, 10)
    assert [(each.why, each.subject) for each in found] == [("unmatched", "Win!")] * 2
    arrived = arrival_of(it.arrive(large))
    receive.give_up(arrived, open_inbox(it.settings))
    (unread,) = (each for each in unmatched.latest(it.settings, 0, 10)[0] if each.why == "unread")
    assert unmatched.source(it.settings, unread.id) == large


def test_a_mail_is_listed_with_when_it_came_in_and_why_it_is_here(it: Stage) -> None:
    """A mail that is set aside later is listed by when it came in."""
    record, came_in = it.arrive(JUNK), it.now
    it.wait(1_200)
    receive.run(record, it.now, it.settings)
    ((listed,), more) = unmatched.latest(it.settings, 0, 10)
    assert (listed.at, listed.why, listed.sender, listed.subject) == (came_in, "unmatched", "x@evil.example", "Win!")
    assert not more


@pytest.mark.parametrize(
    "subject",
    [
        b"=?utf-8?b?a?=",
        b"=?utf-8?b?=C3=28?=",
        b"=?x-unknown?q?=FF?=",
        b"=?utf-16?b?2AA=?=",
        b"\xff\xfe\x00",
        b"=?idna?q?xn--?=",
        b"=?utf-8?q?" + b"=" * 5_000 + b"?=",
    ],
)
def test_no_subject_makes_the_list_fail(it: Stage, subject: bytes) -> None:
    """Whatever is in a Subject, the list shows it with all others."""
    set_aside(it)
    it.wait(1)
    set_aside(it, b"From: x@evil.example\r\nSubject: " + subject + b"\r\n\r\nMoney.\r\n")
    listed, _ = unmatched.latest(it.settings, 0, 10)
    assert [each.sender for each in listed] == ["x@evil.example"] * 2
    assert all(each.subject.isprintable() for each in listed)


def test_what_was_set_aside_twice_is_there_once(it: Stage) -> None:
    """A move that was cut short between copy and deletion, and is done again by the sweep, leaves one mail."""
    record = it.arrive(JUNK)
    key = record["mail"]["messageId"]
    receive.run(record, it.now, it.settings)
    (kept,) = it.inbox("unmatched/")
    boto3.client("s3").put_object(Bucket="inbox", Key=f"inbox/{key}", Body=JUNK)
    it.wait(600)
    it.sweep()
    assert it.inbox("unmatched/") == [kept]
