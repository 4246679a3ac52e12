"""How a step is done in the provider's product: where its message trace, its quarantine and its switches are."""

import re
from collections.abc import Mapping
from typing import Final

_STEP: Final = re.compile(r"\{(\w+)\}")

SENDER: Final = "the sender of the tests"
"""What steps call the address that tests come from; mails give the address itself (`by_name`)."""

ANY: Final[Mapping[str, str]] = {
    "trace": "Find the test in their server's log by its test ID or queue ID: was it delivered, quarantined or queued?",
    "quarantine": "Look into junk and quarantine for the test; release it, and allow the sender of the tests.",
    "allow": "Allow the sender of the tests in their gateway and filter.",
    "forwarding": "Allow this one mailbox to forward to the outside.",
}
"""The steps if the product is not known, or has no words of its own for one."""

MICROSOFT: Final[Mapping[str, str]] = {
    "trace": "Run a message trace for the test mailbox: Exchange admin center, Mail flow, Message trace.",
    "quarantine": "Look into the quarantine (Defender portal, Email & collaboration, Review, Quarantine) and into the "
    "mailbox's Junk Email.",
    "allow": "Allow the sender of the tests by a mail flow rule that bypasses spam filtering: Exchange admin center, Mail "
    "flow, Rules.",
    "forwarding": "Allow forwarding for this one mailbox by an outbound spam policy with automatic forwarding On: Defender "
    "portal, Policies & rules, Threat policies, Anti-spam.",
}  # fmt: skip

GOOGLE: Final[Mapping[str, str]] = {
    "trace": "Search for the test mailbox: Google Admin console, Reporting, Email log search.",
    "quarantine": "Look into the quarantine (Google Admin console, Apps, Google Workspace, Gmail, Manage quarantines) and "
    "into the mailbox's Spam.",
    "allow": "Add the sender of the tests to the approved senders: Google Admin console, Apps, Google Workspace, Gmail, "
    "Spam, Phishing and Malware.",
    "forwarding": "Allow automatic forwarding for this mailbox: Google Admin console, Apps, Google Workspace, Gmail, End "
    "User Access.",
}  # fmt: skip

MIMECAST: Final[Mapping[str, str]] = {
    "trace": "Search for the test mailbox: Mimecast Administration Console, Message Center, Message Tracking.",
    "quarantine": "Look at the messages on hold: Mimecast Administration Console, Message Center, Held Messages.",
    "allow": "Permit the sender of the tests by a policy: Mimecast Administration Console, Gateway, Policies.",
}

PRODUCTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "outlook.com": ("Microsoft 365", MICROSOFT),
    "office365.com": ("Microsoft 365", MICROSOFT),
    "google.com": ("Google Workspace", GOOGLE),
    "googlemail.com": ("Google Workspace", GOOGLE),
    "mimecast.com": ("Mimecast", MIMECAST),
}
"""The products by the registered domain of the mail server, as `rules/providers.py` finds it."""


def how_to(step: str, provider: str = "") -> str:
    """Word a step for the provider's product; a step that names no topic stays as it is."""
    _, own = PRODUCTS.get(provider, ("", ANY))
    return _STEP.sub(lambda topic: own.get(topic[1], ANY[topic[1]]), step)


def by_name(step: str, sender: str) -> str:
    """Name the sender in a step, so that its address can be copied."""
    return step.replace(SENDER, sender) if sender else step
