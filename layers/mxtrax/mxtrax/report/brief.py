"""A notice in short, for subjects, chats, pagers and tickets, with the point within the first fifty characters."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import DAY, MONITOR, SECOND, Cause, Incident, Millis, Notice, NoticeKind, Severity
from mxtrax.report import words
from mxtrax.rules.cause import span
from mxtrax.rules.explanation import Explanation, explain
from mxtrax.rules.severity import ORDER, severity_of
from mxtrax.rules.untrusted_text import line

SUBJECT: Final = 80
"""Characters of a subject: what a watch and a list of mails show."""

WHO: Final = 33
"""Characters for the tag and whom it is about, so that what is wrong begins within the first fifty."""

CUT: Final = "\N{HORIZONTAL ELLIPSIS}"

ACT: Final = "Acknowledge or mute"
"""What stands on the link by which people act."""

KINDS: Final = tuple(NoticeKind)
"""New incidents first, then known ones, then those that are over."""

TAGS: Final = {Severity.DOWN: "DOWN", Severity.SLOW: "SLOW", Severity.SETUP: "SET-UP", Severity.OURS: "OURS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One incident at one moment, in words.

    `id` is what machines know it by again, `record` what the API has it under, `notice` identifies this notice, even if
    it is retried with the same news. `link` leads to it, `act` to where somebody says without signing in that they
    are on it, where these are known. `evidence` and names are strangers' words, made harmless; every field is one line.
    """

    id: str
    record: str
    notice: str
    kind: NoticeKind
    severity: Severity
    subject: str
    who: str
    address: str
    customer: str
    provider: str
    words: str
    told: Explanation
    evidence: str
    when: str
    on_it: str
    link: str
    act: str
    opened: Millis
    began: Millis
    closed: Millis | None
    at: Millis
    test: bool = False

    @property
    def over(self) -> bool:
        """Say whether it is a recovery."""
        return self.kind is NoticeKind.CLOSED

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Give the facts by label, in reading order."""
        known = [
            ("What", self.words),
            ("When", self.when),
            ("Customer", self.customer),
            ("Mailbox", "" if self.severity is Severity.OURS else self.address),
            ("Provider", self.provider),
            ("Evidence", self.evidence),
            ("On it", self.on_it),
        ]
        return [(label, value) for label, value in known if value]

    @property
    def steps(self) -> tuple[str, ...]:
        """Give what to do next; nothing once it is over."""
        return () if self.over else self.told.next_steps


def brief(notice: Notice, zone: tzinfo = UTC, base: str = "", act: str = "") -> Brief:
    """Put a notice into short words. `base` is the address of the console, with nothing behind the host."""
    incident = notice.incident
    told = explain(incident.cause, incident.reason, incident.provider)
    address = words.clean(notice.domain.address if notice.domain else incident.maildomain)
    customer = words.clean(notice.customer.friendlyname if notice.customer else incident.customer)
    return Brief(
        id=incident.thread,
        record=incident.id,
        notice=_number(notice),
        kind=notice.kind,
        severity=severity_of(incident),
        subject=subject([notice], zone),
        who=who(notice, 200),
        address=address,
        customer=customer,
        provider=words.clean(incident.provider),
        words=told.words,
        told=told,
        evidence=words.clean(incident.evidence),
        when=when(notice, zone),
        on_it=words.clean(incident.acknowledged_by) if incident.acknowledged else "",
        link=link(notice, base),
        act=act,
        opened=incident.opened,
        began=incident.began,
        closed=incident.closed,
        at=notice.at,
        test=notice.test,
    )


def _number(notice: Notice) -> str:
    """Name a notice by what its reader was told before and is told now. A retry changes none of it."""
    it = notice.incident
    cause = "" if it.closed is not None else f"-{it.cause or 'unknown'}-{it.reason or 'unknown'}"
    return f"{it.thread}-{notice.kind}-{it.closed or it.opened}-{notice.before}{cause}"


def subject(notices: Sequence[Notice], zone: tzinfo = UTC) -> str:
    """Write one line of several notices, at most 80 characters: the worst first, by customer, what is wrong, since when."""
    ordered = worst_first(notices)
    first = [it for it in ordered if it.kind is ordered[0].kind and _ours(it) == _ours(ordered[0])]
    more = len(ordered) - len(first)
    behind = f"; {more} more" if more else ""
    test = "TEST " if any(it.test for it in notices) else ""
    again = "Again " if all(it.incident.again_of and it.incident.closed is None for it in first) else ""
    return _fitted(test + _tag(ordered[0]) + again, _about(first), _what(first, zone), behind)


def worst_first(notices: Sequence[Notice]) -> list[Notice]:
    """Order notices: new before over, then the worst, the most people, the longest."""
    hit: dict[str, int] = {}
    for it in notices:
        hit[_together(it)] = hit.get(_together(it), 0) + 1
    return sorted(
        notices,
        key=lambda it: (
            _rank(it),
            KINDS.index(it.kind),
            ORDER.index(severity_of(it.incident)),
            -hit[_together(it)],
            it.incident.opened,
            it.incident.id,
        ),
    )


def _rank(notice: Notice) -> int:
    """Put a fault of our own first, since alerts wait for it; our other troubles and our recovery come last."""
    if not _ours(notice):
        return 1
    return 0 if notice.incident.cause is Cause.MONITOR_FAULT and notice.incident.closed is None else 2


def who(notice: Notice, room: int = WHO) -> str:
    """Name whom a notice is about: the customer, and the domain where there is room for both."""
    if _ours(notice):
        return "MXTRAX"
    domain = words.clean(notice.domain.domainname if notice.domain else notice.incident.maildomain.rpartition("@")[2])
    name = words.clean(notice.customer.friendlyname if notice.customer else "")
    if not name:
        return _cut(domain, room)
    both = f"{name} ({domain})"
    return both if len(both) <= room else _cut(name, room)


def when(notice: Notice, zone: tzinfo) -> str:
    """Say since when, or from when to when, by the clock of the reader; the full moment stands with UTC beside."""
    incident = notice.incident
    opened = words.when(incident.opened, zone)
    if incident.closed is not None:
        return f"{opened} to {words.when(incident.closed, zone)}, for {lasted(notice)}"
    first = f", first at {words.when(incident.began, zone)}" if incident.again_of else ""
    so_far = "" if notice.kind is NoticeKind.OPENED else f", for {lasted(notice)} now"
    return f"{'again ' if incident.again_of else ''}since {opened}{first}{so_far}"


def lasted(notice: Notice) -> str:
    """Say for how long it went on, or goes on."""
    until = notice.at if notice.incident.closed is None else notice.incident.closed
    return span(max(0, until - notice.incident.opened))


def _since(incident: Incident, at: Millis, zone: tzinfo) -> str:
    opened = datetime.fromtimestamp(incident.opened // SECOND, zone)
    if at - incident.opened < DAY:  # The subject of a day's reminders stays: they are one conversation.
        return f"{opened:%H:%M}"
    return f"{opened.day} {opened:%b %H:%M}"


def _tag(notice: Notice) -> str:
    if _ours(notice):
        return ""
    if notice.kind is NoticeKind.CLOSED:
        return "[OK] "
    also = "Also " if notice.joined else ""
    return f"[{TAGS[severity_of(notice.incident)]}] {also}"


def _about(notices: Sequence[Notice]) -> str:
    """Name one, or count several by customer and name what they share."""
    if len(notices) == 1 or _ours(notices[0]):
        return who(notices[0])
    customers = {it.incident.customer for it in notices}
    providers = {it.incident.provider for it in notices}
    (provider,) = providers if len(providers) == 1 else ("",)
    if len(customers) == 1:
        return f"{_cut(_name(notices[0]), 22)}, {words.many(len(notices), 'domain')}"
    if provider:
        return f"{words.many(len(customers), 'customer')} of {_cut(words.clean(provider), 24)}"
    return f"{_cut(_name(notices[0]), 20)} and {words.many(len(customers) - 1, 'other customer')}"


def _name(notice: Notice) -> str:
    return words.clean(notice.customer.friendlyname) if notice.customer else who(notice)


def _what(notices: Sequence[Notice], zone: tzinfo) -> tuple[str, str]:
    """Say what is wrong, and since when; the time is left out first if there is no room."""
    first = notices[0]
    if first.kind is NoticeKind.CLOSED:
        gone = first.domain is None and not first.test and not _ours(first)
        is_well = "no longer tested" if gone else "well again" if len(notices) == 1 else "all well again"
        return is_well, f" after {lasted(max(notices, key=lambda it: (it.incident.closed or 0) - it.incident.opened))}"
    causes = {(it.incident.cause, it.incident.reason) for it in notices}
    told = explain(*causes.pop()).words if len(causes) == 1 else f"{len(causes)} causes"
    if _ours(first) and told == explain(first.incident.cause).words:
        told = told.replace("the monitor itself is in trouble", "itself is in trouble, customer alerts held")
    opened = min((it.incident for it in notices), key=lambda it: it.opened)
    return told, f", since {_since(opened, first.at, zone)}"


def _fitted(tag: str, about: str, what: tuple[str, str], behind: str) -> str:
    said, since = what
    between = " " if about == "MXTRAX" and said.startswith(("itself", "well")) else ": "
    for tail in (since + behind, since, ""):
        whole = f"{tag}{about}{between}{said}{tail}"
        if len(whole) <= SUBJECT:
            return whole
    return _cut(f"{tag}{about}{between}{said}", SUBJECT)


def _together(notice: Notice) -> str:
    return notice.incident.provider or notice.incident.maildomain


def _ours(notice: Notice) -> bool:
    return notice.incident.maildomain == MONITOR


def _cut(text: str, room: int) -> str:
    return line(text, room, instead=" ", cut=CUT)


def link(notice: Notice, base: str) -> str:
    """Give where a notice's domain is in the console; nothing if the console is not known."""
    if not base:
        return ""
    if notice.test or notice.domain is None:
        return f"{base}/console/#/incidents"
    return f"{base}/console/#/domains/{notice.domain.id}"
