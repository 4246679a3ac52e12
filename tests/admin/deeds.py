"""Everything that people do, as a request and as a command, in an order in which each finds what it needs."""

from mxtrax.rules.fleet_csv import HEADER
from tests.admin.doors import Deed
from tests.every_request import CONFIG, SLACK

HOME = "/api/v3/maildomains"
ACME, BETA = "/api/v3/customers/acme", "/api/v3/customers/beta"
WINDOWS, USERS, CHANNELS = "/api/v3/windows", "/api/v3/users", "/api/v3/channels"
ANN = "ann_at_operator.example"
NIGHT = {"start": "2026-11-22T22:00", "end": "2026-11-23T06:00"}
SETTINGS = {name: value for name, value in CONFIG.items() if name != "version"} | {"interval_minutes": 1}
CSV = ",".join(HEADER) + "\nGamma,gamma,mxtrax,three.example\nAcme Ltd,acme,mxtrax,one.example\n"

DEEDS = (
    Deed(
        name="a customer is added",
        api=(
            "POST",
            "/api/v3/customers",
            {"codename": "acme", "friendlyname": "Acme", "alertuser": ["noc@acme.example"]},
        ),
        cli=("customers", "add", "acme", "Acme", "alertuser=noc@acme.example"),
    ),
    Deed(
        name="another customer is added",
        api=("POST", "/api/v3/customers", {"codename": "beta", "friendlyname": "Beta"}),
        cli=("customers", "add", "beta", "Beta"),
    ),
    Deed(
        name="a customer is changed",
        api=("PATCH", ACME, {"friendlyname": "Acme Ltd", "public_note": "We are moving your mail."}),
        cli=("customers", "edit", "acme", "friendlyname=Acme Ltd", "public_note=We are moving your mail."),
    ),
    Deed(name="a public page is made", api=("POST", f"{ACME}/link"), cli=("customers", "link", "acme")),
    Deed(name="and made anew", api=("POST", f"{ACME}/link"), cli=("customers", "link", "acme", "--yes")),
    Deed(name="and ended", api=("DELETE", f"{ACME}/link"), cli=("customers", "link", "acme", "--end", "--yes")),
    Deed(
        name="a domain is added",
        api=(
            "POST",
            HOME,
            {"testuser": "mxtrax", "domainname": "one.example", "customer": "acme", "tags": ["eu", "big"]},
        ),
        cli=("domains", "add", "mxtrax@one.example", "--customer", "acme", "tags=eu,big"),
    ),
    Deed(
        name="another domain is added",
        api=("POST", HOME, {"testuser": "mxtrax", "domainname": "Bücher.example", "customer": "acme"}),
        cli=("domains", "add", "mxtrax@Bücher.example", "--customer", "acme"),
    ),
    Deed(
        name="a domain is changed",
        api=("PATCH", f"{HOME}/2", {"maxreturntime": 60, "maxfailpercentage": 2.5, "returns_bounce": True}),
        cli=("domains", "edit", "2", "maxreturntime=60", "maxfailpercentage=2.5", "returns_bounce=yes"),
    ),
    Deed(
        name="a setting of its own is given up",
        api=("PATCH", f"{HOME}/2", {"maxreturntime": None}),
        cli=("domains", "edit", "2", "maxreturntime="),
    ),
    Deed(
        name="a change that changes nothing",
        api=("PATCH", f"{HOME}/2", {"returns_bounce": True}),
        cli=("domains", "edit", "2", "returns_bounce=yes"),
    ),
    Deed(
        name="a domain is moved to another customer",
        api=("PATCH", f"{HOME}/2", {"customer": "beta"}),
        cli=("domains", "edit", "2", "customer=beta"),
    ),
    Deed(
        name="a domain is paused",
        api=("PATCH", f"{HOME}/2", {"maintmode": True}),
        cli=("domains", "pause", "2"),
    ),
    Deed(
        name="and resumed",
        api=("PATCH", f"{HOME}/2", {"maintmode": False}),
        cli=("domains", "resume", "2"),
    ),
    Deed(
        name="a change of many domains is tried",
        api=("POST", f"{HOME}/bulk", {"ids": [1, 2], "change": {"control": True}, "preview": True}),
        cli=("domains", "edit", "1", "2", "control=yes", "--dry-run"),
    ),
    Deed(
        name="many domains are changed",
        api=(
            "POST",
            f"{HOME}/bulk",
            {"ids": [1, 2], "change": {"maxlatenumber": 3}, "add_tags": ["vip"], "remove_tags": ["eu"]},
        ),
        cli=("domains", "edit", "1", "2", "maxlatenumber=3", "--add-tag", "vip", "--remove-tag", "eu"),
    ),
    Deed(
        name="settings are tried",
        api=("POST", "/api/v3/config/preview", {"maxfailnumber": 3}),
        cli=("config", "preview", "maxfailnumber=3"),
    ),
    Deed(
        name="settings are saved",
        api=(
            "PUT",
            "/api/v3/config",
            SETTINGS | {"maxreturntime": 120, "maxfailnumber": 2, "alertuser": ["a@ops.example"]},
        ),
        cli=("config", "set", "maxreturntime=120", "maxfailnumber=2", "alertuser=a@ops.example"),
    ),
    Deed(
        name="public pages get a name",
        api=("PATCH", "/api/v3/branding", {"name": "Northern Mail", "contact": "help@operator.example"}),
        cli=("branding", "set", "name=Northern Mail", "contact=help@operator.example"),
    ),
    Deed(
        name="all customers are told something",
        api=("PATCH", "/api/v3/branding/note", {"note": "Mail of one provider is late; we are on it."}),
        cli=("branding", "set", "note=Mail of one provider is late; we are on it."),
    ),
    Deed(
        name="an import is tried",
        api=("POST", f"{HOME}/import?dry_run=true", CSV.encode()),
        cli=("import-domains", "-f", "-", "--dry-run"),
        stdin=CSV,
    ),
    Deed(
        name="a fleet is imported",
        api=("POST", f"{HOME}/import", CSV.encode()),
        cli=("import-domains", "-f", "-"),
        stdin=CSV,
    ),
    Deed(
        name="a window is planned",
        api=(
            "POST",
            WINDOWS,
            {"scope": "customer", "target": "acme", **NIGHT, "zone": "Europe/Berlin", "note": "disks"},
        ),
        cli=("windows", "add", *NIGHT.values(), "--customer", "acme", "--zone", "Europe/Berlin", "--note", "disks"),
    ),
    Deed(
        name="a window is changed",
        api=("PATCH", f"{WINDOWS}/{{window}}", {"weekly": True, "scope": "all", "target": ""}),
        cli=("windows", "edit", "{window}", "weekly=yes", "scope=all", "target="),
    ),
    Deed(
        name="a window is removed",
        api=("DELETE", f"{WINDOWS}/{{window}}"),
        cli=("windows", "remove", "{window}", "--yes"),
    ),
    Deed(
        name="a channel is added",
        api=(
            "POST",
            CHANNELS,
            {**SLACK, "name": "Night", "customer": "acme", "tags": ["vip"], "severities": ["slow", "down"]},
        ),
        cli=("channels", "add", "slack", "name=Night", "customer=acme", "tags=vip", "--only", "slow", "--only", "down"),
        stdin=f"url={SLACK['settings']['url']}\n",
    ),
    Deed(
        name="a channel is changed",
        api=("PATCH", f"{CHANNELS}/{{channel}}", {"customer": "", "reminders": False, "severities": []}),
        cli=("channels", "edit", "{channel}", "customer=", "reminders=no", "--only", ""),
    ),
    Deed(
        name="a channel is told anew",
        api=("PATCH", f"{CHANNELS}/{{channel}}", {"settings": SLACK["settings"]}),
        cli=("channels", "edit", "{channel}", "--stdin"),
        stdin=f"url={SLACK['settings']['url']}\n",
    ),
    Deed(
        name="a channel is removed",
        api=("DELETE", f"{CHANNELS}/{{channel}}"),
        cli=("channels", "remove", "{channel}", "--yes"),
    ),
    Deed(
        name="a user is invited",
        api=("POST", USERS, {"email": "ann@operator.example", "role": "viewer", "customer": "beta"}),
        cli=("users", "add", "ann@operator.example", "--role", "viewer", "--customer", "beta"),
    ),
    Deed(
        name="another user is invited",
        api=("POST", USERS, {"email": "bob@operator.example", "role": "operator"}),
        cli=("users", "add", "bob@operator.example", "--role", "operator"),
    ),
    Deed(
        name="a user is changed",
        api=("PATCH", f"{USERS}/{ANN}", {"customer": None, "role": "operator"}),
        cli=("users", "edit", ANN, "customer=", "role=operator"),
    ),
    Deed(
        name="a user is kept out",
        api=("PATCH", f"{USERS}/{ANN}", {"enabled": False}),
        cli=("users", "edit", ANN, "enabled=no"),
    ),
    Deed(
        name="a user is let in and bound again",
        api=("PATCH", f"{USERS}/{ANN}", {"enabled": True, "role": "viewer", "customer": "beta"}),
        cli=("users", "edit", ANN, "enabled=yes", "role=viewer", "customer=beta"),
    ),
    Deed(
        name="a user is removed",
        api=("DELETE", f"{USERS}/bob_at_operator.example"),
        cli=("users", "remove", "bob_at_operator.example", "--yes"),
    ),
    Deed(name="a test is sent", api=("POST", f"{HOME}/1/test"), cli=("send", "1")),
    Deed(name="a test alert is sent", api=("POST", "/api/v3/test-alert"), cli=("test-alert",)),
    Deed(
        name="an incident is acknowledged",
        api=("PATCH", "/api/v3/incidents/{incident}", {"acknowledged": True, "note": "called them"}),
        cli=("incident", "{incident}", "--acknowledge", "--note", "called them"),
    ),
    Deed(
        name="and that is taken back",
        api=("PATCH", "/api/v3/incidents/{incident}", {"acknowledged": False}),
        cli=("incident", "{incident}", "--take-back"),
    ),
    Deed(
        name="a domain is taken as it is",
        api=("POST", "/api/v3/incidents/{incident}/accept"),
        cli=("incident", "{incident}", "--accept"),
    ),
    Deed(
        name="an unmatched mail is deleted",
        api=("DELETE", "/api/v3/unmatched/{mail}"),
        cli=("unmatched", "delete", "{mail}", "--yes"),
    ),
)

LAST_DEEDS = (
    Deed(name="a failing domain is removed", api=("DELETE", f"{HOME}/1"), cli=("domains", "remove", "1", "--yes")),
    Deed(name="another domain is removed", api=("DELETE", f"{HOME}/2"), cli=("domains", "remove", "2", "--yes")),
    Deed(
        name="a customer is removed with its people", api=("DELETE", BETA), cli=("customers", "remove", "beta", "--yes")
    ),
)
"""The last deeds: they remove the fleet."""
