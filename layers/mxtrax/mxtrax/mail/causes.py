"""What a server meant: the table that turns a status (RFC 3463) and a reply text into a cause and a reason."""

import re
from typing import Final

from mxtrax.model import Cause, Reason

from . import status as codes
from .fields import Fields

MAX_TEXT: Final = 2_000
# What greylisting servers add to mail: delayed 331 seconds by ...; or: whitelisted, not delayed by ...
HELD: Final = re.compile(r"(?i)(?<!not )delayed\s+\d")

# The first match wins, so specific rows come before general ones. Each row: the reason, the status codes that suffice
# by themselves (registered ones of RFC 3463, 5248 and others, and Microsoft's), and words that mean it. The comment is
# an example of what a server might say.
TABLE: Final[tuple[tuple[Reason, tuple[str, ...], tuple[str, ...]], ...]] = (
    # 550 5.7.520 Your organization does not allow external forwarding.
    (Reason.FORWARDING_BLOCKED, ("5.7.520",), (
        "external forwarding", "automatic forwarding", "auto-forward", "autoforward", "forwarding is disabled",
        "forwarding disabled", "not allow forward", "forwarding not allowed", "forwarding denied", "5.7.520",
    )),
    # This address is on the suppression list of your account.
    (Reason.SUPPRESSED, (), ("suppression list", "has suppressed sending", "onaccountsuppressionlist")),
    # 554 5.4.6 Too many hops: this mail is going round in circles.
    (Reason.LOOP, ("5.4.6", "5.4.14"), (
        "too many hops", "hop count", "mail loop", "routing loop", "loops back", "loop detected", "looping",
        "too many received", "forwarding loop",
    )),
    # 450 4.2.0 You are greylisted, come back in five minutes.
    (Reason.GREYLISTED, (), ("greylist", "graylist", "grey-list", "gray-list", "try again in", "postgrey")),
    # 421 4.7.28 You are sending too fast for us.
    (Reason.RATE_LIMITED, ("5.7.28", "5.5.3", "5.7.233", "5.7.705"), (
        "rate limit", "rate that", "too many connections", "too many messages", "too many recipients", "throttl",
        "too fast", "limit exceeded for", "exceeded the rate", "sendingdeferral", "connection rate", "too much mail",
    )),
    # 552 5.2.2 The mailbox is over its quota.
    (Reason.MAILBOX_FULL, ("5.2.2",), (
        "mailbox full", "is full", "exceeded storage", "storage allocation", "out of storage", "mailboxfull", "quota",
        "not enough space", "no space left in mailbox", "disk full",
        "mailbox size limit", "too much data stored", "boîte pleine", "boite pleine", "buzón lleno", "casella piena",
        "ist voll", "postfach voll", "caixa cheia", "mailbox exceed",
    )),
    # 550 5.2.1 This account was closed in spring.
    (Reason.MAILBOX_DISABLED, ("5.2.1", "5.7.13"), (
        "mailbox disabled", "account disabled", "account is disabled", "account has been disabled", "inactive",
        "suspended", "deactivated", "mailbox is disabled", "account has been closed", "account closed",
        "account expired", "mailbox unavailable or access denied", "user is disabled", "no longer in use",
        "no longer active", "discontinued", "account locked", "account blocked",
    )),
    # 550 5.7.26 Neither SPF nor DKIM passes for the sender.
    (Reason.NOT_AUTHENTICATED, (
        "5.7.20", "5.7.21", "5.7.22", "5.7.23", "5.7.24", "5.7.26", "5.7.27", "5.7.29", "5.7.509", "5.7.515",
    ), (
        "dmarc", "spf ", "spf-", "spf:", "(spf)", "sender policy framework", "dkim", "unauthenticated",
        "authentication checks", "domain authentication",
    )),
    # User probe not listed in the directory.
    (Reason.UNKNOWN_USER, (), ("not listed in", "not found in directory")),
    # 554 5.7.1 Your address is listed in bl.example.net.
    (Reason.BLOCKLISTED, ("5.7.606", "5.7.511", "5.7.512", "5.7.25"), (
        "blacklist", "block list", "blocklist", "blocked using", "spamhaus", "spamcop", "dnsbl", "rbl", "barracuda",
        "reputation", "listed at", "listed in", "listed by", "senderbase", "blocked for abuse", "client host blocked",
        "ip address is blocked", "ip blocked", "access denied, banned sender", "ptr record", "reverse dns", "rdns",
        "ipfailure", "client host rejected",
    )),
    # 554 5.7.1 We think this is junk.
    (Reason.SPAM, ("5.7.350",), (
        "spam", "junk", "unsolicited", "ube,", "uce", "content rejected", "content filter",
        "phish", "virus", "malware", "infected", "suspicious", "bulk mail",
    )),
    # 554 Your address has been blocked. (A row above would have matched if it said why.)
    (Reason.BLOCKLISTED, (), ("has been blocked", "banned", "blocked by")),
    # 552 5.3.4 This mail is bigger than we take.
    (Reason.TOO_LARGE, ("5.3.4", "5.2.3", "5.7.16"), (
        "too large", "too big", "size limit", "maximum size", "message size exceeds", "exceeds size",
        "maximum message size", "exceeds the maximum",
    )),
    # 454 4.7.0 No encrypted connection could be made.
    (Reason.TLS, ("5.7.10", "5.7.5", "5.7.11", "5.7.30", "5.7.324"), (
        "starttls", "tls is required", "tls required", "cannot start tls", "tls negotiation", "tls handshake",
        "certificate", "ssl error", "mta-sts", "tls not available", "encryption needed",
        "encryption required", "dane",
    )),
    # 554 5.7.1 We relay for our own people only.
    (Reason.NO_RELAYING, (), (
        "relaying denied", "relay denied", "relay access denied", "relaying not", "not permitted to relay",
        "unable to relay", "relay not permitted", "relaying prohibited", "relay prohibited", "insecure mail relay",
        "no relaying", "relaying is", "does not relay", "not a gateway", "we do not relay",
    )),
    # 550 5.1.1 Nobody of this name lives here.
    (Reason.UNKNOWN_USER, ("5.1.1", "5.1.0", "5.1.3", "5.1.4", "5.1.6", "5.1.10"), (
        "user unknown", "unknown user", "no such user", "unknown recipient", "recipient unknown",
        "unknown or illegal alias", "no such recipient", "no such mailbox", "mailbox not found", "user not found",
        "recipient not found", "address not found", "doesn't exist", "not exist", "no mailbox here",
        "mailbox unavailable", "invalid recipient", "invalid mailbox", "invalid address", "address unknown",
        "unknown address", "unknown account", "no account", "not a valid", "isn't a valid", "recipnotfound",
        "not listed", "unrouteable address", "unroutable address", "unknown local", "recipient name is not recognized",
        "not our customer", "undeliverable address", "no such person", "not known", "not a known",
        "invalid user", "address rejected",
        "recipient rejected", "couldn't be found", "could not be found", "wasn't found", "no recipients",
        "no valid recipients", "utilisateur inconnu",
        "destinataire inconnu", "usuario desconocido", "no existe", "inesistente", "nicht gefunden", "unbekannt",
        "user doesn't have", "user does not have", "were unknown", "存在しません", "見つかりません", "не найден",
        "не существует",
    )),
    # The name mail.example.net could not be looked up.
    (Reason.DNS, ("5.1.2", "5.4.4", "5.4.3", "5.1.8", "5.1.7", "5.4.310"), (
        "host unknown", "unknown host", "host not found", "domain not found", "no such domain", "unknown domain",
        "name service error", "name server", "nameserver", "host or domain name", "dns error", "dns server", "no mx",
        "mx record", "unresolvable", "lookup failure", "lookup failed", "name lookup", "nxdomain", "domain does not",
        "couldn't find any host", "cannot find any host", "no route to host by that name",
        "hostnamelookup", "domain name not found", "null mx", "nullmx",
    )),
    # retry timeout exceeded: the last server exhausted its retries, whatever the first problem was.
    (Reason.EXPIRED, (), ("retry timeout exceeded", "retry time not reached")),
    # connect to mx.example.net: connection refused
    (Reason.UNREACHABLE, ("5.4.1", "5.4.2", "5.4.0", "5.4.316"), (
        "connection refused", "timed out", "timeout", "time-out", "connection reset",
        "lost connection", "no route to host", "network is unreachable", "unable to connect", "could not connect",
        "can't connect", "cannot connect", "wasn't able to establish", "connection dropped", "connection lost",
        "all hosts have been failing", "not responding", "did not accept our requests to connect", "server unavailable",
        "socket error", "communication failure", "transientcommunicationfailure", "connect to", "connection failed",
    )),
    # Your mail waited for five days; we have given up.
    (Reason.EXPIRED, ("5.4.7", "5.4.300"), (
        "expired", "given up", "giving up", "too long", "retry time", "maximum time",
        "unable to deliver message after", "queue lifetime", "message will be retried", "has been delayed", "days and",
        "in the queue",
    )),
    # Command died with status 126: /usr/local/bin/vacation: Permission denied.
    (Reason.SERVER_ERROR, (), (
        "command died", "pipe_command", "pipe to |", "execvp", "cannot append", "command output", "local delivery failed",
        "local configuration error", "mail system configuration error",
    )),
    # 554 5.7.1 Our rules do not let this through.
    (Reason.POLICY, (
        "5.7.0", "5.7.1", "5.7.2", "5.7.3", "5.7.4", "5.7.6", "5.7.7", "5.7.8", "5.7.9", "5.7.12", "5.7.14", "5.7.15",
        "5.7.17", "5.7.18", "5.7.19", "5.7.57", "5.7.60", "5.7.64", "5.7.124", "5.7.129", "5.7.133", "5.7.134", "5.7.135",
    ), (
        "policy", "not allowed", "not permitted", "permission", "not authorized", "unauthorized",
        "authentication required", "restricted", "prohibited", "administrative", "rejected", "denied",
        "forbidden", "blocked", "not accepted", "refused", "not a member", "not member", "subscribers", "not subscribed",
        "members only", "moderat",
    )),
    # 451 4.3.0 Something broke here.
    (Reason.SERVER_ERROR, (
        "5.3.0", "5.3.1", "5.3.2", "5.3.3", "5.3.5", "5.2.4", "4.2.0", "4.2.1", "5.4.5", "5.5.0", "5.5.1", "5.5.2", "5.5.4",
        "5.5.5", "5.6.0", "5.6.1", "5.6.2", "5.6.3", "5.6.5", "5.6.6", "5.6.7", "5.6.8", "5.6.9",
    ), (
        "local error", "internal error", "configuration error", "configuration problem", "system error", "server error",
        "temporary failure", "internalfailure", "recipientservererror", "protocol error", "syntax error", "command not",
        "i/o error", "processing error", "service unavailable", "service not available", "system not accepting",
        "insufficient system", "local delivery", "local problem", "improper sequence",
        "unexpected failure", "resources",
    )),
)  # fmt: skip
# What a basic reply means (RFC 5321, section 4.2.3; RFC 7504; RFC 4954), if no code and no word says more.
BY_REPLY: Final = {
    "421": Reason.SERVER_ERROR, "451": Reason.SERVER_ERROR, "452": Reason.SERVER_ERROR, "454": Reason.TLS,
    "500": Reason.SERVER_ERROR, "501": Reason.SERVER_ERROR, "502": Reason.SERVER_ERROR, "503": Reason.SERVER_ERROR,
    "504": Reason.SERVER_ERROR, "521": Reason.POLICY, "530": Reason.POLICY, "534": Reason.POLICY, "535": Reason.POLICY,
    "551": Reason.UNKNOWN_USER, "552": Reason.MAILBOX_FULL, "553": Reason.UNKNOWN_USER, "555": Reason.SERVER_ERROR,
    "556": Reason.DNS,
}  # fmt: skip
WORDS: Final = tuple(word for _, _, words in TABLE for word in words)
BY_WORD: Final = {word: reason for reason, _, words in reversed(TABLE) for word in words}
BY_STATUS: Final = {code: reason for reason, known, _ in TABLE for code in known}
# A code's subject and detail say what it means, its class only how permanent it is (RFC 3463, section 2). 4.2.1 and
# 4.2.0 are used for any problem with a mailbox.
BY_DETAIL: Final = {code[1:]: reason for code, reason in BY_STATUS.items() if code[0] == "5"}
# A status that means one of these says little: many servers answer 5.7.1 or 5.4.1 to an unknown user. Words say more.
VAGUE: Final = frozenset((Reason.POLICY, Reason.SERVER_ERROR, Reason.UNREACHABLE, Reason.EXPIRED))
TELLING: Final = WORDS[: max(WORDS.index(word) for word in WORDS if BY_WORD[word] not in VAGUE) + 1]
"""The words up to the last one with a specific reason: beside a status for an unknown user, the rest add nothing."""
# An unregistered detail means what its subject means, like a detail of 0 (RFC 3463, sections 2 and 3).
BY_SUBJECT: Final = {code[2]: reason for code, reason in BY_STATUS.items() if code.endswith(".0")}
ALWAYS: Final = {Reason.FORWARDING_BLOCKED: Cause.FORWARD_BLOCKED, Reason.SUPPRESSED: Cause.SUPPRESSED}
# Without a code, a server that gives one of these reasons will retry.
PASSING: Final = frozenset((Reason.GREYLISTED, Reason.RATE_LIMITED, Reason.UNREACHABLE, Reason.EXPIRED))
DELAY_WORDS: Final = frozenset((
    "general", "internalfailure", "mailboxfull", "spamdetected", "recipientservererror", "ipfailure",
    "transientcommunicationfailure", "byoiphostnamelookupunavailable", "undetermined", "sendingdeferral",
))  # fmt: skip


