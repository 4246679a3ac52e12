"""The first act of the demonstration: each customer behaves or misbehaves, and is compared with the customers' table.

Each domain is checked by its newest final tests, and only once they are final: this machine's speed changes how long it
takes, not the result.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from infra.demo.captured_alerts import CHANGED, OPENED, Alert, Message, Story
from infra.demo.checks import Check
from infra.local.customers import HICCUP, PROVIDER, REFUSED_AT_ONCE, TABLE, Customer
from infra.local.customers.table import Expected
from mxtrax.model import SECOND, Cause, DomainHealth, Incident, MailTest, Millis, State, Verdict
from mxtrax.rules.cause import sentence
from mxtrax.store import incidents, mailtests

FAILING: Final = "FAILING"
"""The heading above new failures."""

ALSO_FAILING: Final = "ALSO FAILING"
"""The heading above failures that join others of the same cause."""

JOINED: Final = "with the same cause before"
"""What is said about failures that join an earlier alert."""

DOWN: Final = "[DOWN]"
"""How the subject of an outage begins."""

type Read = Callable[[str, Millis], MailTest | None]

_GRAVITY: Final = (Verdict.ONTIME, Verdict.UNSENT, Verdict.LATE, Verdict.FAILED)


@dataclass(frozen=True, slots=True)
class Found:
    """MXTRAX's result for a domain; no verdict before there is a final one. `told` is what the alert mails say about it."""

    verdict: Verdict | None
    cause: Cause | None
    state: State
    sentence: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A domain: what it does, the expected result, and the actual one."""

    domain: str
    behaviour: str
    expected: Expected
    actual: Found

    @property
    def wrong(self) -> tuple[str, ...]:
        """Name what is not as expected."""
        wanted, found = self.expected, self.actual
        in_words = {name: str(getattr(wanted, name) or "none") for name in ("verdict", "cause", "state")}
        problems = [
            f"{name} should be {said}"
            for name, said in in_words.items()
            if getattr(found, name) != getattr(wanted, name)
        ]
        if wanted.sentence not in found.sentence:
            problems.append(f"its sentence should say “{wanted.sentence}”, and is “{found.sentence}”")
        if wanted.state is State.FAILING:
            if not found.told:
                problems.append("no alert mail mentions it")
            elif not any(
                wanted.told in told or wanted.sentence in told for told in found.told
            ):  # late by then, or not yet back
                problems.append(f"an alert mail should say “{wanted.told}”, and says “{' '.join(found.told)}”")
        elif found.told:
            problems.append(f"no alert mail should mention it, and one says “{' '.join(found.told)}”")
        return tuple(problems)

    @property
    def ok(self) -> bool:
        """True if result and alerts are as expected."""
        return not self.wrong


def told_of(customer: Customer, stories: Iterable[Story]) -> tuple[str, ...]:
    """Give what the alert mails say about a customer's failure."""
    begun = (FAILING, ALSO_FAILING)
    return tuple(it.text for it in stories if it.heading in begun and it.is_about(customer.mailbox))


def found(health: DomainHealth, told: tuple[str, ...], read: Read) -> Found:
    """Take the worse of the two newest tests that are final, with all before them final too: one may be a lucky one."""
    final = list(takewhile(lambda test: test.verdict.final, health.recent))[-2:]
    if not final:
        return Found(None, None, health.state, told=told)
    worse = max(final, key=lambda test: _GRAVITY.index(test.verdict))
    test = read(health.maildomain, worse.sendtime)
    return Found(worse.verdict, worse.cause, health.state, sentence(test, worse.verdict) if test else "", told)


def _read(key: str, sendtime: Millis) -> MailTest | None:
    """Find the test that was sent to a domain at a moment."""
    tests = mailtests.of_domain(key, since=sendtime)
    return next((test for test in tests if test.sendtime == sendtime), None)


def look(known: Iterable[DomainHealth], stories: Sequence[Story]) -> tuple[Judged, ...]:
    """Compare all customers with what is expected."""
    by_key = {health.maildomain: health for health in known}
    judged = []
    for customer in TABLE:
        health = by_key.get(customer.mailbox) or DomainHealth(maildomain=customer.mailbox)
        made_of_it = found(health, told_of(customer, stories), _read)
        judged.append(Judged(customer.domain, customer.behaviour, customer.expected, made_of_it))
    return tuple(judged)


