"""A bounced alert has notified nobody: its address does not count as notified, and all others are tried at once."""

import json
from typing import Any

import pytest

from mxtrax.aws import ses
from mxtrax.errors import TryAgain
from mxtrax.jobs import alert, feedback
from mxtrax.model import Customer, Incident, Millis, orders
from mxtrax.store import customers, incidents, runtime
from tests.jobs.test_alerts import _refuse, _subscribe
from tests.jobs.test_grouping import breaks
from tests.jobs.test_incidents import subject
from tests.stage import Sent, Stage

OPS, BOSS = "ops@example.org", "boss@example.org"
GONE = {"bounceType": "Permanent", "bounceSubType": "General"}


def comes_back(it: Stage, mail: Sent, kind: str = "Bounce", **detail: Any) -> str:
    """Let an alert mail bounce, and alert be called about it."""
    recipient = {"emailAddress": mail.to, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 nobody here"}
    said = {"timestamp": it.iso(), **({**GONE, "bouncedRecipients": [recipient]} if kind == "Bounce" else {}), **detail}
    tags = {name: [value] for name, value in mail.tags.items()}
    about = {"messageId": mail.ses_id, "timestamp": it.iso(), "destination": [mail.to], "tags": tags}
    return feedback.run({"eventType": kind, "mail": about, kind.lower(): said}, it.settings)


def is_woken(it: Stage) -> list[Sent]:
    """Run alert with the messages in its queue, and give the mails that went out."""
    before = len(it.outbox)
    wakes = [orders.from_json(orders.Wake, json.dumps(each)) for each in it.take(it.settings.alert_queue)]
    alert.run(it.now, it.settings, *wakes)
    return it.outbox[before:]


def known(incident: Incident) -> Incident:
    """Read an incident as it is now."""
    found = incidents.get(incident.id)
    assert found is not None
    return found


def test_an_address_that_bounces_does_not_count_as_notified(it: Stage) -> None:
    """It is marked as not notified, and recorded; addresses that have the alert do not get it again."""
    it.configure(alertuser=(OPS, BOSS))
    queue = _subscribe(it)
    incident = breaks(it, it.domain())
    ops, _ = it.alert()
    assert known(incident).told.keys() == {f"mailto:{OPS}", f"mailto:{BOSS}", "topic"}
    it.wait(5)
    assert comes_back(it, ops) == "AlertReturned"
    assert is_woken(it) == []
    after = known(incident)
    assert after.told.keys() == {f"mailto:{BOSS}", "topic"}
    assert (after.notified is not None, after.notified_channels) == (True, frozenset())
    assert runtime.returned_alerts()[OPS] == (it.now, "550 5.1.1 nobody here")
    assert len(it.take(queue)) == 1


def test_whoever_has_not_got_it_is_tried_at_once(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address bounces, the second could not be reached a moment ago: it is tried again there and then."""
    it.configure(alertuser=(OPS, BOSS))
    incident = breaks(it, it.domain())
    send = ses.send_mail

    def fussy(raw: bytes, sender: str, to: str, *more: Any) -> str:
        return _refuse() if to == BOSS else send(raw, sender, to, *more)

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", fussy)
        (ops,) = it.alert()
    comes_back(it, ops)
    (mail,) = is_woken(it)
    assert (mail.to, subject(mail)[:7]) == (BOSS, "[DOWN] ")
    assert known(incident).told.keys() == {f"mailto:{BOSS}", "topic"}


def _only(it: Stage) -> tuple[Incident, Sent]:
    """Notify the one address that there is of an incident."""
    it.settings = it.settings.__class__(**{**_fields(it), "alert_topic": ""})
    incident = breaks(it, it.domain())
    (mail,) = it.alert()
    return incident, mail


def _fields(it: Stage) -> dict[str, Any]:
    return {name: getattr(it.settings, name) for name in it.settings.__dataclass_fields__}


def test_where_there_is_nobody_else_nobody_is_notified(it: Stage) -> None:
    """That is an error with every run, health says so, and the address is tried again an hour later."""
    incident, mail = _only(it)
    comes_back(it, mail)
    with pytest.raises(TryAgain):
        is_woken(it)
    assert (known(incident).notified, known(incident).due) == (None, it.now)
    assert runtime.last_heartbeat("not_notified", it.now) == it.now
    before = len(it.outbox)
    it.wait(3_599)
    with pytest.raises(TryAgain):
        it.alert()
    assert len(it.outbox) == before
    it.wait(1)
    (again,) = it.alert()
    assert (again.to, subject(again)[:7]) == (OPS, "[DOWN] ")


def test_another_address_is_notified_as_soon_as_it_is_given(it: Stage) -> None:
    """After correcting the setting, one need not wait for the hour."""
    incident, mail = _only(it)
    comes_back(it, mail)
    with pytest.raises(TryAgain):
        is_woken(it)
    it.configure(alertuser=(BOSS,))
    (told,) = it.alert()
    assert told.to == BOSS
    assert known(incident).told.keys() == {f"mailto:{BOSS}"}


@pytest.mark.parametrize(
    ("kind", "detail", "outcome"),
    [
        ("Complaint", {}, "AlertReturned"),
        ("Reject", {"reason": "Bad content"}, "AlertReturned"),
        ("Bounce", {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": OPS}]}, "EventBounceWithoutWord"),
        ("Delivery", {}, "EventOfAlert"),
        ("Open", {}, "EventOfAlert"),
    ],
)
def test_what_counts_as_not_told(it: Stage, kind: str, detail: dict[str, Any], outcome: str) -> None:
    """A complaint and a rejection do; an automatic reply, which looks like a bounce, and a delivery do not."""
    incident = breaks(it, it.domain())
    (mail,) = it.alert()
    assert comes_back(it, mail, kind, **detail) == outcome
    assert is_woken(it) == []
    assert (f"mailto:{OPS}" in known(incident).told) is (outcome != "AlertReturned")


def test_a_later_mail_is_not_doubted_for_an_earlier_one(it: Stage) -> None:
    """The mail that came back is that of the opening; of the reminder an hour later nothing is known."""
    incident = breaks(it, it.domain())
    (first,) = it.alert()
    it.wait(3_600)
    (_,) = it.alert()
    comes_back(it, first)
    assert is_woken(it) == []
    assert f"mailto:{OPS}" in known(incident).told


def test_a_customers_address_that_bounces_touches_no_other_customer(it: Stage) -> None:
    """The mail was only about its customer's incident."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("it@acme.example",)))
    first, second = it.domain("one.example"), it.domain("two.example")
    mine = breaks(it, first, "")
    it.alert()
    it.wait(60)
    later = breaks(it, second, "")
    mail = next(mail for mail in it.alert() if mail.to == "it@acme.example")
    comes_back(it, mail)
    is_woken(it)
    assert "mailto:it@acme.example" in known(mine).told
    assert "mailto:it@acme.example" not in known(later).told


def test_an_event_of_before_says_nothing(it: Stage) -> None:
    """A mail that an older version sent does not say of which run it was."""
    mail = Sent("1", OPS, b"", {"mxtrax-alert": "report"})
    assert comes_back(it, mail) == "EventIgnored"
    assert is_woken(it) == []


def test_what_came_back_is_not_lost_while_another_is_at_it(it: Stage) -> None:
    """However long another worker has the lease, the order goes back into the queue."""
    runtime.acquire_lease("alert", it.now, it.now + 60_000)
    order = orders.Wake(returned=OPS, sent=it.now, tries=alert.MOST_TRIES)
    assert alert.run(it.now, it.settings, order, orders.Wake(tries=alert.MOST_TRIES)) == {"waiting": 0, "notified": 0}
    (again,) = it.take(it.settings.alert_queue)
    assert again["returned"] == OPS


def test_what_is_remembered_is_bounded(it: Stage) -> None:
    """Of many addresses the latest are kept."""
    at: Millis
    for at in range(runtime.MOST_RETURNED + 5):
        runtime.note_returned_alert(f"a{at}@example.org", it.now + at, "")
    kept = runtime.returned_alerts()
    assert len(kept) == runtime.MOST_RETURNED
    assert next(iter(kept)) == f"a{runtime.MOST_RETURNED + 4}@example.org"
