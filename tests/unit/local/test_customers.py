"""Each customer does what its row says, as seen by the stand-in."""

import pytest

from infra.local.customers import TABLE, Customer
from mxtrax.model import Cause, Verdict
from tests.unit.local.conftest import Post

STEADY = [customer for customer in TABLE if customer.domain != "flap.test"]


@pytest.mark.parametrize("customer", STEADY, ids=lambda customer: customer.domain)
def test_what_a_customer_does_shows_at_the_stand_in(post: Post, customer: Customer) -> None:
    """What a domain should be found to be rests on what reaches the stand-in: a return, a refusal, or neither."""
    testid, message_id = post.send(customer.mailbox)
    if customer.expected.verdict in (Verdict.ONTIME, Verdict.LATE):
        returned = post.eventually(lambda: post.arrived(testid) or post.arrived(message_id))
        assert returned[0]["receipt"]["recipients"][0].startswith("mxtrax")
        return
    match customer.expected.cause:
        case Cause.REFUSED | Cause.RETURNED_AS_BOUNCE | Cause.FORWARD_BLOCKED:
            (bounce,) = post.eventually(lambda: post.aws.of("Bounce", customer.mailbox))
            assert bounce["mail"]["tags"]["testid"] == [testid]
            assert bounce["bounce"]["bouncedRecipients"][0]["status"].startswith("5.")
        case Cause.DEFERRED:
            post.eventually(lambda: post.aws.of("DeliveryDelay", customer.mailbox))
            (bounce,) = post.eventually(lambda: post.aws.of("Bounce", customer.mailbox))
            assert bounce["bounce"]["bouncedRecipients"][0]["status"] == "4.4.7"
        case Cause.ACCEPTED_THEN_LOST:
            post.eventually(lambda: post.aws.of("Delivery", customer.mailbox))
            assert not post.arrived(testid)


def test_mails_that_come_back_twice_arrive_twice(post: Post) -> None:
    """A customer that returns twice does so."""
    testid, _ = post.send("test@twice.test")
    post.eventually(lambda: len(post.arrived(testid)) == 2)


def test_a_flapping_customer_loses_every_other_mail(post: Post) -> None:
    """Of four mails two come back."""
    testids = [post.send("test@flap.test")[0] for _ in range(4)]
    post.eventually(lambda: post.customers.taken["flap.test"] >= 4)
    post.eventually(lambda: sum(bool(post.arrived(testid)) for testid in testids) == 2)