def checks(alerts: Sequence[Alert], messages: Sequence[Message], loop: DomainHealth) -> tuple[Check, ...]:
    """Check what concerns several domains."""
    return (_own_loop(loop), _told_as_one(alerts), _messages(messages), _operators(messages))


def of_single_tests(soon: Millis) -> tuple[Check, ...]:
    """Check single tests. `soon` is how many milliseconds "at once" may take."""
    lost, refused = f"test@{HICCUP}", f"test@{REFUSED_AT_ONCE}"
    return (
        hiccup(list(mailtests.of_domain(lost)), list(incidents.of_domain(lost))),
        at_once(list(mailtests.of_domain(refused)), list(incidents.of_domain(refused)), soon),
    )


def hiccup(tests: Sequence[MailTest], opened: Sequence[Incident]) -> Check:
    """Check that a mail was lost, and that no incident came of it."""
    lost = sum(test.counted is Verdict.FAILED for test in tests)
    what = f"A single lost mail of {HICCUP} is cleared by retests, and no alert is sent."
    return Check(what, lost > 0 and not opened, f"{lost} of {len(tests)} lost, {len(opened)} incidents")


def at_once(tests: Sequence[MailTest], opened: Sequence[Incident], soon: Millis) -> Check:
    """Check that one refusal opened an incident, without waiting for a second one or for the time that a lost mail takes."""
    what = f"A permanent rejection by {REFUSED_AT_ONCE} is alerted at once."
    refused = sorted(test.sendtime for test in tests if test.receivetime is None)
    if not refused or not opened or opened[0].notified is None:
        return Check(what, ok=False, seen=f"{len(refused)} refused, {len(opened)} incidents")
    took = opened[0].opened - refused[0]
    first = len(refused) < 2 or opened[0].opened < refused[1]
    return Check(what, first or took <= soon, f"an incident {took / SECOND:.1f} s after it was sent")


def _own_loop(loop: DomainHealth) -> Check:
    came_back = loop.state is State.OK
    return Check("Our own loop is closed: tests to the inbox itself come back.", came_back, f"{loop.state}")


def _told_as_one(alerts: Sequence[Alert]) -> Check:
    """Check that the domains of one provider make one alert: one story lists them, or says which joined later."""
    hosted = [customer.mailbox for customer in TABLE if customer.host]
    told = [(it, story) for it in alerts for story in it.stories if any(map(story.is_about, hosted))]
    begun = [(it, story) for it, story in told if story.heading == FAILING]
    joined = [story for _, story in told if story.heading == ALSO_FAILING and JOINED in story.text]
    what = f"The {len(hosted)} domains of {PROVIDER} make one alert, which names them."
    titles = "; ".join(story.title for _, story in told)
    if len(begun) != 1 or any(not any(story.is_about(it) for _, story in told) for it in hosted):
        return Check(what, ok=False, seen=f"{len(told)} stories: {titles}")
    ((mail, first),) = begun
    title = f"{PROVIDER}: {len(hosted)} domains of {len(hosted)} customers"
    whole = first.title == title and len(first.members) == len(hosted) and all(map(first.is_about, hosted))
    later = all(first.is_about(it) or any(story.is_about(it) for story in joined) for it in hosted)
    return Check(what, (whole or later) and mail.subject.startswith(DOWN), titles)


def _messages(messages: Sequence[Message]) -> Check:
    """Check that machines get one message for each incident, with a cause, and none for healthy domains.

    A further one may correct the cause, for example if a mail comes back late after all.
    """
    failing = sorted(it.mailbox for it in TABLE if it.expected.state is State.FAILING)
    opened = sorted(it.maildomain for it in messages if it.notice == OPENED)
    corrected = [it for it in messages if it.notice == CHANGED and it.maildomain in opened]
    whole = all(
        it.cause and it.attributes.get("cause") == it.cause and it.attributes.get("customer") for it in messages
    )
    return Check(
        "The topic has one message for each domain that fails, with its cause.",
        opened == failing and len(opened) + len(corrected) == len(messages) and whole,
        f"{len(opened)} messages for {len(failing)} domains, {len(corrected)} with another cause later",
    )


def _operators(messages: Sequence[Message]) -> Check:
    hosted = {customer.mailbox for customer in TABLE if customer.host}
    named = [it.maildomain for it in messages if it.attributes.get("provider") == PROVIDER]
    return Check(
        f"Those of {PROVIDER} name the provider in an attribute.",
        sorted(named) == sorted(hosted),
        ", ".join(sorted(named)) or "none does",
    )
