"""Tests that people ask for, beside those that are planned."""

from mxtrax import aws
from mxtrax.errors import Refused
from mxtrax.jobs.plan import order
from mxtrax.model import SECOND, MailDomain, Millis
from mxtrax.settings import Settings
from mxtrax.store import fleet
from mxtrax.store import settings as stored


def send(domain: MailDomain, now: Millis, settings: Settings) -> str:
    """Order a test of a domain at once, and give its test id. Twice within a second is once."""
    config = stored.load(settings.initial)
    if not config.sendinguser:
        raise Refused("sendinguser", "sendinguser: nothing can be sent until Config says from which address.")
    customer = fleet.customers_named([domain.customer]).get(domain.customer)
    test = order(stored.secret(), domain, f"hand-{now // SECOND}", config, customer)
    batch = {"sender": config.sendinguser, "keep_days": config.keep_days, "in_time": True, "tests": [test]}
    aws.queue_all(settings.send_queue, [(batch, 0)])
    return str(test["testid"])
