"""Read delivery status notifications (RFC 3464, RFC 6533) by the standard, and their fields wherever they are."""

import re
from collections.abc import Callable
from typing import Final

from mxtrax.model import Recipient

from . import address
from .bounds import MAX_DIAGNOSTIC, MAX_LINE, MAX_RECIPIENTS

# A pattern begins with what must be there, so that the search is fast; what must not precede that comes second.
CODE: Final = re.compile(r"([245])(?<![\d.][245])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)")
REPLY: Final = re.compile(r"([45]\d\d)(?<![\d.:#/-]\d\d\d)(?=[ -]\D|[ -]#?[45]\.|$)")
"""An SMTP reply code (RFC 5321, section 4.2) before words or a status."""
ANSWER: Final = re.compile(r"([245])(?<![\d.][245])\d\d[ -]{1,2}#?\1\.\d{1,3}\.\d{1,3}(?![\d.])")
"""A reply with its enhanced code (RFC 2034, section 4)."""
ASIDE: Final = re.compile(r"\(#[245]\.\d{1,3}\.\d{1,3}\)")
"""A code in brackets after a server's words. It is not the reply's own, which is directly after the reply (RFC 2034)."""
MARKED: Final = re.compile(r"#([245])\.\d{1,3}\.\d{1,3}\b")
"""A code as Exchange and qmail mark it: #5.1.1."""
ENVELOPE: Final = re.compile(r"rcpt(?<!\wrcpt)[ _]to\b")
LOCAL: Final = re.compile(r"diagnostic-code(?<!\wdiagnostic-code)[ \t]*:[ \t]*x-(?:unix|local|program)\b")
LINE: Final = re.compile(r"[ \t>]{0,8}([A-Za-z][A-Za-z-]{3,40})[ \t]*:[ \t]*(.*)")
PER_MESSAGE: Final = (
    "reporting-mta",
    "original-envelope-id",
    "dsn-gateway",
    "received-from-mta",
    "arrival-date",
    "reporting-ua",
)
PER_RECIPIENT: Final = (
    "final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta",
    "last-attempt-date", "will-retry-until", "x-actual-recipient", "final-log-id",
)  # fmt: skip
KNOWN: Final = frozenset(PER_MESSAGE + PER_RECIPIENT)
MARK: Final = re.compile(r"\n[ \t>]{0,8}(?:final|original)-recipient[ \t]*:")
DONE: Final = ("delivered", "relayed", "expanded")
ACTIONS: Final = ("failed", "delayed", *DONE)
LAST: Final = ("expanded", None, "delayed", "relayed", "delivered", "failed")
"""Actions in the order in which they may follow each other for one address: the last is the final one."""

type Group = dict[str, str]


def codes(text: str) -> list[str]:
    """Return the enhanced status codes in a text (RFC 3463), in order, without parts of IP addresses."""
    return [f"{kind}.{int(subject)}.{int(detail)}" for kind, subject, detail in CODE.findall(text)]


def answers(text: str) -> str:
    """Return the classes of the SMTP replies in a text; a bare reply code counts next to the envelope's command."""
    classes = "".join(ANSWER.findall(text) + MARKED.findall(text))
    if not classes and ENVELOPE.search(text.lower()):
        classes = "".join(reply[0] for reply in REPLY.findall(text))
    return classes


def generic(status: str | None) -> bool:
    """Say whether a status says no more than its class."""
    return status is None or status.endswith(".0.0")


def best(found: list[str]) -> str | None:
    """Choose the most informative code: an error before a success, a specific one before a generic one."""
    errors = [code for code in found if code[0] != "2"] or found
    return next((code for code in errors if not generic(code)), errors[0] if errors else None)


def finer(status: str | None, text: str) -> str | None:
    """Return a text's more detailed status of the same class for one without a detail (RFC 3463, section 2: x.0.0)."""
    if not generic(status):
        return status
    if not status:
        return best(_errors(text))
    return best([code for code in codes(ASIDE.sub("", text)) if code[0] == status[0]]) or status


def _errors(text: str) -> list[str]:
    return [code for code in codes(text) if code[0] != "2"]


def local(text: str) -> bool:
    """Say whether a report's diagnostic is from a local program on the server, not from SMTP."""
    return LOCAL.search(text.lower()) is not None


