"""How each service answers: by its own documented rules, in its own words.

A double gets a request and gives status and body. What it cannot know, such as whether a key was revoked, the key says:
one that ends in `REVOKED` was.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

REVOKED: Final = "REVOKED"
SECRET: Final = "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"  # noqa: S105 -- what the double of a receiver shares with us
TOLERANCE: Final = 300
"""How old a webhook's signature may be, in seconds (Standard Webhooks)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a service gets it. Header names are in lower case; `now` is seconds since 1970."""

    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    now: float

    def json(self) -> Any:  # noqa: ANN401 -- whatever was sent
        """Read the body; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Said:
    """A service's answer. `took` is what the request did: opened, resolved, or nothing."""

    status: int
    body: str = ""
    took: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def slack(asked: Asked) -> Said:
    """Answer as an incoming webhook."""
    if not re.fullmatch(r"/services/T\w+/B\w+/\w+", asked.path):
        return Said(404, "no_service")
    if asked.path.endswith(REVOKED):
        return Said(403, "invalid_token")
    message = asked.json()
    if not isinstance(message, dict):
        return Said(400, "invalid_payload")
    blocks = message.get("blocks", [])
    if not message.get("text") and not blocks:
        return Said(400, "no_text")
    if len(blocks) > 50 or not all(map(_is_block, blocks)):
        return Said(400, "invalid_blocks")
    return Said(200, "ok", _made_of(message["text"]))


def _is_block(block: Mapping[str, Any]) -> bool:
    match block:
        case {"type": "header", "text": {"type": "plain_text", "text": text}}:
            return 0 < len(text) <= 150
        case {"type": "section", "text": {"type": "plain_text" | "mrkdwn", "text": text}}:
            return 0 < len(text) <= 3_000
        case {"type": "actions", "elements": [*buttons]}:
            return 0 < len(buttons) <= 25 and all(map(_is_button, buttons))
    return False


def _is_button(button: Mapping[str, Any]) -> bool:
    match button:
        case {"type": "button", "text": {"type": "plain_text", "text": text}, "url": url}:
            return 0 < len(text) <= 75 and 0 < len(url) <= 3_000
    return False


def teams(asked: Asked) -> Said:
    """Answer as a workflow does: 202 to anything that is JSON, before reading it."""
    if len(asked.body) > 28 * 1_024:
        return Said(413, '{"error":{"code":"RequestEntityTooLarge"}}')
    message = asked.json()
    match message:
        case {
            "type": "message",
            "attachments": [{"contentType": kind, "content": {"type": "AdaptiveCard", "body": body}}],
        }:
            seen = kind == "application/vnd.microsoft.card.adaptive" and bool(body)
            title = body[0]["inlines"][0]["text"] if seen else ""
            return Said(202, "", _made_of(title) if seen else "")
    return Said(202 if message is not None else 400)


def pagerduty(asked: Asked) -> Said:
    """Answer as the Events API v2."""
    event = asked.json()
    if asked.path != "/v2/enqueue" or not isinstance(event, dict):
        return Said(404)
    if len(asked.body) > 512 * 1_024:
        return Said(413)
    payload, action = event.get("payload", {}), event.get("event_action")
    errors = [
        said
        for wrong, said in (
            (not re.fullmatch(r"[A-Za-z0-9]{32}", event.get("routing_key", "")), "'routing_key' is invalid"),
            (action not in {"trigger", "acknowledge", "resolve"}, "'event_action' is invalid"),
            (len(event.get("dedup_key", "")) > 255, "'dedup_key' is too long (maximum is 255 characters)"),
            (action != "trigger" and not event.get("dedup_key"), "'dedup_key' is missing or blank"),
            (action == "trigger" and not payload.get("summary"), "'payload.summary' is missing or blank"),
            (len(payload.get("summary", "")) > 1_024, "'payload.summary' is too long (maximum is 1024 characters)"),
            (action == "trigger" and not payload.get("source"), "'payload.source' is missing or blank"),
            (
                action == "trigger" and payload.get("severity") not in {"critical", "error", "warning", "info"},
                "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
            ),
        )
        if wrong
    ]
    if errors:
        return Said(
            400, json.dumps({"status": "invalid event", "message": "Event object is invalid", "errors": errors})
        )
    if event["routing_key"].endswith(REVOKED):
        return Said(400, json.dumps({"status": "invalid event", "errors": ["Invalid routing key"]}))
    answer = {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}
    return Said(202, json.dumps(answer), {"trigger": "opened", "resolve": "resolved"}.get(str(action), ""))


