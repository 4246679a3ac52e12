"""Notices made of any text, for the tests of what goes out to services."""

from typing import Any

from hypothesis import strategies as st

from mxtrax.model import MONITOR, Cause, Customer, Incident, MailDomain, Notice, NoticeKind, Reason
from mxtrax.report.brief import Brief, brief

NOW = 1_763_812_800_000
"""2025-11-22 12:00:00 UTC."""

BASE = "https://abc123.execute-api.eu-west-1.amazonaws.com"

_text = (
    st.text(max_size=60) | st.text(alphabet="a😀\u202e<>&*_`[]()@|\\\n\u0007é", max_size=400) | st.just("😀" * 2_000)
)


def notice(name: str = "Millers' Guild", domain: str = "mill.test", **more: Any) -> Notice:
    """Make a notice of an incident that has opened, or of what `more` says."""
    known: dict[str, Any] = {
        "id": "1-17",
        "maildomain": f"mxtrax@{domain}",
        "customer": "mill",
        "opened": NOW - 5 * 60_000,
        "cause": Cause.REFUSED,
        "reason": Reason.UNKNOWN_USER,
        "evidence": "Their server refused it: no such user.",
        "notified": None,
    }
    kind = more.pop("kind", NoticeKind.OPENED)
    whose = Customer(codename=more.get("customer", "mill"), friendlyname=name) if name else None
    it = MailDomain(id=7, testuser="mxtrax", domainname=domain, customer="mill")
    incident = Incident(**{**known, **more})
    return Notice(kind=kind, at=NOW, incident=incident, domain=it, customer=whose)


def any_briefs(most: int = 1) -> st.SearchStrategy[list[Brief]]:
    """Make notices of any kind, whose names and evidence are any text at all."""
    one = st.builds(
        _any,
        st.sampled_from(NoticeKind),
        st.sampled_from(Cause),
        st.none() | st.sampled_from(Reason),
        st.tuples(_text, _text, _text, _text),
        st.booleans(),
    )
    return st.lists(one, min_size=1, max_size=most)


def _any(kind: NoticeKind, cause: Cause, reason: Reason | None, texts: tuple[str, str, str, str], ours: bool) -> Brief:  # noqa: FBT001
    name, domain, evidence, provider = texts
    closed = NOW if kind is NoticeKind.CLOSED else None
    made = notice(
        name,
        domain,
        kind=kind,
        cause=cause,
        reason=reason,
        evidence=evidence,
        provider=provider,
        closed=closed,
        acknowledged=NOW,
        acknowledged_by=name,
    )
    return brief(
        notice("", "", kind=kind, maildomain=MONITOR, cause=Cause.MONITOR_FAULT, closed=closed) if ours else made,
        base=BASE,
        act=f"{BASE}/act/{'A' * 120}",
    )
