"""The one table of what each cause and reason is called, what it means, what to do next, and where the fault lies.

Words stand in a subject or a cell; a meaning says what is known and what is not; steps are in the order in which they
are tried. A step in braces is worded for the provider's own product (how_to.py). No word claims more than is known.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Reason


class Fault(StrEnum):
    """Where the fault lies: in the customer's mail, in how the test mailbox is set up, with us, or nobody knows."""

    CUSTOMER = "customer"
    SETUP = "setup"
    OURS = "ours"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How sure that is: a server said so, it is the most likely, or it is one of several."""

    CERTAIN = "certain"
    LIKELY = "likely"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a reason adds to a refusal, a deferral or a bounce: its words, three at most, and what to do about it.

    `alone` are the words to use if no server of theirs was reached: then none is mentioned.
    """

    words: str
    meaning: str
    steps: tuple[str, ...]
    fault: Fault
    certainty: Certainty = Certainty.CERTAIN
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What a cause says alone, and the words before a reason. A `permanent` cause is a refusal for good.

    `unexplained` is added to the meaning if no reason says whom it hits.
    """

    words: str
    meaning: str
    steps: tuple[str, ...]
    fault: Fault
    certainty: Certainty = Certainty.LIKELY
    grounds: str = ""
    unexplained: str = ""
    permanent: bool = False


CAUSES: Final[Mapping[Cause, Course]] = {
    Cause.REFUSED: Course(
        "mail is refused",
        "The test was permanently rejected before it reached a mailbox.",
        (
            "Read the server's words: they give the reason.",
            "Send a mail to another mailbox of the domain: is that refused, too?",
            "{trace}",
        ),
        Fault.UNKNOWN,
        Certainty.OPEN,
        grounds="mail is refused, {}",
        permanent=True,
    ),
    Cause.DEFERRED: Course(
        "mail is deferred",
        "The test was not accepted at once; SES keeps retrying.",
        ("Read the server's words: they give the reason.", "Look at their server's load and queue.", "{trace}"),
        Fault.UNKNOWN,
        Certainty.OPEN,
        grounds="mail is deferred, {}",
        unexplained="Mail from others may be just as late.",
    ),
    Cause.ACCEPTED_THEN_LOST: Course(
        "accepted, but not sent back",
        "Their server accepted the test, and nothing came back. Mail may be lost or held inside, or only the rule that "
        "sends tests back is gone: from here the two look alike.",
        (
            "Open the test mailbox: is the test in it? Then the rule that redirects it is missing or off; set it again.",
            "{quarantine}",
            "{trace}",
            "Do other domains of this provider still send back? Then it is this mailbox rather than the provider.",
        ),
        Fault.UNKNOWN,
        Certainty.OPEN,
    ),
    Cause.RETURNED_AS_BOUNCE: Course(
        "accepted, then bounced",
        "Their gateway accepted the test, and a server behind it sent a bounce.",
        (
            "Read the bounce: it names the server and gives the reason.",
            "Check the directory and the next hop behind the gateway.",
            "{trace}",
        ),
        Fault.CUSTOMER,
        grounds="accepted, then bounced: {}",
        permanent=True,
    ),
    Cause.FORWARD_BLOCKED: Course(
        "forwarding back is blocked",
        "The test arrived, and their system does not let the mailbox forward mail to the outside. This is no outage: "
        "their other mail is not affected.",
        ("{forwarding}", "Then send a test by hand: it should be back within seconds."),
        Fault.SETUP,
        Certainty.CERTAIN,
        permanent=True,
    ),
    Cause.SLOW_OUTBOUND: Course(
        "slow to be accepted",
        "The test came back late; most of that time passed before their server accepted it.",
        ("Does their gateway queue, greylist or lack connections? Look at its log.", "Try each MX of the domain by hand."),
        Fault.CUSTOMER,
    ),
    Cause.SLOW_INSIDE: Course(
        "slow after they accepted it",
        "The test came back late; most of that time passed after their server had accepted it. If no later server "
        "gives its time, that may also be the way back.",
        (
            "Open the test: the hop with the longest gap names the server that held it.",
            "Look at the queues and scanners of that server.",
            "{trace}",
        ),
        Fault.CUSTOMER,
    ),
    Cause.SLOW_RETURN: Course(
        "slow on its way back",
        "The test came back late; most of that time passed after it had left their last server.",
        (
            "Look at their outbound queue and relay: their other outgoing mail is late, too.",
            "Are domains of other providers late as well? Then look at our own inbox: mxtrax doctor.",
        ),
        Fault.UNKNOWN,
    ),
    Cause.NO_WORD: Course(
        "no server reports anything",
        "The test is not back in time, and neither SES nor a server of theirs says where it was held.",
        ("Check that SES events arrive: mxtrax doctor.", "{trace}", "Connect to port 25 of each MX."),
        Fault.UNKNOWN,
        Certainty.OPEN,
    ),
    Cause.SUPPRESSED: Course(
        "not sent, address is suppressed",
        "SES did not send the test: the address is on its suppression list since a mail to it bounced. The fault is ours.",
        (
            "Make sure that the mailbox exists: else its next bounce puts it there again.",
            "Then wait: SES takes an address off its list after 14 days at most. Nobody else can.",
        ),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.SEND_FAILED: Course(
        "not sent, sending failed",
        "The test did not leave us. The fault is ours.",
        ("Run mxtrax doctor.", "Look at the log of the send function."),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.THROTTLED: Course(
        "not sent, above sending rate",
        "SES accepts no more mail from us this second, or today. The fault is ours.",
        (
            "Compare SendRate with what SES allows the account: mxtrax doctor.",
            "Lengthen interval_minutes, or ask SES for more.",
        ),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.QUOTA_EXCEEDED: Course(
        "not sent, daily quota used up",
        "This account has used up its daily quota at SES. The fault is ours.",
        (
            "Ask SES for a higher quota, and deploy with it as SendQuota: retests then keep within it.",
            "Lengthen interval_minutes: mxtrax doctor says what the fleet needs.",
        ),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.MONITOR_FAULT: Course(
        "the monitor itself is in trouble",
        "The fault is ours, or may be. Alerts that it may have caused are on hold.",
        ("Run mxtrax doctor.", "Look at docs/operations.md, under the alarm that rings."),
        Fault.OURS,
    ),
    Cause.CHANNEL_FAILED: Course(
        "a channel does not deliver",
        "A channel that people added does not accept its notices. The other channels are not affected.",
        (
            "Read its service's answer.",
            "Was the key or the URL revoked, or has the person who created it left? Give the channel a new one.",
            "Then test it: mxtrax channels test.",
        ),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.STORM: Course(
        "more mail returns than sent",
        "Far more mail comes to our inbox than tests went out: a loop, or somebody found the address.",
        ("mxtrax unmatched list shows whose mail it is.", "Pause the domain that loops."),
        Fault.UNKNOWN,
    ),
    Cause.JOB_SILENT: Course(
        "the monitor's own work has stopped",
        "One of the monitor's jobs is off, fails, or achieves nothing. Its work is not being done.",
        ("Look at docs/operations.md, under the alarm that rings.", "Run mxtrax doctor."),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
    Cause.PEER_UNWELL: Course(
        "the other monitor has a problem",
        "The monitor that this one watches does not answer, or reports that it is not working.",
        ("Look at its /health, and at the alarms of its stack.",),
        Fault.OURS,
        Certainty.CERTAIN,
    ),
}  # fmt: skip
"""What became of a test. A step in braces is worded for the provider's own product (how_to.py)."""