def opsgenie(asked: Asked) -> Said:
    """Answer as the alerts API of Jira Service Management and of Opsgenie."""
    if not asked.headers.get("authorization", "").startswith("GenieKey ") or REVOKED in asked.headers["authorization"]:
        return Said(401, '{"message":"Could not authenticate"}')
    alert = asked.json()
    close = re.fullmatch(r"(?:/jsm/ops/integration)?/v2/alerts/([^/]+)/close\?identifierType=alias", asked.path)
    if close:
        return Said(202, '{"result":"Request will be processed"}', "resolved")
    if not re.fullmatch(r"(?:/jsm/ops/integration)?/v2/alerts", asked.path) or not isinstance(alert, dict):
        return Said(404)
    for wrong, said in (
        (not alert.get("message"), "Message can not be empty."),
        (len(alert.get("message", "")) > 130, "Message is too long."),
        (len(alert.get("alias", "")) > 512, "Alias is too long."),
        (len(alert.get("description", "")) > 15_000, "Description is too long."),
        (any(len(tag) > 50 for tag in alert.get("tags", [])), "A tag is too long."),
        (sum(len(k) + len(v) for k, v in alert.get("details", {}).items()) > 8_000, "Details are too long."),
        (alert.get("priority") not in {"P1", "P2", "P3", "P4", "P5"}, "Priority is invalid."),
    ):
        if wrong:
            return Said(422, json.dumps({"message": said}))
    return Said(202, '{"result":"Request will be processed"}', "opened")


def discord(asked: Asked) -> Said:
    """Answer as a channel's webhook."""
    if not re.fullmatch(r"/api/webhooks/\d+/[\w-]+\?wait=true", asked.path):
        return Said(404, '{"message":"Unknown Webhook","code":10015}')
    if asked.path.partition("?")[0].endswith(REVOKED):
        return Said(401, '{"message":"Invalid Webhook Token","code":50027}')
    message = asked.json()
    if not isinstance(message, dict) or not (message.get("content") or message.get("embeds")):
        return Said(400, '{"message":"Cannot send an empty message","code":50006}')
    embeds = message.get("embeds", [])
    if any(_utf16(it["title"]) > 256 or _utf16(it["description"]) > 4_096 for it in embeds) or len(embeds) > 10:
        return Said(400, '{"embeds":["0"]}')
    if message.get("allowed_mentions") != {"parse": []}:
        return Said(400, '{"message":"somebody may be mentioned"}')
    return Said(200, '{"id":"1"}', _made_of(embeds[0]["title"]))


def telegram(asked: Asked) -> Said:
    """Answer as the Bot API."""
    if not re.fullmatch(r"/bot\d+:[\w-]+/sendMessage", asked.path):
        return Said(404, '{"ok":false,"error_code":404,"description":"Not Found"}')
    if f"{REVOKED}/" in asked.path:
        return Said(401, '{"ok":false,"error_code":401,"description":"Unauthorized"}')
    message = asked.json() or {}
    if not message.get("text"):
        return Said(400, '{"ok":false,"error_code":400,"description":"Bad Request: message text is empty"}')
    if _utf16(message["text"]) > 4_096:
        return Said(400, '{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}')
    return Said(200, '{"ok":true}', _made_of(message["text"]))


def ntfy(asked: Asked) -> Said:
    """Answer as an ntfy server does to publishing by JSON."""
    message = asked.json()
    if asked.path != "/" or not isinstance(message, dict) or not re.fullmatch(r"[\w-]{1,64}", message.get("topic", "")):
        return Said(400, '{"code":40009,"error":"invalid request: topic invalid"}')
    if len(message["message"].encode()) > 4_096 or message.get("priority") not in range(1, 6):
        return Said(400, '{"code":40007,"error":"invalid request"}')
    return Said(200, '{"event":"message"}', _made_of(message["title"]))


