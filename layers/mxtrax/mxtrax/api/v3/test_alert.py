"""Alerts that people ask for."""

from typing import Any, Final

from mxtrax.admin import test_alert
from mxtrax.api import edits
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import TEXT, YES_OR_NO, record, several
from mxtrax.store import audit

subject: Final = Subject("By hand")


@subject.route(
    "POST /api/v3/test-alert",
    gives=record(taken=YES_OR_NO, channels=several(record(channel=TEXT, notice=TEXT, problem=TEXT))),
)
def rehearse(call: Call) -> dict[str, Any]:
    """Rehearse the alarm: a simulated failing and its recovery through every channel, and what became of each."""
    done = test_alert.rehearse(call.now, call.settings)
    shown = [{"channel": it.channel, "notice": it.notice, "problem": it.problem} for it in done]
    audit.note(edits.of(call, "alert.test", "alerts", None, {"channels": shown}))
    return {"taken": bool(done) and not any(it.problem for it in done), "channels": shown}