def reason(status: str | None, text: str) -> Reason:
    """Find the reason: by a specific status, then by the words, then by their form, then by a vague status or a reply."""
    from . import states  # noqa: PLC0415 -- a mail that comes through brings no such answer

    by_status = by_code(status) if status and status[0] != "2" and not codes.generic(status) else None
    if by_status and by_status not in VAGUE and by_status is not Reason.UNKNOWN_USER:
        return by_status
    said = " ".join(text[:MAX_TEXT].lower().split())
    words = TELLING if by_status is Reason.UNKNOWN_USER else WORDS
    word = next((word for word in words if word in said), None) if said else None
    if word and BY_WORD[word] not in VAGUE:
        full = BY_WORD[word] is Reason.TOO_LARGE and states.overfull(said)
        return Reason.MAILBOX_FULL if full else BY_WORD[word]
    if state := states.of(said):
        return state
    if word and by_status is not Reason.UNKNOWN_USER:
        return BY_WORD[word]
    return by_status or next(
        (BY_REPLY[one] for one in reversed(codes.REPLY.findall(said)) if one in BY_REPLY), Reason.UNKNOWN
    )


def by_code(status: str) -> Reason | None:
    """Find the reason that a failure or delay status gives by itself: by its detail, else by its subject."""
    detail = BY_STATUS.get(status) or BY_DETAIL.get(status[1:])
    return detail or BY_SUBJECT.get(status.partition(".")[2].partition(".")[0])