REFUSED: Final = frozenset(cause for cause, it in CAUSES.items() if it.permanent)
"""Permanent answers. Each is a hard bounce in SES's books, whether it came at once or as a report."""

ALLOW: Final = (
    "{allow}",
    "If domains of several providers say this, look at our SPF, DKIM and reputation: mxtrax doctor.",
)

REASONS: Final[Mapping[Reason, Ground]] = {
    Reason.UNKNOWN_USER: Ground(
        "no such mailbox",
        "Their server has no mailbox with this address. If it worked before, the mailbox was removed, or the directory is "
        "at fault; then other mailboxes may be refused, too.",
        (
            "Send a mail to another mailbox of the domain. If that is refused, too, the directory or its sync is at fault.",
            "Otherwise create the test mailbox again, or correct its address here.",
        ),
        Fault.UNKNOWN,
        Certainty.OPEN,
    ),
    Reason.MAILBOX_FULL: Ground(
        "mailbox full",
        "The test mailbox is over its quota, or their storage is.",
        (
            "Empty the test mailbox, and let the rule delete what it has redirected.",
            "Was it nearly empty? Then their storage is full, and others' mail is refused, too.",
        ),
        Fault.UNKNOWN,
        Certainty.OPEN,
    ),
    Reason.MAILBOX_DISABLED: Ground(
        "mailbox disabled",
        "The test mailbox, or its account, was switched off.",
        ("Enable the account again; an expired licence disables it.", "Are other accounts of the customer off, too?"),
        Fault.UNKNOWN,
        Certainty.OPEN,
    ),
    Reason.GREYLISTED: Ground(
        "greylisting",
        "Their server makes first-time senders wait. SES sends from many addresses, so that each test may wait again; "
        "anybody's first mail to them is as late.",
        ("Exempt the tests from greylisting: {allow}", "Or raise maxreturntime of this domain above their wait."),
        Fault.SETUP,
    ),
    Reason.RATE_LIMITED: Ground(
        "rate limit",
        "Their server accepts no more mail from us for now. Mail from others may not be affected.",
        (
            "Lengthen interval_minutes for the domains of this provider.",
            "Ask the provider to raise its limit for the sender of the tests.",
        ),
        Fault.SETUP,
    ),
    Reason.NOT_AUTHENTICATED: Ground(
        "sender not authenticated",
        "Their server says that SPF, DKIM or DMARC do not authenticate our sender. Their other mail is not affected.",
        ("Check our SPF, DKIM and DMARC records: mxtrax doctor.", "{allow}"),
        Fault.OURS,
        Certainty.LIKELY,
    ),
    Reason.BLOCKLISTED: Ground(
        "sender is blocked",
        "Their server blocks our sender, or the address that SES sends from. Their other mail is not affected.",
        ALLOW,
        Fault.SETUP,
        Certainty.LIKELY,
    ),
    Reason.SPAM: Ground(
        "classified as spam",
        "Their filter classifies the test as spam or worse. Their other mail is not affected, unless the filter has "
        "become too strict.",
        ALLOW,
        Fault.SETUP,
        Certainty.LIKELY,
    ),
    Reason.POLICY: Ground(
        "by their policy",
        "One of their rules rejects the test: it limits who may write to the mailbox, or what may come in.",
        ("Let the mailbox accept mail from external senders.", "{allow}"),
        Fault.SETUP,
        Certainty.LIKELY,
    ),
    Reason.TOO_LARGE: Ground(
        "too large",
        "Their server rejects mail of this size, though a test is only a few kilobytes.",
        ("Check the size limit of the mailbox and the server: other mail is refused, too.",),
        Fault.CUSTOMER,
    ),
    Reason.TLS: Ground(
        "TLS fails",
        "No encrypted connection could be made: a certificate, MTA-STS, DANE, or a protocol that is too old.",
        (
            "Check the certificate of each MX: has it expired, does it bear the MX's name?",
            "Check the MTA-STS policy and the TLSA records of the domain.",
        ),
        Fault.CUSTOMER,
    ),
    Reason.NO_RELAYING: Ground(
        "relaying denied",
        "The server that the MX points to does not accept mail for this domain.",
        ("Does the MX point to the right server?", "Is this server configured to accept mail for the domain?"),
        Fault.CUSTOMER,
    ),
    Reason.DNS: Ground(
        "DNS lookup fails",
        "A name could not be looked up: the domain's, or that of its mail server. If so, nobody can send them mail.",
        (
            "Urgent if it worked before. Look up the MX and the address of each: dig MX of the domain.",
            "Has the domain expired? Do its name servers answer, and agree?",
            "If the words name our own domain, check ours: mxtrax doctor.",
        ),
        Fault.CUSTOMER,
        Certainty.LIKELY,
        alone="DNS lookup fails",
    ),
    Reason.UNREACHABLE: Ground(
        "connection fails",
        "No connection to a mail server of the domain could be made or kept.",
        (
            "Connect to port 25 of each MX: their line, their firewall, their server?",
            "Call the operator of the server: all mail to the domain waits.",
        ),
        Fault.CUSTOMER,
        Certainty.LIKELY,
        alone="mail server cannot be reached",
    ),
    Reason.EXPIRED: Ground(
        "retries exhausted",
        "SES retried until its time limit; the server's words say why the last attempt failed.",
        ("Connect to port 25 of each MX.", "Look at the tests before this one: they show what went wrong."),
        Fault.CUSTOMER,
        Certainty.LIKELY,
        alone="not delivered, retries exhausted",
    ),
    Reason.SERVER_ERROR: Ground(
        "server error",
        "Their server reports an internal error: other mail is likely to hit it, too.",
        ("Look at the log of their server at this time: disk, storage, scanner, configuration.", "{trace}"),
        Fault.CUSTOMER,
        Certainty.LIKELY,
    ),
    Reason.LOOP: Ground(
        "mail loop",
        "The test was passed from server to server until one stopped it.",
        (
            "Do two servers send this mailbox's mail to each other? Follow the hops in the bounce.",
            "Check the redirect: it has to end at the sender of the tests.",
        ),
        Fault.CUSTOMER,
        Certainty.LIKELY,
    ),
}  # fmt: skip
"""What a server gave as its reason. A reason that adds nothing to its cause is not here."""
