"""What a function imports on a cold start: by name, so that no room is added unnoticed. `make bench` has the time."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ALL = {"model", "rules", "runtime", "store"}
"""Rooms that every function needs; for all others, the modules are named."""

WORDS = {"fleet", "health", "moments", "settings", "test"}
"""Files of the model that reading tables imports."""

MORE_WORDS: dict[str, set[str]] = {
    "plan": {"incident", "orders"},
    "send": {"incident", "orders", "trace"},
    "receive": {"incident", "returned", "trace"},
    "sweep": {"incident", "returned", "trace"},
    "feedback": {"orders", "returned", "trace"},
    "aggregate": {"incident", "mailserver", "notice", "orders", "trace"},
    "alert": {"channel", "incident", "mailserver", "notice", "orders"},
    "watch": {"incident", "mailserver", "trace"},
    "rollup": {"incident", "mailserver"},
    "observe": {"incident", "mailserver", "orders", "trace"},
    "status": {"incident", "mailserver"},
    "act": {"incident", "mailserver"},
}
"""Further files of the model that each function imports. Other records are not created on its cold start."""

_FLEET = {"fleet", "health", "settings"}

ROWS: dict[str, set[str]] = {
    "plan": _FLEET,
    "send": {"mailtests", "settings"},
    "receive": {"mailtests", "settings"},
    "sweep": {"mailtests", "settings"},
    "feedback": {"mailtests"},
    "aggregate": _FLEET | {"days", "mailtests"},
    "alert": _FLEET,
    "watch": _FLEET | {"mailtests"},
    "rollup": _FLEET | {"days"},
    "observe": _FLEET | {"mailtests"},
    "status": _FLEET | {"days"},
    "act": _FLEET | {"days", "mailtests"},
}
"""The files of tables that each function imports: PynamoDB takes longer to make one than Python to read it."""

LATER = {"zoneinfo", "email.headerregistry", "http.server", "asyncio"}
"""Slow parts of Python's standard library, which are imported by the call that needs them."""

BOTOCORE = {"botocore", "certifi", "dateutil", "jmespath", "six", "urllib3"}
TABLES = BOTOCORE | {"aws_lambda_powertools", "pynamodb", "typing_extensions"}
"""What log and tables import."""

SUFFIXES = TABLES | {"publicsuffixlist"}
READING = {"mail.address", "mail.bounds", "mail.causes", "mail.fields", "mail.ses_events", "mail.status"}
"""What reads headers and events; whole mails have more."""

INBOX = {"inbox.arrival", "inbox.keys", "inbox.s3"}
CALLS = {"notify.fence", "notify.https"}

BRINGS: dict[str, tuple[set[str], set[str]]] = {
    "plan": ({"aws.clients", "aws.sqs", "jobs.badges", "jobs.plan"}, TABLES),
    "send": ({"aws.clients", "aws.ses", "jobs.send", "mail.compose"}, TABLES),
    "receive": ({"aws.clients", "aws.s3", "jobs.receive", "jobs.traces", *INBOX, *READING}, TABLES),
    "sweep": ({"aws.clients", "aws.s3", "jobs.receive", "jobs.sweep", "jobs.traces", *INBOX, *READING}, TABLES),
    "feedback": ({"aws.clients", "aws.sqs", "jobs.feedback", *READING}, TABLES),
    "aggregate": ({"aws.clients", "aws.sqs", "jobs.aggregate", "jobs.folds", "jobs.incidents"}, SUFFIXES),
    "alert": (
        {
            "aws.clients",
            "aws.sqs",
            "jobs.alert",
            "jobs.selfcheck",
            "jobs.setup_note",
            "jobs.snapshot",
            "report.figures",
            "report.words",
        },
        SUFFIXES,
    ),
    "watch": ({"jobs.watch", *CALLS}, SUFFIXES),
    "rollup": ({"jobs.rollup"}, SUFFIXES),
    "observe": ({"aws.resolver", "jobs.observe"}, SUFFIXES | {"dns", "idna"}),
    "status": (
        {
            "report.templates",
            "web.answers",
            "web.status",
            "web.status.badge",
            "web.status.facts",
            "web.status.page",
            "web.status.reading",
            "web.status.templates",
        },
        SUFFIXES,
    ),
    "act": (
        {
            "admin.actor",
            "admin.audit",
            "admin.by_link",
            "admin.customers",
            "admin.incidents",
            "admin.quiet",
            "admin.windows",
            "aws.clients",
            "aws.cognito",
            "aws.user_pool",
            "report.templates",
            "report.words",
            "web.act",
            "web.act.page",
            "web.answers",
        },
        SUFFIXES,
    ),
    "page": ({"web.answers", "web.console"}, set()),
}
"""For each function, the modules outside of ALL, and the packages that are not part of Python."""

