"""The link of a public page."""

import re
from dataclasses import replace

from mxtrax.store import audit
from mxtrax.web.status import LASTS
from tests.api.client import Client
from tests.api.stored import make_link

LINK = "/api/v3/customers/acme/link"


def test_there_is_no_page_until_somebody_makes_one(operator: Client, stranger: Client) -> None:
    """Made, replaced and ended: an invalid link looks like one that never existed, once caches have expired."""
    assert operator.get("/api/v3/customers/acme").json["link"] is None
    first = make_link(operator)
    assert re.fullmatch(r"/status/[A-Za-z0-9_-]{32}", first)
    assert operator.get("/api/v3/customers/acme").json["link"] == first
    assert stranger.get(first).status == 200
    second = make_link(operator)
    stranger = replace(stranger, now=stranger.now + LASTS)
    assert (first != second, stranger.get(first).status, stranger.get(second).status) == (True, 404, 200)
    assert operator.ask("DELETE", LINK).status == 204
    assert operator.ask("DELETE", LINK).status == 204
    stranger = replace(stranger, now=stranger.now + LASTS)
    nothing = [stranger.get(path) for path in (first, second, "/status/" + "A" * 32, "/status/x", "/status/%00")]
    assert {(it.status, it.body) for it in nothing} == {(404, nothing[0].body)}
    assert "acme" not in nothing[0].body.lower()


def test_a_link_is_shown_to_those_who_may_end_it(operator: Client) -> None:
    """Viewers and the customer's own people do not get it, and it is not in the audit."""
    path = make_link(operator)
    for groups in (["viewer"], ["viewer", "customer:acme"]):
        viewer = operator.signed_in(*groups)
        assert viewer.get("/api/v3/customers/acme").json["link"] is None
        assert viewer.get("/api/v3/customers").json["items"][0]["link"] is None
        assert [viewer.ask(method, LINK).status for method in ("POST", "DELETE")] == [403, 403]
    assert operator.get("/api/v3/customers").json["items"][0]["link"] == path
    (change,) = audit.latest(5, target="customer acme").items
    assert (change.what, change.before, change.after) == ("customer.link", {"public": False}, {"public": True})


def test_other_changes_leave_the_link_alone(operator: Client) -> None:
    """A new name does not change the link."""
    path = make_link(operator)
    changed = operator.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": "Acme plc"}).json
    assert (changed["link"], changed["friendlyname"]) == (path, "Acme plc")


def test_an_unknown_customer_has_no_link(operator: Client) -> None:
    """Nor can it be given one."""
    assert [operator.ask(it, "/api/v3/customers/nobody/link").status for it in ("POST", "DELETE")] == [404, 404]
