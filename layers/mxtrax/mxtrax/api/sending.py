"""Tests and alerts that people ask for."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin import send_now, test_alert
from mxtrax.api import domains, edits
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.shapes import TEXT, YES_OR_NO, record, several
from mxtrax.store import audit

subject: Final = Subject("By hand")


@subject.route(
    f"POST {domains.PATH}/<number>/test",
    gives=record(testid=TEXT, href=TEXT),
    status=HTTPStatus.ACCEPTED,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def test(call: Call, number: str) -> Given:
    """Send one test now. It is there to be looked at once it is on its way, some seconds later."""
    domain = domains.known(call, number)
    testid = send_now.send(domain, call.now, call.settings)
    audit.note(edits.of(call, "maildomain.test", domain.key, None, {"testid": testid}))
    body: dict[str, Any] = {"testid": testid, "href": f"/api/v3/mailtests/{testid}"}
    return Given(body=body, status=HTTPStatus.ACCEPTED, headers={"Location": body["href"]})


@subject.route(
    "POST /api/v3/test-alert",
    gives=record(taken=YES_OR_NO, channels=several(record(channel=TEXT, state=TEXT, problem=TEXT))),
)
def rehearse(call: Call) -> dict[str, Any]:
    """Rehearse the alarm: a simulated failing and its recovery through every channel, and what became of each."""
    done = test_alert.rehearse(call.now, call.settings)
    shown = [{"channel": it.channel, "state": it.state, "problem": it.problem} for it in done]
    audit.note(edits.of(call, "alert.test", "alerts", None, {"channels": shown}))
    return {"taken": bool(done) and not any(it.problem for it in done), "channels": shown}