def pushover(asked: Asked) -> Said:
    """Answer as the message API."""
    message = asked.json() or {}
    if message.get("token", "").endswith(REVOKED):
        return Said(400, '{"token":"invalid","errors":["application token is invalid"],"status":0}')
    wrong = not message.get("message") or len(message["message"].encode()) > 1_024
    wrong |= len(message.get("title", "").encode()) > 250 or len(message.get("url", "")) > 512
    if asked.path != "/1/messages.json" or wrong or message.get("priority") not in range(-2, 2):
        return Said(400, '{"status":0,"errors":["message is invalid"]}')
    return Said(200, '{"status":1}', _made_of(message["title"]))


def webhook(asked: Asked) -> Said:
    """Answer as a receiver that checks signatures as Standard Webhooks specifies."""
    number, moment = asked.headers.get("webhook-id", ""), asked.headers.get("webhook-timestamp", "0")
    if abs(asked.now - int(moment)) > TOLERANCE:
        return Said(401, "too old")
    signed = f"{number}.{moment}.".encode() + asked.body
    digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    given = asked.headers.get("webhook-signature", "").split(" ")
    if f"v1,{base64.b64encode(digest).decode()}" not in given:
        return Said(401, "signature does not match")
    kind = (asked.json() or {}).get("type", "")
    return Said(200, "", {"incident.opened": "opened", "incident.closed": "resolved"}.get(kind, ""))


def amazon_q(message: str) -> str:
    """Give what Amazon Q shows of a message to its topic; nothing unless it is a custom notification."""
    told: dict[str, Any] = json.loads(message)
    content, metadata = told.get("content", {}), told.get("metadata", {})
    if (told.get("version"), told.get("source"), content.get("textType")) != ("1.0", "custom", "client-markdown"):
        return ""
    steps, fits = content.get("nextSteps", []), len(message.encode()) <= 262_144
    fits &= 0 < len(content["title"]) <= 250 and 0 < len(content["description"]) <= 3_000
    fits &= len(steps) <= 10 and all(0 < len(step) <= 500 for step in steps)
    fits &= 0 < len(metadata.get("threadId", "x")) <= 255 and bool(metadata["summary"])
    fits &= bool(re.fullmatch(r"[A-Za-z0-9-]{1,100}", metadata["eventType"]))
    return _made_of(content["title"]) if fits else ""


def helpdesk(subject: str, text: str) -> tuple[str, str]:
    """Give the ticket that a mail is for, by the token in its subject, and what the mail does to it."""
    found = re.fullmatch(r"\[(MX-[A-Z2-7]{8})\] (OPEN|CHANGED|REMINDER|RESOLVED): [^\[\]]+", subject)
    if not found or len(subject) > 255 or not text.strip() or len(max(text.splitlines(), key=len)) > 4_000:
        return "", ""
    return found[1], {"RESOLVED": "resolved", "OPEN": "opened"}.get(found[2], "updated")


def _made_of(title: str) -> str:
    """Say what a title means to people: an end, or a beginning."""
    return "resolved" if title.startswith(("[OK]", "MXTRAX well again")) else "opened"


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


type Double = Callable[[Asked], Said]

BY_HOST: Final[Mapping[str, Double]] = {
    "hooks.slack.com": slack,
    "prod.westeurope.logic.azure.com": teams,
    "events.pagerduty.com": pagerduty,
    "events.eu.pagerduty.com": pagerduty,
    "api.atlassian.com": opsgenie,
    "api.opsgenie.com": opsgenie,
    "api.eu.opsgenie.com": opsgenie,
    "discord.com": discord,
    "api.telegram.org": telegram,
    "ntfy.sh": ntfy,
    "api.pushover.net": pushover,
    "hooks.example.com": webhook,
}
"""The service at each host."""
