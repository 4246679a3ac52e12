"""Users' mistakes, as a request and as a command, with a part of the sentence that both doors give."""

from tests.admin.deeds import ACME, ANN, CHANNELS, HOME, NIGHT, SETTINGS, USERS, WINDOWS
from tests.admin.doors import Deed
from tests.every_request import SLACK


def _quicker(*_: object, **__: object) -> bool:
    """Write nothing: somebody else was quicker."""
    return False


MISTAKES = (
    Deed(
        name="a channel that leads elsewhere",
        api=("POST", CHANNELS, {"kind": "slack", "settings": {"url": "https://169.254.169.254/x"}}),
        cli=("channels", "add", "slack"),
        stdin="url=https://169.254.169.254/x",
        says="url: the URL has to point to hooks.slack.com",
    ),
    Deed(
        name="a channel without its key",
        api=("POST", CHANNELS, {"kind": "pagerduty", "settings": {}}),
        cli=("channels", "add", "pagerduty"),
        stdin="",
        says="routing_key is missing.",
    ),
    Deed(
        name="a channel too many",
        api=("POST", CHANNELS, SLACK),
        cli=("channels", "add", "slack"),
        stdin=f"url={SLACK['settings']['url']}",
        says="channels: at most 0 are allowed",
        meanwhile=("mxtrax.admin.channels.MOST", 0),
    ),
    Deed(
        name="no such channel",
        api=("PATCH", f"{CHANNELS}/nothing", {"enabled": False}),
        cli=("channels", "edit", "nothing", "enabled=no"),
        says="There is no channel 'nothing'.",
    ),
    Deed(
        name="a customer that is there",
        api=("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Again"}),
        cli=("customers", "add", "acme", "Again"),
        says="codename: 'acme' already exists",
    ),
    Deed(
        name="a code with a space",
        api=("POST", "/api/v3/customers", {"codename": "a b", "friendlyname": "A"}),
        cli=("customers", "add", "a b", "A"),
        says="codename: 'a b' should be 1 to 64 letters",
    ),
    Deed(
        name="a name that steers a terminal",
        api=("PATCH", ACME, {"friendlyname": "A\x1b[2J"}),
        cli=("customers", "edit", "acme", "friendlyname=A\x1b[2J"),
        says="printable",
    ),
    Deed(
        name="no such customer",
        api=("PATCH", "/api/v3/customers/nobody", {"friendlyname": "N"}),
        cli=("customers", "edit", "nobody", "friendlyname=N"),
        says="There is no customer 'nobody'.",
    ),
    Deed(
        name="a customer with domains is removed",
        api=("DELETE", ACME),
        cli=("customers", "remove", "acme", "--yes"),
        says="still has domains",
    ),
    Deed(
        name="a domain that is there",
        api=("POST", HOME, {"testuser": "MXTRAX", "domainname": "One.example", "customer": "acme"}),
        cli=("domains", "add", "MXTRAX@One.example", "--customer", "acme"),
        says="already exists",
    ),
    Deed(
        name="a domain of nobody",
        api=("POST", HOME, {"testuser": "mxtrax", "domainname": "new.example", "customer": "nobody"}),
        cli=("domains", "add", "mxtrax@new.example", "--customer", "nobody"),
        says="customer: there is no customer 'nobody'; add it first.",
    ),
    Deed(
        name="mixed scripts",
        api=("POST", HOME, {"testuser": "mxtrax", "domainname": "\u0430pple.example", "customer": "acme"}),
        cli=("domains", "add", "mxtrax@\u0430pple.example", "--customer", "acme"),
        says="mixes Cyrillic and Latin letters",
    ),
    Deed(
        name="a domain that is moved to nobody",
        api=("PATCH", f"{HOME}/1", {"customer": "nobody"}),
        cli=("domains", "edit", "1", "customer=nobody"),
        says="there is no customer 'nobody'",
    ),
    Deed(
        name="an interval out of range",
        api=("PATCH", f"{HOME}/1", {"interval_minutes": 0}),
        cli=("domains", "edit", "1", "interval_minutes=0"),
        says="interval_minutes: 0 should be a whole number from 1 to 1440.",
    ),
    Deed(
        name="limits against each other",
        api=("PATCH", f"{HOME}/1", {"maxreturntime": 90_000}),
        cli=("domains", "edit", "1", "maxreturntime=90000"),
        says="maxreturntime: 90000 s is above",
    ),
    Deed(
        name="a tag that is none",
        api=("PATCH", f"{HOME}/1", {"tags": ["<b>"]}),
        cli=("domains", "edit", "1", "tags=<b>"),
        says="tags: '<b>' should be a word",
    ),
    Deed(
        name="no such domain",
        api=("PATCH", f"{HOME}/99", {"maintmode": True}),
        cli=("domains", "edit", "99", "maintmode=yes"),
        says="There is no domain '99'.",
    ),
    Deed(
        name="no such domain is removed",
        api=("DELETE", f"{HOME}/99"),
        cli=("domains", "remove", "99", "--yes"),
        says="There is no domain '99'.",
    ),
    Deed(
        name="a test of no such domain",
        api=("POST", f"{HOME}/99/test"),
        cli=("send", "99"),
        says="There is no domain '99'.",
    ),
    Deed(
        name="a setting that is no number",
        api=("PUT", "/api/v3/config", SETTINGS | {"maxreturntime": "abc"}),
        cli=("config", "set", "maxreturntime=abc"),
        says="maxreturntime: 'abc' should be a whole number from 1 to 604800.",
    ),
    Deed(
        name="a share above all",
        api=("PUT", "/api/v3/config", SETTINGS | {"maxlatepercentage": 101.5}),
        cli=("config", "set", "maxlatepercentage=101.5"),
        says="maxlatepercentage: 101.5 should be a number from 0 to 100.",
    ),
    Deed(
        name="settings against each other",
        api=("PUT", "/api/v3/config", SETTINGS | {"maxreturntime": 7_200, "max_sec_until_fail": 3_600}),
        cli=("config", "set", "maxreturntime=7200", "max_sec_until_fail=3600"),
        says="a test has to be late before it can fail",
    ),
    Deed(
        name="a zone that is none",
        api=("PUT", "/api/v3/config", SETTINGS | {"timezone": "Mars/Olympus"}),
        cli=("config", "set", "timezone=Mars/Olympus"),
        says="timezone: 'Mars/Olympus' is not a known time zone",
    ),
    Deed(
        name="a sender of another domain",
        api=("PUT", "/api/v3/config", SETTINGS | {"sendinguser": "mxtrax@monitor.exmaple.net"}),
        cli=("config", "set", "sendinguser=mxtrax@monitor.exmaple.net"),
        says="this deployment sends and receives at monitor.example.net",
    ),
    Deed(
        name="a preview of a sender of another domain",
        api=("POST", "/api/v3/config/preview", {"sendinguser": "mxtrax@monitor.exmaple.net"}),
        cli=("config", "preview", "sendinguser=mxtrax@monitor.exmaple.net"),
        says="this deployment sends and receives at monitor.example.net",
    ),
    Deed(
        name="a window that ends before it begins",
        api=("POST", WINDOWS, {"scope": "all", "start": NIGHT["end"], "end": NIGHT["start"]}),
        cli=("windows", "add", NIGHT["end"], NIGHT["start"], "--all"),
        says="should be after the start",
    ),
    Deed(
        name="a window for nobody",
        api=("POST", WINDOWS, {"scope": "customer", "target": "nobody", **NIGHT}),
        cli=("windows", "add", *NIGHT.values(), "--customer", "nobody"),
        says="target: there is no customer 'nobody'",
    ),
    Deed(
        name="no such window",
        api=("DELETE", f"{WINDOWS}/nothing"),
        cli=("windows", "remove", "nothing", "--yes"),
        says="There is no window 'nothing'.",
    ),
    Deed(
        name="a role that is none",
        api=("POST", USERS, {"email": "eve@operator.example", "role": "boss"}),
        cli=("users", "add", "eve@operator.example", "--role", "boss"),
        says="role: 'boss' should be one of viewer, operator, admin.",
    ),
    Deed(
        name="an operator of one customer",
        api=("POST", USERS, {"email": "eve@operator.example", "role": "operator", "customer": "acme"}),
        cli=("users", "add", "eve@operator.example", "--role", "operator", "--customer", "acme"),
        says="customer: only viewers can be limited to one; operators see all.",
    ),
    Deed(
        name="a user of nobody",
        api=("PATCH", f"{USERS}/{ANN}", {"customer": "nobody"}),
        cli=("users", "edit", ANN, "customer=nobody"),
        says="customer: there is no customer 'nobody'; add it first.",
    ),
    Deed(
        name="a user that is there",
        api=("POST", USERS, {"email": "ann@operator.example", "role": "viewer"}),
        cli=("users", "add", "ann@operator.example", "--role", "viewer"),
        says="somebody signs in with this address already",
    ),
    Deed(
        name="no such user",
        api=("DELETE", f"{USERS}/eve_at_operator.example"),
        cli=("users", "remove", "eve_at_operator.example", "--yes"),
        says="There is no user 'eve_at_operator.example'.",
    ),
    Deed(
        name="no such incident",
        api=("PATCH", "/api/v3/incidents/1-1", {"acknowledged": True}),
        cli=("incident", "1-1", "--acknowledge"),
        says="There is no incident '1-1'.",
    ),
    Deed(
        name="a note that steers a terminal",
        api=("PATCH", "/api/v3/incidents/{incident}", {"note": "\x1b[31m"}),
        cli=("incident", "{incident}", "--note", "\x1b[31m"),
        says="note: this should be at most 2000 printable characters.",
    ),
    Deed(
        name="no such mail",
        api=("DELETE", "/api/v3/unmatched/nothing"),
        cli=("unmatched", "delete", "nothing", "--yes"),
        says="There is no unmatched mail 'nothing'.",
    ),
    Deed(
        name="one window too many",
        api=("POST", WINDOWS, {"scope": "all", **NIGHT}),
        cli=("windows", "add", *NIGHT.values(), "--all"),
        meanwhile=("mxtrax.admin.windows.MOST", 0),
        says="windows: at most 0 are allowed; remove those that are over.",
    ),
    Deed(
        name="a domain that somebody else has just changed",
        api=("PATCH", f"{HOME}/1", {"control": True}),
        cli=("domains", "edit", "1", "control=yes"),
        meanwhile=("mxtrax.store.fleet.save", _quicker),
        says="This was changed meanwhile, and is at version 1 now; look at it again, then repeat your change.",
    ),
    Deed(
        name="a customer that somebody else has just changed",
        api=("PATCH", ACME, {"friendlyname": "Late Ltd"}),
        cli=("customers", "edit", "acme", "friendlyname=Late Ltd"),
        meanwhile=("mxtrax.store.customers.save", _quicker),
        says="This was changed meanwhile, and is at version",
    ),
    Deed(
        name="a public page that somebody else has just made",
        api=("POST", f"{ACME}/link"),
        cli=("customers", "link", "acme"),
        meanwhile=("mxtrax.store.customers.save", _quicker),
        says="This was changed meanwhile, and is at version",
    ),
    Deed(
        name="an incident that somebody else has just noted",
        api=("PATCH", "/api/v3/incidents/{incident}", {"note": "late"}),
        cli=("incident", "{incident}", "--note", "late"),
        meanwhile=("mxtrax.store.incidents.noted", _quicker),
        says="This was changed meanwhile; look at it again, then repeat your change.",
    ),
    Deed(
        name="a domain that is being tested just now",
        api=("DELETE", f"{HOME}/1"),
        cli=("domains", "remove", "1", "--yes"),
        meanwhile=("mxtrax.store.fleet.remove", _quicker),
        says="mxtrax@one.example is being tested or changed just now; try again.",
    ),
    Deed(
        name="a file that is no fleet",
        api=("POST", f"{HOME}/import", b"a,b\n1,2\n"),
        cli=("import-domains", "-f", "-"),
        stdin="a,b\n1,2\n",
        says="No line names the columns Customer.friendlyname",
    ),
)
"""Made while everything added still exists: they must change nothing."""
