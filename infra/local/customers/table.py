"""The simulated customers: what each of them does with a mail, and the result that MXTRAX should have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from infra.local.customers import letters
from infra.local.customers.letters import Mail
from mxtrax.model import Cause, State, Verdict

type Letter = Callable[[Mail, str, float], bytes]
"""Writes an outgoing mail: from the mail received, to an address, at the moment it leaves."""

OK: Final = "250 2.1.5 Ok"
QUEUED: Final = "250 2.0.0 Ok: queued as 4Xk2Tq6ZrVz1"

PROVIDER: Final = "hosting.test"
"""The provider of two customers."""

BREAKS_DOWN: Final = "mill.test"
"""The customer that begins to lose all mail while the inbox is cut off."""

REFUSES: Final = "quarry.test"
"""The customer whose server rejects all mail while the inbox is cut off."""

REFUSAL: Final = "550 5.1.1 <test@quarry.test>: Recipient address rejected: mailbox disabled"

RETURNED_TWICE: Final = 10
"""How many mails come back twice; with shortened minutes, more would soon be a storm."""

REFUSED_AT_ONCE: Final = "full.test"
"""The customer whose server permanently rejects each test."""

HICCUP: Final = "hiccup.test"
"""The customer that loses a single mail."""

LOST_BY_HICCUP: Final = 3
"""Which one that is, counted from 0."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What MXTRAX should find once tests are final; for a domain that keeps changing, its worst state.

    `sentence` must be in the sentence about its test, `told` in what the alert mail says about the domain.
    """

    verdict: Verdict
    cause: Cause | None = None
    state: State = State.FAILING
    sentence: str = ""
    told: str = ""


class To(Enum):
    """The recipient of a customer's mail."""

    INBOX = auto()
    REPLY_TO = auto()
    FROM = auto()
    ENVELOPE_SENDER = auto()


class By(Enum):
    """The envelope sender: the original's, the mailbox, or null (RFC 3834, section 4)."""

    ORIGINAL = auto()
    MAILBOX = auto()
    NOBODY = auto()


@dataclass(frozen=True, slots=True)
class Posting:
    """A mail that a customer sends. `after` is in units of the time within which a test must be back."""

    write: Letter
    to: To = To.INBOX
    by: By = By.MAILBOX
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One domain. `rcpt` has the replies to RCPT TO by how often this mail has been tried before; the last one is repeated.

    `posts` gives what goes out for an accepted mail; the number says how many were accepted before it. `host` is the
    server that accepts its mail, if that is not its own. The first `well_first` mails are redirected at once: it was
    set up, and only then began to misbehave.
    """

    domain: str
    behaviour: str
    expected: Expected
    host: str = ""
    rcpt: Sequence[str] = (OK,)
    data: str = QUEUED
    posts: Callable[[int], Sequence[Posting]] = field(default=lambda _number: ())
    well_first: int = 0

    @property
    def mailbox(self) -> str:
        """Give the address that is tested."""
        return f"test@{self.domain}"

    @property
    def server(self) -> str:
        """Give the name of the server that accepts its mail."""
        return self.host or f"mx.{self.domain}"

    def at(self, number: int) -> "Customer":
        """Give what it does once it has accepted this many mails."""
        if number >= self.well_first:
            return self
        return replace(self, rcpt=(OK,), data=QUEUED, posts=_always(_REDIRECT))


def _always(*postings: Posting) -> Callable[[int], Sequence[Posting]]:
    return lambda _number: postings


def _only_the_first(number: int) -> Sequence[Posting]:
    return () if number else (_REDIRECT,)


_REDIRECT: Final = Posting(letters.redirected, by=By.ORIGINAL)
_AGAIN: Final = Posting(letters.redirected, after=0.1, by=By.ORIGINAL)
_ONTIME: Final = Expected(Verdict.ONTIME, None, State.OK, "It came back at ")


def _late(cause: Cause, where: str, told: str) -> Expected:
    """Expect late tests; when they are alerted, they are still out."""
    return Expected(Verdict.LATE, cause, sentence=where, told=told)


def _never_set_up(cause: Cause, said: str) -> Expected:
    """Expect tests that have never come back: no alert is sent, and the domain stays in set-up until one does."""
    return Expected(Verdict.FAILED, cause, State.SETUP, said)


def _missed(cause: Cause, said: str) -> Expected:
    """Expect tests that never come back, and their server's words in every alert."""
    return Expected(Verdict.FAILED, cause, sentence=said, told=said)


_LOST: Final = _missed(Cause.ACCEPTED_THEN_LOST, QUEUED)


