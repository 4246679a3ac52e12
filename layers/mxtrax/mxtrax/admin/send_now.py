"""Tests that people ask for, beside those that are planned."""

from collections.abc import Sequence

from mxtrax.aws import sqs
from mxtrax.errors import Refused
from mxtrax.jobs import plan
from mxtrax.model import SECOND, Config, MailDomain, Millis
from mxtrax.model.orders import TestOrder
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, runtime
from mxtrax.store.config import load_config


def send(domain: MailDomain, now: Millis, settings: Settings) -> str:
    """Order a test of a domain at once, and give its test id."""
    config = load_config(settings.initial)
    (order,) = orders([domain], config, now)
    sqs.queue_all(settings.send_queue, [(plan.batch([order], config), 0)])
    return order.testid


def orders(domains: Sequence[MailDomain], config: Config, now: Millis) -> list[TestOrder]:
    """Order a test for each domain under a slot of this second's own: twice within a second is once.

    Raises Refused while Config does not say from which address they go out.
    """
    if not config.sendinguser:
        how = "in the console's settings, or by `mxtrax config set sendinguser=ADDRESS`"
        raise Refused("sendinguser", f"sendinguser: nothing can be sent until it is set, {how}.")
    secret = runtime.secret()
    known = customers.by_codenames({domain.customer for domain in domains})
    slot = f"hand-{now // SECOND}"
    return [plan.order(secret, domain, slot, config, known.get(domain.customer)) for domain in domains]