WHOLE: dict[str, tuple[set[str], set[str]]] = {
    "api": ({"admin", "api", "aws", "inbox", "jobs", "notify", "report"}, SUFFIXES),
}
"""Of the one that has nearly all of a room, the rooms."""


@cache
def _said(code: str) -> list[str]:
    """Give the words that a fresh interpreter prints."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", code],
        cwd=ROOT / "functions",
        env={"PATH": "", "PYTHONPATH": str(ROOT / "layers/mxtrax")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def _brought(function: str) -> tuple[set[str], set[str]]:
    """Give the modules of the package, without its name before them, and the packages that others wrote."""
    names = _said(f"import sys, {function}; print(*sys.modules)")
    own = {name.removeprefix("mxtrax.") for name in names if name.startswith("mxtrax.")}
    tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"mxtrax", "__main__", function}
    return own, {name for name in tops if not name.startswith("_sysconfigdata")}


@pytest.mark.parametrize("function", sorted(BRINGS))
def test_a_function_brings_what_its_work_needs(function: str) -> None:
    """Nothing of a room that its first call does not use, and no third-party package except those named."""
    own, others = _brought(function)
    beyond = {name for name in own if "." in name and name.partition(".")[0] not in ALL}
    assert (beyond, others) == BRINGS[function]


@pytest.mark.parametrize("function", sorted(WHOLE))
def test_the_api_brings_its_rooms_and_no_other(function: str) -> None:
    """Its routes need neither the resolver of Powertools nor what only mails need."""
    own, others = _brought(function)
    assert ({name.partition(".")[0] for name in own if "." in name} - ALL, others) == WHOLE[function]
    assert not {"jinja2", "idna", "dns"} & others


@pytest.mark.parametrize("function", sorted(MORE_WORDS))
def test_a_function_makes_the_records_of_its_subjects(function: str) -> None:
    """Importing a record of another subject loads that subject's file."""
    own, _ = _brought(function)
    assert {name.removeprefix("model.") for name in own if name.startswith("model.")} == WORDS | MORE_WORDS[function]


@pytest.mark.parametrize("function", sorted(ROWS))
def test_a_function_makes_the_tables_that_it_uses(function: str) -> None:
    """Importing a row of another table makes that table, and those of its file."""
    own, _ = _brought(function)
    made = {name.removeprefix("store.tables.") for name in own if name.startswith("store.tables.")}
    assert made == ROWS[function] | {"row"}


@pytest.mark.parametrize("function", ["send", "receive", "sweep", "feedback"])
def test_who_only_notes_what_happened_brings_no_judging(function: str) -> None:
    """What a test says of its domain, and in which words people read that, is for others."""
    own, _ = _brought(function)
    assert not {"rules.causes_table", "rules.evidence", "rules.health"} & own


@pytest.mark.parametrize("function", sorted(BRINGS | WHOLE))
def test_what_takes_long_comes_with_the_call_that_needs_it(function: str) -> None:
    """Only send composes a letter in each call."""
    names = _said(f"import sys, {function}; print(*sys.modules)")
    assert LATER & set(names) == ({"email.headerregistry"} if function == "send" else set())


@pytest.mark.parametrize("function", sorted(BRINGS.keys() - {"page"} | WHOLE.keys()))
def test_no_garbage_is_looked_for_among_what_is_imported(function: str) -> None:
    """The edge comes first, with the collector off; afterwards it is on, and leaves alone what is there by then."""
    code = f"import gc; off = []; gc.callbacks.append(lambda *_: off.append(1)); import {function}"
    looked, on, kept = _said(f"{code}; print(len(off), gc.isenabled(), gc.get_freeze_count())")
    assert on == "True"
    assert int(kept) > 50_000
    assert int(looked) < 40


def test_each_function_is_held() -> None:
    """A new one must be listed with its imports."""
    assert MORE_WORDS.keys() == ROWS.keys() == BRINGS.keys() - {"page"}
    assert {file.stem for file in (ROOT / "functions").glob("[a-z]*.py")} == BRINGS.keys() | WHOLE.keys()
