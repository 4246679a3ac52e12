"""One request of every kind that the API answers, in an order in which each finds what it needs."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

DAY = "2026-11-22"
HEADER = "Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname"
CONFIG: dict[str, Any] = {
    "sendinguser": "mxtrax@monitor.example.net",
    "alertuser": ["ops@example.org"],
    "maxreturntime": 300,
    "max_sec_until_fail": 86_400,
    "maxfailnumber": 0,
    "maxfailpercentage": 0,
    "maxlatenumber": 0,
    "maxlatepercentage": 0,
    "interval_minutes": 15,
    "retest_minutes": 1,
    "window_hours": 24,
    "open_after": 1,
    "recover_after": 3,
    "remind_minutes": 60,
    "keep_days": 90,
    "timezone": "UTC",
    "self_check_percent": 50,
    "target_percent": 99.9,
    "version": 0,
}
SLACK: dict[str, Any] = {"kind": "slack", "settings": {"url": "https://hooks.slack.com/services/T000/B000/XXXX"}}
WINDOW = {"scope": "all", "start": "2026-11-22T22:00", "end": "2026-11-22T23:00"}

LOOKS = (
    "/health",
    "/metrics",
    "/api/v2/maildomain/",
    "/api/v2/maildomain/?limit=1",
    "/api/v2/maildomain/1/",
    "/api/v1/stat/",
    "/api/v1/stat/?domain=1",
    f"/api/v1/stat/?d={DAY}",
    "/api/v1/stat/?limit=1&offset=1",
    "/api/v1/stat/1/",
    "/api/v3/openapi.json",
    "/api/v3/me",
    "/api/v3/health",
    "/api/v3/overview",
    "/api/v3/overview?customer=acme",
    "/api/v3/overview/customers",
    "/api/v3/now",
    "/api/v3/maildomains?sort=name&search=example",
    "/api/v3/maildomains?sort=id",
    "/api/v3/maildomains?sort=id&customer=acme",
    "/api/v3/maildomains?status=down",
    "/api/v3/maildomains/1",
    "/api/v3/maildomains/1/stats",
    "/api/v3/maildomains/1/hours",
    "/api/v3/maildomains/1/mailtests",
    "/api/v3/maildomains/export",
    "/api/v3/stats",
    "/api/v3/stats?by=customer&name=acme",
    "/api/v3/incidents",
    "/api/v3/incidents?domain=1",
    "/api/v3/incidents?customer=acme",
    "/api/v3/customers",
    "/api/v3/customers/acme",
    "/api/v3/customers/acme/month",
    "/api/v3/customers/acme/month/csv",
    "/api/v3/config",
    "/api/v3/branding",
    "/api/v3/channels",
    "/api/v3/channel-kinds",
    "/api/v3/wall-links",
    "/api/v3/windows?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
    "/api/v3/unmatched",
    "/api/v3/unmatched/mail1",
    "/api/v3/users",
    "/api/v3/audit",
    "/api/v3/audit?target=config",
)

CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/api/v3/config/preview", {"maxfailnumber": 3}),
    ("PUT", "/api/v3/config", CONFIG),
    ("PATCH", "/api/v3/branding", {"name": "Northern Mail"}),
    ("PATCH", "/api/v3/branding/note", {"note": "All is well."}),
    ("POST", "/api/v3/wall-links", {"name": "Kitchen"}),
    ("POST", "/api/v3/customers", {"codename": "beta", "friendlyname": "Beta"}),
    ("PATCH", "/api/v3/customers/beta", {"friendlyname": "Beta Ltd"}),
    ("POST", "/api/v3/users", {"email": "bea@beta.example", "role": "viewer", "customer": "beta"}),
    ("POST", "/api/v3/users", {"email": "cid@operator.example", "role": "operator"}),
    ("PATCH", "/api/v3/users/cid_at_operator.example", {"role": "viewer", "enabled": False}),
    ("PATCH", "/api/v3/users/cid_at_operator.example", {"enabled": True}),
    ("DELETE", "/api/v3/users/cid_at_operator.example", None),
    ("POST", "/api/v3/users", {"email": "dan@operator.example", "role": "admin", "identity_provider": "Entra"}),
    ("POST", "/api/v3/customers/beta/link", None),
    ("DELETE", "/api/v3/customers/beta/link", None),
    ("DELETE", "/api/v3/customers/beta", None),
    ("POST", "/api/v3/maildomains", {"testuser": "mxtrax", "domainname": "three.example", "customer": "acme"}),
    ("PATCH", "/api/v3/maildomains/2", {"tags": ["vip"]}),
    ("POST", "/api/v3/maildomains/bulk", {"ids": [1, 2], "add_tags": ["eu"]}),
    ("POST", "/api/v3/maildomains/import", f"{HEADER}\nGamma,gamma,mxtrax,four.example\n".encode()),
    ("POST", "/api/v3/windows", {**WINDOW, "scope": "customer", "target": "acme"}),
    ("POST", "/api/v3/channels", SLACK),
    ("POST", "/api/v3/test-alert", None),
    ("DELETE", "/api/v3/unmatched/mail1", None),
)


def as_event(method: str, path: str, body: Any = None, claims: dict[str, str] | None = None) -> dict[str, Any]:
    """Make API Gateway's event of a request; by default it comes from an admin."""
    path, _, query = path.partition("?")
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    who = {"username": "anna", "cognito:groups": "[admin]"} if claims is None else claims
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"accept": "application/json"},
        "requestContext": {
            "stage": "$default",
            "http": {"method": method, "path": path},
            "authorizer": {"jwt": {"claims": who}},
        },
        "body": base64.b64encode(raw).decode(),
        "isBase64Encoded": True,
    }
    if query:
        event["queryStringParameters"] = dict(parse_qsl(query))
    return event


def last_requests(
    testid: str, incident: str, window: str, channel: str, wall: str, until: str
) -> Iterator[tuple[str, str, Any]]:
    """Give the requests that use what earlier ones have created; the last one removes a failing domain.

    `{made}` is the id that the previous request has created.
    """
    yield "GET", f"/api/v3/mailtests/{testid}", None
    yield "GET", f"/api/v3/incidents/{incident}", None
    yield "PATCH", f"/api/v3/incidents/{incident}", {"acknowledged": True}
    yield "POST", f"/api/v3/incidents/{incident}/accept", None
    yield "GET", f"/api/v3/windows/{window}", None
    yield "PATCH", f"/api/v3/windows/{window}", {"note": "new disks"}
    yield "DELETE", f"/api/v3/windows/{window}", None
    yield "POST", "/api/v3/quiet", {"scope": "customer", "target": "acme", "until": until}
    yield "DELETE", "/api/v3/quiet/{made}", None
    yield "DELETE", f"/api/v3/wall-links/{wall}", None
    yield "GET", f"/api/v3/channels/{channel}", None
    yield "PATCH", f"/api/v3/channels/{channel}", {"name": "Night", "settings": SLACK["settings"]}
    yield "POST", f"/api/v3/channels/{channel}/test", None
    yield "DELETE", f"/api/v3/channels/{channel}", None
    yield "DELETE", "/api/v3/maildomains/1", None
