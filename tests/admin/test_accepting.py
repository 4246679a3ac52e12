"""A domain is accepted as it is: its incident closes, and only later tests count."""

import pytest

from mxtrax.admin import incidents as use_cases
from mxtrax.admin.actor import Actor
from mxtrax.errors import Refused
from mxtrax.model import MailDomain, State
from mxtrax.store import incidents
from tests.stage import Stage


def _fail(it: Stage, domain: MailDomain) -> str:
    """Let a domain lose a test, and give its incident."""
    it.tick()
    it.wait(301)
    it.fold()
    return it.health(domain).incident


def test_an_accepted_domain_begins_anew(it: Stage, anna: Actor) -> None:
    """Earlier tests do not count any more, and people who were notified hear that it is closed."""
    domain = it.domain()
    number = _fail(it, domain)
    assert len(it.alert()) == 1
    closed = use_cases.accept(anna, it.now, number)
    health = it.health(domain)
    assert (closed.closed, health.state, health.incident, health.last_incident) == (it.now, State.OK, "", number)
    assert (health.window_counts, health.clean_from, health.retest) == ({}, it.now, 0)
    assert len(it.alert()) == 1
    it.wait(60)
    again = _fail(it, domain)
    assert again not in ("", number)


def test_an_incident_that_is_over_cannot_be_accepted(it: Stage, anna: Actor) -> None:
    """There is nothing to close."""
    domain = it.domain()
    number = _fail(it, domain)
    use_cases.accept(anna, it.now, number)
    with pytest.raises(Refused, match="is not open"):
        use_cases.accept(anna, it.now, number)
    assert [each.id for each in incidents.of_domain(domain.key)] == [number]