def explain(status: str | None, text: str) -> tuple[Cause | None, Reason]:
    """Give cause and reason for a status such as 5.1.1 and a reply text, or for SES's diagnosticCode and delayType.

    The cause follows the reply's class (RFC 5321, section 4.2.1): 5 is refused, 4 deferred. None if neither is known.
    The text takes precedence over a status without a detail (RFC 3463, section 2: x.0.0): that is often the reporting
    server's own, while the reply that it quotes is specific.
    """
    if codes.generic(status or None):
        class_said = _reply_class(text[:MAX_TEXT])
        detailed = codes.best(codes.codes(text[:MAX_TEXT]))
        status = class_said + detailed[1:] if class_said and detailed else detailed or status
    why = reason(status, text)
    if why in ALWAYS:
        return ALWAYS[why], why
    bare = text.strip()
    if bare.lower() in DELAY_WORDS:
        return Cause.DEFERRED, why
    code = status if status and status[0] in "45" else codes.best(codes.codes(text[:MAX_TEXT]))
    digit = code[0] if code and code[0] in "45" else _reply_class(text[:MAX_TEXT])
    if digit == "5":
        return Cause.REFUSED, why
    if digit == "4" or why in PASSING:
        return Cause.DEFERRED, why
    return (Cause.REFUSED if why is not Reason.UNKNOWN else None), why


def _reply_class(text: str) -> str:
    """Return the class of the last SMTP reply in a text (the final one comes last), empty if there is none."""
    found = codes.REPLY.findall(text)
    return found[-1][0] if found else ""


def held(fields: Fields) -> tuple[Cause | None, Reason]:
    """Say whether a returned mail was greylisted, according to its X-Greylist field."""
    if any(HELD.search(value) for value in fields.all("x-greylist")):
        return Cause.DEFERRED, Reason.GREYLISTED
    return None, Reason.UNKNOWN
