"""Each customer does what its row says, as the stand-in sees it."""

from functools import partial

import pytest

from infra.local.customers import BREAKS_DOWN, HICCUP, REFUSAL, REFUSES, TABLE, Customer
from mxtrax.model import Cause, Verdict
from mxtrax.rules.causes_table import REFUSED
from tests.eventually import eventually
from tests.unit.local.conftest import Post

STEADY = [customer for customer in TABLE if customer.domain != "flap.test" and not customer.host]


@pytest.mark.parametrize("customer", STEADY, ids=lambda customer: customer.domain)
def test_what_a_customer_does_shows_at_the_stand_in(post: Post, customer: Customer) -> None:
    """A domain's expected status follows from what reaches the stand-in: a return, a refusal, or neither."""
    for _ in range(customer.well_first):
        eventually(partial(post.arrived, post.send(customer.mailbox)[0]))
    testid, message_id = post.send(customer.mailbox)
    if customer.expected.verdict in (Verdict.ONTIME, Verdict.LATE):
        returned = eventually(lambda: post.arrived(testid) or post.arrived(message_id))
        assert returned[0]["receipt"]["recipients"][0].startswith("mxtrax")
        return
    match customer.expected.cause:
        case cause if cause in REFUSED:
            (bounce,) = eventually(lambda: post.aws.of("Bounce", customer.mailbox))
            assert bounce["mail"]["tags"]["testid"] == [testid]
            assert bounce["bounce"]["bouncedRecipients"][0]["status"].startswith("5.")
        case Cause.DEFERRED:
            eventually(lambda: post.aws.of("DeliveryDelay", customer.mailbox))
            (bounce,) = eventually(lambda: post.aws.of("Bounce", customer.mailbox))
            assert bounce["bounce"]["bouncedRecipients"][0]["status"] == "4.4.7"
        case Cause.ACCEPTED_THEN_LOST:
            eventually(lambda: post.aws.of("Delivery", customer.mailbox))
            assert not post.arrived(testid)


def test_mails_that_come_back_twice_arrive_twice(post: Post) -> None:
    """A customer that returns twice does so."""
    testid, _ = post.send("test@twice.test")
    eventually(lambda: len(post.arrived(testid)) == 2)


def test_a_flapping_customer_loses_every_other_mail(post: Post) -> None:
    """Of four mails two come back."""
    testids = [post.send("test@flap.test")[0] for _ in range(4)]
    eventually(lambda: post.customers.taken["flap.test"] >= 4)
    eventually(lambda: sum(bool(post.arrived(testid)) for testid in testids) == 2)


def test_the_customers_of_one_operator_name_its_servers(post: Post) -> None:
    """The first mail comes back by way of their provider's own server; what follows is lost."""
    testid, _ = post.send("test@harbour.test")
    (arrival,) = eventually(lambda: post.arrived(testid))
    chain = [header["value"] for header in arrival["mail"]["headers"] if header["name"] == "Received"]
    assert "by mx1.hosting.test (Postfix)" in chain[-1]


def test_a_customer_that_refuses_does_so_until_it_is_fixed(post: Post) -> None:
    """From that moment on its server rejects SES's mail, and later accepts it again."""
    post.customers.refuse(REFUSES, REFUSAL)
    post.send(f"test@{REFUSES}")
    (bounce,) = eventually(lambda: post.aws.of("Bounce", f"test@{REFUSES}"))
    assert bounce["bounce"]["bouncedRecipients"][0]["diagnosticCode"].endswith(REFUSAL)
    post.customers.fix(REFUSES)
    testid, _ = post.send(f"test@{REFUSES}")
    eventually(lambda: post.arrived(testid))


def test_a_customer_that_has_a_hiccup_loses_one_mail(post: Post) -> None:
    """Of the mails after those of other tests, the one that its row names."""
    before = post.customers.taken[HICCUP]
    testids = [post.send(f"test@{HICCUP}")[0] for _ in range(5)]
    eventually(lambda: post.customers.taken[HICCUP] >= before + 5)
    eventually(lambda: sum(bool(post.arrived(testid)) for testid in testids) == 4)


def test_a_customer_that_broke_down_takes_mail_and_loses_it(post: Post) -> None:
    """From that moment on nothing comes back."""
    before, _ = post.send(f"test@{BREAKS_DOWN}")
    eventually(lambda: post.arrived(before))
    post.customers.break_down(BREAKS_DOWN)
    after, message_id = post.send(f"test@{BREAKS_DOWN}")
    eventually(lambda: message_id in {each["mail"]["messageId"] for each in post.aws.of("Delivery")})
    assert not post.arrived(after)
