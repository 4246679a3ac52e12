"""What SES says about an account: the same before and after the first deployment."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Protocol

import boto3
from botocore.exceptions import ClientError

from infra.bench import prices
from infra.cli.doctor.findings import Finding, good, note

NO_PLAN: Final = "NONE"
LEAVE_PLAN: Final = f"aws sesv2 put-account-pricing-attributes --plan {NO_PLAN}"


class Asked(Protocol):
    """Anything that gives AWS clients."""

    @property
    def session(self) -> boto3.Session:
        """Give the account and the region that they are for."""

    def client(self, service: str) -> Any:  # noqa: ANN401 -- boto3 makes its clients at run time
        """Give the client of an AWS service."""


class Identity(NamedTuple):
    """The SES identity that sends an address's mail, and what SES says about it."""

    name: str
    said: Mapping[str, Any]

    @property
    def verified(self) -> bool:
        """Whether SES allows it to send."""
        return bool(self.said.get("VerifiedForSendingStatus"))


def identities(asked: Asked, address: str) -> list[Identity]:
    """Give the SES identities that could send an address's mail, the nearest first."""
    return [found for name in _names(address) if (found := _identity(asked, name))]


def identity(asked: Asked, address: str) -> Identity | None:
    """Give the identity that sends an address's mail, None if SES has none.

    The address's own, its domain's, or that of a parent domain, which covers its subdomains: the nearest verified one,
    else the nearest.
    """
    known = identities(asked, address)
    return next((it for it in known if it.verified), known[0] if known else None)


def plan(asked: Asked) -> Finding:
    """Check which of SES's pricing plans this account has in this region, and how to pay less."""
    said = asked.client("sesv2").get_account().get("PricingAttributes", {})
    now, then = said.get("CurrentPlan", ""), said.get("NextPlan", "")
    if not now:
        return note(
            "SES does not say which pricing plan this account has. New accounts pay "
            f"{_thousand(prices.SES_PLANS['ESSENTIALS'])}: `{LEAVE_PLAN}` makes it {_thousand(prices.SES_SENT)}."
        )
    if now == NO_PLAN:
        return good(f"there is no pricing plan: {_thousand(prices.SES_SENT)}.")
    usd = prices.SES_PLANS.get(now)
    paid = f"the pricing plan is {now.title()}" + (f": {_thousand(usd)}" if usd else "")
    if then == NO_PLAN:
        return good(f"{paid}, and from next month without a plan, {_thousand(prices.SES_SENT)}.")
    return note(
        f"{paid}. Without a plan they cost {_thousand(prices.SES_SENT)}: `{LEAVE_PLAN}`, "
        "unless something else in this region needs what the plan includes."
    )


def _thousand(usd: float) -> str:
    """Say what 1,000 outgoing mails cost at this price of one."""
    return f"about {usd * 1_000:.2f} USD for 1,000 mails"


def _names(address: str) -> Iterator[str]:
    """Give what can be verified for an address, the nearest first; a single-label domain cannot."""
    yield address
    labels = address.rpartition("@")[2].split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def _identity(asked: Asked, name: str) -> Identity | None:
    try:
        return Identity(name, asked.client("sesv2").get_email_identity(EmailIdentity=name))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
