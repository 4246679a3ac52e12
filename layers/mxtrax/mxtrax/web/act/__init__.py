"""The page behind a link in a notice: one incident as it is now, and two things that may be done about it.

Mail scanners open every link, and some run what scripts they find. So the page has none, opening it changes nothing,
and only a form that was sent does. The token lets people in, so it appears nowhere else, neither in a log nor on
another site.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from mxtrax.admin import by_link
from mxtrax.admin.actor import Actor
from mxtrax.errors import MxtraxError, Refused
from mxtrax.model import HOUR, Door, Incident, Millis
from mxtrax.rules import act_token
from mxtrax.rules.act_token import LONGEST_QUIET, ActToken
from mxtrax.rules.untrusted_text import line
from mxtrax.rules.zones import zone_of
from mxtrax.store import incidents, runtime
from mxtrax.web.act import page
from mxtrax.web.act.page import Facts
from mxtrax.web.answers import Answer, given, headers_of

_PATH: Final = re.compile(r"/act/(?P<token>[A-Za-z0-9_-]+)")

_HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}

LONGEST_FORM: Final = 2_000
LONGEST_NAME: Final = 40
"""Characters of what is sent, and of the name in it."""

FROM_HERE: Final = frozenset({"", "none", "same-origin"})
"""Where a form may have been sent from, as browsers tell (Sec-Fetch-Site); older ones do not."""

_NOT_OF_NAMES: Final = re.compile(r"[^\w .,'@+-]")


def answer(event: Mapping[str, Any], now: Millis) -> Answer:
    """Answer a request (HTTP API, payload format 2.0). The tables are to be connected.

    A link that is void looks like one that never was.
    """
    found = _found(event["rawPath"], now)
    if found is None:
        return _given(404, page.void())
    match event["requestContext"]["http"]["method"]:
        case "HEAD":
            return _given(200, "")
        case "GET":
            return _given(200, page.page(_facts(*found, now)))
        case "POST":
            return _pressed(event, *found, now)
    return _given(405, page.void(), Allow="GET, HEAD, POST")


def _pressed(event: Mapping[str, Any], token: ActToken, incident: Incident, now: Millis) -> Answer:
    """Do what a button says that was pressed on the page."""
    if headers_of(event).get("sec-fetch-site", "") not in FROM_HERE:
        return _given(403, page.page(_facts(token, incident, now), "Nothing was done: another site has sent this."))
    try:
        _act(_form(event), token, incident, now)
    except MxtraxError as error:
        status = 409 if isinstance(error, Refused) else 503
        return _given(status, page.page(_facts(token, _again(incident), now), f"Nothing was done. {error}"))
    return _given(200, page.page(_facts(token, _again(incident), now), "Done."))


def _found(path: str, now: Millis) -> tuple[ActToken, Incident] | None:
    """Find what a link is for, where it still holds."""
    asked, key = _PATH.fullmatch(path), runtime.known_act_key()
    token = act_token.read(key, asked["token"], now) if asked and key else None
    incident = incidents.get(token.incident) if token else None
    return (token, incident) if token and incident and token.is_for(incident, now) else None


def _again(incident: Incident) -> Incident:
    return incidents.get(incident.id) or incident


def _act(form: Mapping[str, str], token: ActToken, incident: Incident, now: Millis) -> None:
    """Do what a button says."""
    name = _NOT_OF_NAMES.sub("", line(form.get("who", ""), LONGEST_NAME)).strip() or "Somebody"
    actor = Actor(name=f"{name} (by {token.way or 'link'})", door=Door.LINK)
    match form.get("do"):
        case "acknowledge":
            by_link.acknowledge(actor, now, incident)
            for other in _open(token):
                by_link.acknowledge(actor, now, other)
        case "quiet-1h":
            by_link.make_quiet(actor, now, incident, now + HOUR)
        case "quiet-morning":
            by_link.make_quiet(actor, now, incident, _morning(token, now))
        case _:
            raise Refused("do", "Press one of the buttons.")


def _open(token: ActToken) -> list[Incident]:
    """Give the other incidents of a story that go on, and that nobody is on."""
    found = (incidents.get(number) for number in token.others)
    return [it for it in found if it and it.closed is None and it.acknowledged is None]


def _form(event: Mapping[str, Any]) -> dict[str, str]:
    """Read what was sent; of what is too long, or no form, nothing."""
    body = event.get("body") or ""
    if len(body) > LONGEST_FORM:
        return {}
    try:
        text = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
        sent = parse_qs(text, max_num_fields=4)
    except ValueError:
        return {}
    return {name: values[0] for name, values in sent.items()}


def _facts(token: ActToken, incident: Incident, now: Millis) -> Facts:
    domain = by_link.domain_of(incident)
    morning = _morning(token, now)
    return Facts(
        incident=incident,
        domain=domain,
        quiet=by_link.quiet_already(domain, now) if domain else None,
        morning=morning if morning <= now + LONGEST_QUIET else None,
        zone=zone_of(token.zone),
        others=len(_open(token)),
    )


def _morning(token: ActToken, now: Millis) -> Millis:
    return act_token.morning(now, zone_of(token.zone))


def _given(status: int, body: str, **headers: str) -> Answer:
    return given(status, {**_HEADERS, "Content-Security-Policy": page.policy(), **headers}, body)
