"""Servers' replies: the words that SES passes on for a rejection, a deferral, a bounce."""

from typing import Final

QUOTA: Final = (
    "smtp; 552 5.2.2 The mailbox is over its quota",
    "smtp; 552-5.2.2 The recipient's inbox is out of storage space and inactive.",
    "smtp; 554 5.2.2 mailbox full; STOREDRV.Deliver; Quota exceeded",
)
UNKNOWN: Final = (
    "smtp; 550 5.1.1 <test>: Recipient address rejected: User unknown in virtual mailbox table",
    "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "smtp; 550-5.1.1 The email account that you tried to reach does not exist.",
)
BLOCKED: Final = (
    "5.7.520",
    (
        "smtp;550 5.7.520 Access denied, Your organization does not allow external forwarding. "
        "Please contact your administrator for further assistance. AS(7555)"
    ),
)
AFTER: Final = (
    ("5.3.0", "smtp; 554 5.3.0 unknown mailer error 1"),
    ("5.2.0", "smtp; 550 5.2.0 STOREDRV.Deliver; delivery result was failed"),
    ("5.4.6", "smtp; 554 5.4.6 too many hops"),
)
GREY: Final = "smtp; 450 4.2.0 <test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/"
DOWN: Final = "smtp; 421 4.4.1 connect to mx: Connection refused"
EXPIRED: Final = "smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to connect>"
OURS: Final = "smtp; 550 5.1.1 <mxtrax@monitor.example.net>: mailbox unavailable"
"""What their server reports about our own inbox."""