def flattened(text: str) -> bool:
    """Say whether a text has a report's fields."""
    low = text.lower()
    return "l-recipient" in low and MARK.search("\n" + low) is not None


def groups(text: str) -> list[Group]:
    """Split a report into groups of fields: at blank lines, and where a field that may occur once is repeated."""
    result: list[Group] = []
    group: Group = {}
    last = ""
    for line in text.split("\n"):
        found = LINE.match(line)
        name = found[1].lower() if found else ""
        if found and (name in KNOWN or name.startswith("x-")):
            if name in group and name in ("final-recipient", "original-recipient", "action", "status"):
                result.append(group)
                group = {}
            group.setdefault(name, found[2].strip())
            last = name
        elif not line.strip():
            if group:
                result.append(group)
            group, last = {}, ""
        elif last == "diagnostic-code" and len(group[last]) < MAX_DIAGNOSTIC:
            # Many servers continue a diagnostic without the white space that folding asks for.
            group[last] += " " + line.strip()
        elif last and line[0] in " \t" and len(group[last]) < MAX_LINE:
            group[last] += " " + line.strip()
        if len(result) > 4 * MAX_RECIPIENTS:
            break
    if group:
        result.append(group)
    return result


def typed(value: str) -> str:
    """Drop the type in front of a value such as `rfc822; a@example.net` (RFC 3464, section 2.1.2)."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and " " not in kind.strip() and "@" not in kind else value.strip()


def _address(group: Group, known: str, originals: Callable[[], list[str]]) -> str:
    """Choose the address: the one we wrote to, else the final one, unless that is internal to their network."""
    given = [
        typed(group[name]) for name in ("final-recipient", "original-recipient", "x-actual-recipient") if name in group
    ]
    found = [one for value in given if (one := address.of_field(value))]
    ours = [known] if known else originals() if len(set(found)) > 1 else []
    if told := next((one for one in ours if any(address.same(one, other) for other in found)), ""):
        return told
    return next((one for one in found if address.public(one)), found[0] if found else "")


def _whole(found: list[Group]) -> list[Group]:
    """Join groups split by a misplaced blank line: fields without a recipient belong to the one next to them."""
    result: list[Group] = []
    waiting: Group = {}
    for group in found:
        own = {name: value for name, value in group.items() if name in PER_RECIPIENT}
        if "final-recipient" in own or "original-recipient" in own:
            result.append({**waiting, **own})
            waiting = {}
        elif result and own and not own.keys() & result[-1].keys():
            result[-1].update(own)
        else:
            waiting = {**waiting, **own}
    return result


def reported(text: str, known: str = "", originals: Callable[[], list[str]] = list) -> tuple[list[Recipient], str]:
    """Return the recipients of a report and who reports. The one we wrote to is `known`, or else among the `originals`."""
    found = groups(text)
    recipients: dict[str, Recipient] = {}
    for group in _whole(found)[: 2 * MAX_RECIPIENTS]:
        one = _recipient(group, known, originals)
        if one and (len(recipients) < MAX_RECIPIENTS or one.address.casefold() in recipients):
            before = recipients.setdefault(one.address.casefold(), one)
            if LAST.index(one.action) > LAST.index(before.action):
                recipients[one.address.casefold()] = one
    server = next((group["reporting-mta"] for group in found if "reporting-mta" in group), "")
    return list(recipients.values()), typed(server).strip("<>")


def _recipient(group: Group, known: str, originals: Callable[[], list[str]]) -> Recipient | None:
    found = _address(group, known, originals)
    if not found:
        return None
    word = group.get("action", "").strip().lower().partition(" ")[0].strip("(;,")
    diagnostic = " ".join(typed(group.get("diagnostic-code", "")).split())[:MAX_DIAGNOSTIC]
    status = finer(best(codes(group.get("status", ""))), diagnostic)
    # Action is required (RFC 3464, section 2.3.3); without it, a server that gives a Will-Retry-Until is still
    # retrying.
    goes_on = "will-retry-until" in group and (status or "4")[0] == "4"
    action = word if word in ACTIONS else "delivered" if (status or "")[:1] == "2" else "delayed" if goes_on else None
    return Recipient(address=found, action=action, status=status, diagnostic=diagnostic or None)