TABLE: Final[tuple[Customer, ...]] = (
    Customer(domain="redirect.test", behaviour="redirects at once", expected=_ONTIME, posts=_always(_REDIRECT)),
    Customer(
        domain="forward.test",
        behaviour="forwards inline, with Fwd: before the subject",
        expected=_ONTIME,
        posts=_always(Posting(letters.forwarded_inline)),
    ),
    Customer(
        domain="attach.test",
        behaviour="forwards as an attachment",
        expected=_ONTIME,
        posts=_always(Posting(letters.forwarded_attached)),
    ),
    Customer(
        domain="vacation.test",
        behaviour="replies automatically, with the subject",
        expected=_ONTIME,
        posts=_always(Posting(letters.out_of_office_with_subject, To.REPLY_TO, By.NOBODY)),
    ),
    Customer(
        domain="responder.test",
        behaviour="replies automatically to Reply-To, with its own subject",
        expected=_ONTIME,
        posts=_always(Posting(letters.out_of_office_unthreaded, To.REPLY_TO, By.NOBODY)),
    ),
    Customer(
        domain="threaded.test",
        behaviour="replies automatically to From, naming the mail only in In-Reply-To",
        expected=_ONTIME,
        posts=_always(Posting(letters.out_of_office, To.FROM)),
    ),
    Customer(
        domain="misdirected.test",
        behaviour="was never set up: replies automatically to the envelope sender",
        expected=_never_set_up(Cause.ACCEPTED_THEN_LOST, QUEUED),
        posts=_always(Posting(letters.out_of_office_with_subject, To.ENVELOPE_SENDER, By.NOBODY)),
    ),
    Customer(
        domain="rewrite.test",
        behaviour="rewrites the body and marks the subject",
        expected=_ONTIME,
        posts=_always(Posting(letters.rewritten, by=By.ORIGINAL)),
    ),
    Customer(
        domain="twice.test",
        behaviour="returns its first ten mails twice",
        expected=_ONTIME,
        posts=lambda number: (_REDIRECT, _AGAIN) if number < RETURNED_TWICE else (_REDIRECT,),
    ),
    Customer(
        domain="greylist.test",
        behaviour="greylists, and accepts the second attempt",
        expected=_ONTIME,
        rcpt=("450 4.2.0 <test@greylist.test>: Recipient address rejected: Greylisted", OK),
        posts=_always(_REDIRECT),
    ),
    Customer(
        domain="greylong.test",
        behaviour="greylists, and accepts the third attempt, which is late",
        well_first=1,
        expected=_late(Cause.DEFERRED, "451 4.7.1 Greylisting in action", "451 4.7.1 Greylisting in action"),
        rcpt=("451 4.7.1 Greylisting in action, please come back later",) * 2 + (OK,),
        posts=_always(_REDIRECT),
    ),
    Customer(
        domain="slow.test",
        behaviour="holds mail inside before it redirects it",
        well_first=1,
        expected=_late(Cause.SLOW_INSIDE, "of that inside their system", QUEUED),
        posts=_always(Posting(letters.held_then_redirected, after=1.6, by=By.ORIGINAL)),
    ),
    Customer(
        domain="backlog.test",
        behaviour="redirects at once, but the way back is slow",
        well_first=1,
        expected=_late(Cause.SLOW_RETURN, "of that on the way back", QUEUED),
        posts=_always(Posting(letters.redirected_then_held, after=1.6, by=By.ORIGINAL)),
    ),
    Customer(
        domain="unknown.test",
        behaviour="was never set up: refuses at RCPT, no such user",
        expected=_never_set_up(Cause.REFUSED, "Recipient address rejected: User unknown in local recipient table"),
        rcpt=("550 5.1.1 <test@unknown.test>: Recipient address rejected: User unknown in local recipient table",),
    ),
    Customer(
        domain=REFUSED_AT_ONCE,
        behaviour="refuses at DATA: mailbox full",
        well_first=1,
        expected=_missed(Cause.REFUSED, "552 5.2.2 Mailbox size limit exceeded"),
        data="552 5.2.2 Mailbox size limit exceeded",
    ),
    Customer(
        domain="quota.test",
        behaviour="defers for ever: over quota",
        well_first=1,
        expected=_missed(Cause.DEFERRED, "452 4.2.2 The email account that you tried to reach is over quota"),
        rcpt=("452 4.2.2 The email account that you tried to reach is over quota",),
    ),
    Customer(
        domain="bounce.test",
        behaviour="accepts it and then bounces it",
        well_first=1,
        expected=_missed(Cause.RETURNED_AS_BOUNCE, "User unknown in virtual mailbox table"),
        posts=_always(Posting(letters.mailbox_unknown_report, To.ENVELOPE_SENDER, By.NOBODY)),
    ),
    Customer(
        domain="blocked.test",
        behaviour="is not allowed to forward outside",
        well_first=1,
        expected=_missed(Cause.FORWARD_BLOCKED, "Your organization does not allow external forwarding"),
        posts=_always(Posting(letters.forward_blocked_report, To.ENVELOPE_SENDER, By.NOBODY)),
    ),
    Customer(domain="silent.test", behaviour="accepts it and loses it", expected=_LOST, well_first=1),
    Customer(
        domain="flap.test",
        behaviour="loses every other mail",
        expected=_LOST,
        posts=lambda number: () if number % 2 else (_REDIRECT,),
    ),
    Customer(
        domain=HICCUP,
        behaviour="loses a single mail, and redirects all others at once",
        expected=_ONTIME,
        posts=lambda number: () if number == LOST_BY_HICCUP else (_REDIRECT,),
    ),
    Customer(
        domain="harbour.test",
        behaviour=f"is hosted by {PROVIDER}, which loses all but the first mail",
        expected=_LOST,
        host=f"mx1.{PROVIDER}",
        posts=_only_the_first,
    ),
    Customer(
        domain="meadow.test",
        behaviour=f"is hosted by {PROVIDER}, too",
        expected=_LOST,
        host=f"mx2.{PROVIDER}",
        posts=_only_the_first,
    ),
    Customer(
        domain=BREAKS_DOWN,
        behaviour="redirects at once, until it breaks down",
        expected=_ONTIME,
        posts=_always(_REDIRECT),
    ),
    Customer(
        domain=REFUSES,
        behaviour="redirects at once, until its server refuses",
        expected=_ONTIME,
        posts=_always(_REDIRECT),
    ),
)
