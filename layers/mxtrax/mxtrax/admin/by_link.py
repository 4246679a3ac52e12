"""What a link in a notice may do: say that somebody is on its incident, or make its domain quiet for some hours."""

from mxtrax.admin import incidents, quiet
from mxtrax.admin.actor import Actor
from mxtrax.errors import Missing, Refused
from mxtrax.model import HOUR, MONITOR, Incident, MailDomain, Millis, Scope
from mxtrax.rules.act_token import LONGEST_QUIET
from mxtrax.rules.windows import quiet_until
from mxtrax.store import fleet, windows


def acknowledge(actor: Actor, now: Millis, it: Incident) -> None:
    """Say that somebody is on it; who said so first stays."""
    if it.closed is not None:
        raise Refused("incident", "This incident is closed.")
    incidents.change(actor, now, it.id, acknowledged=True)


def make_quiet(actor: Actor, now: Millis, it: Incident, until: Millis) -> None:
    """Make the incident's domain quiet until then; if it already is for that long, nothing is added."""
    if not now < until <= now + LONGEST_QUIET:
        raise Refused("until", f"This link can mute it for at most {LONGEST_QUIET // HOUR} hours.")
    domain = domain_of(it)
    if domain is None:
        raise Missing("domain", "Its domain is no longer tested.")
    if (quiet_already(domain, now) or 0) < until:
        quiet.begin(actor, now, Scope.DOMAIN, domain.key, until)


def domain_of(it: Incident) -> MailDomain | None:
    """Give the domain of an incident; none of the monitor's own."""
    return None if it.maildomain == MONITOR else fleet.by_key(it.maildomain)


def quiet_already(domain: MailDomain, now: Millis) -> Millis | None:
    """Give until when a domain is quiet; None if it is not."""
    return quiet_until(windows.everything(), domain, now)
