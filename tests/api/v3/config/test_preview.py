"""The preview of settings: which domains would be failing now."""

from typing import Any

import pytest

from mxtrax.model import HOUR, Cause, Customer, DomainHealth, MailDomain, Recent, State, Verdict, WindowCounts
from mxtrax.store import audit, customers, fleet
from mxtrax.store.config import load_config, save_config
from tests.api.client import NOW, Client
from tests.api.stored import put_health

PREVIEW = "/api/v3/config/preview"


def _domain(name: str, *, missed: int = 0, late: int = 0, ontime: int = 10, hours_ago: int = 0, **more: Any) -> None:
    """Add a domain with these window_counts; it is failing if a test was missed."""
    own = {key: more.pop(key) for key in list(more) if key in {"maintmode", "maxfailnumber", "customer"}}
    if "customer" in own:
        customers.add(Customer(codename=own["customer"], friendlyname="Acme Ltd"))
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname=name, **own)])
    at = NOW - hours_ago * HOUR
    bad = [Recent(at - n, Verdict.OVERDUE, None, Cause.NO_WORD) for n in range(missed + late, late, -1)]
    bad += [Recent(at - n, Verdict.LATE, 400_000, Cause.SLOW_INSIDE) for n in range(late, 0, -1)]
    health = DomainHealth(
        maildomain=domain.key,
        state=State.FAILING if missed else State.OK,
        exceeded=("maxfailnumber",) if missed else (),
        window_counts={at // HOUR: WindowCounts(ontime=ontime, late=late, missed=missed)},
        recent=tuple(bad),
    )
    put_health(health)


@pytest.fixture
def fleeted(client: Client) -> Client:
    """Give a fleet: domains with many misses, with few, with late tests, a healthy one, and one in maintenance."""
    save_config(load_config(client.settings.initial))
    _domain("much.example", missed=9, customer="acme")
    _domain("little.example", missed=1)
    _domain("late.example", late=4)
    _domain("well.example")
    _domain("resting.example", missed=9, maintmode=True)
    return client


def _asked(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.ask("POST", PREVIEW, body)
    assert answer.status == 200, answer
    shown: dict[str, Any] = answer.json
    return {name: [it["id"] for it in given] if isinstance(given, list) else given for name, given in shown.items()}


LATE = {"maxlatepercentage": 100}

MISSED = {"maxfailpercentage": 100}


@pytest.mark.parametrize(
    ("body", "begins", "ends"),
    [
        ({"maxlatenumber": 4, **LATE}, [], []),
        ({"maxlatenumber": 3, **LATE}, [3], []),
        ({"maxlatenumber": 4, "maxlatepercentage": 20}, [3], []),
        ({"maxlatenumber": 4, **LATE, "maxfailnumber": 1, **MISSED}, [], [2]),
        ({"maxlatenumber": 4, **LATE, "maxfailnumber": 9, **MISSED}, [], [1, 2]),
        ({"maxlatenumber": 4, **LATE, "alarm_when": "limits", "open_after": 2}, [], [2]),
    ],
)
def test_a_preview_tells_who_would_be_failing(
    fleeted: Client, body: dict[str, Any], begins: list[int], ends: list[int]
) -> None:
    """Domains in maintenance are not judged, and one that is well is so under any limits."""
    would_fail = 2 + len(begins) - len(ends)
    assert _asked(fleeted, body) == {"failing_now": 2, "would_fail": would_fail, "begins": begins, "ends": ends}


def test_a_domain_is_named_with_what_it_exceeds(fleeted: Client) -> None:
    """What it would exceed, or what it exceeds now."""
    told = fleeted.ask(
        "POST", PREVIEW, {"maxfailnumber": 9, **MISSED, "maxlatenumber": 9, "maxlatepercentage": 20}
    ).json
    exceeded = {
        "id": 3,
        "address": "mx@late.example",
        "customer": None,
        "exceeded": ["maxlatepercentage"],
        "needed": None,
    }
    assert told["begins"] == [exceeded]
    assert told["ends"][0] == {
        "id": 1,
        "address": "mx@much.example",
        "customer": "acme",
        "exceeded": ["maxfailnumber"],
        "needed": 2,
    }


def test_a_domain_of_its_own_limits_keeps_them(fleeted: Client) -> None:
    """The settings do not apply to it."""
    _domain("own.example", missed=2, maxfailnumber=0)
    assert _asked(fleeted, {"maxfailnumber": 9, **MISSED, "maxlatenumber": 4, **LATE})["would_fail"] == 1


def test_a_shorter_window_forgets(fleeted: Client) -> None:
    """Earlier tests are not judged any more."""
    _domain("past.example", missed=2, hours_ago=5)
    calm = {"maxlatenumber": 4, **LATE}
    assert _asked(fleeted, {**calm, "window_hours": 6})["ends"] == []
    assert _asked(fleeted, {**calm, "window_hours": 2})["ends"] == [6]


def test_a_preview_names_a_hundred_and_counts_all(client: Client) -> None:
    """However large the fleet."""
    for number in range(103):
        _domain(f"d{number}.example", late=1)
    told = client.ask("POST", PREVIEW, {}).json
    assert (told["would_fail"], len(told["begins"])) == (103, 100)


def test_a_preview_changes_nothing(fleeted: Client) -> None:
    """Neither the settings nor a domain, and nothing is in the audit."""
    before = fleeted.get("/api/v3/config").body, fleeted.get("/api/v3/maildomains").body
    _asked(fleeted, {"maxfailnumber": 9})
    assert (fleeted.get("/api/v3/config").body, fleeted.get("/api/v3/maildomains").body) == before
    assert audit.latest(1).items == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [({"maxfailnumber": -1}, 400, "maxfailnumber"), ({"maxreturntime": 100_000}, 422, "maxreturntime")],
)
def test_settings_that_make_no_sense_are_refused(client: Client, body: dict[str, Any], status: int, field: str) -> None:
    """With the sentence that saving them would be given."""
    answer = client.ask("POST", PREVIEW, body)
    assert (answer.status, answer.json["field"]) == (status, field)
