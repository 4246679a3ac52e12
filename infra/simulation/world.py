"""The customers' mail systems: what becomes of each mail.

A mail's outcome is a function of seed, domain and the minute of sending, except for what needs a memory: greylisting, a
flapping domain's turn, an auto-responder's day. So product and rivals can each be run in the same world.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final

from infra.simulation import answers
from infra.simulation.luck import Luck, Memory, Weather, luck_of
from infra.simulation.model import DAY, HOUR, MINUTE, SECOND, Domain, Mail, Millis, Scenario, Trouble, dice
from infra.simulation.ses import Event, Teller

EXPIRE: Final = 14 * HOUR
"""How long SES retries a mail."""

TURNED_AWAY: Final = ("mailbox_full", "unknown_user", "server_down")
"""Troubles that come before greylisting."""


class Form(StrEnum):
    """What arrives: our letter, an automatic reply, or a forged delivery report."""

    LETTER = "letter"
    AUTO = "auto"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that arrives in our inbox: when, and when their servers accepted it and sent it back."""

    at: Millis
    delivered: Millis
    left: Millis
    form: Form = Form.LETTER


@dataclass(frozen=True, slots=True)
class Life:
    """The outcome of one mail: SES's events, and what arrives."""

    events: list[Event]
    arrivals: list[Arrival] = field(default_factory=list)


class World:
    """All mail systems of a scenario, our own inbox among them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.memory = {key: Memory(set(it.known)) for key, it in scenario.domains.items()}
        self.troubles = defaultdict[str, list[Trouble]](list)
        for it in scenario.troubles:
            for key in it.domains:
                self.troubles[key].append(it)

    def trouble(self, key: str, at: Millis) -> Trouble | None:
        """Give a domain's trouble at a moment."""
        return next((it for it in self.troubles.get(key, ()) if it.active(at)), None)

    def ours(self, kind: str, at: Millis) -> Trouble | None:
        """Give our own outage of this kind at a moment."""
        return next((it for it in self.scenario.own if it.kind == kind and it.active(at)), None)

    def weather(self, key: str, at: Millis) -> Weather:
        """Give a domain's state at a moment, apart from its troubles."""
        seasons, creep = enumerate(self.scenario.seasons), self.scenario.creeps.get(key)
        season = next((n for n, it in seasons if key in it.domains and it.start <= at < it.end), None)
        return Weather(season, creep.growth(at) if creep else 1.0)

    def no_sending(self, at: Millis) -> bool:
        """Say whether none of our tests go out at a moment."""
        return any(self.ours(kind, at) for kind in ("plan_down", "ses_fails", "ses_throttles"))

    def meet(self, mail: Mail) -> Life:
        """Decide what becomes of a mail, and record it there."""
        domain = self.scenario.domains.get(mail.domain)
        if domain is None:
            luck = dice(self.scenario.seed, "loop", mail.sent // MINUTE)
            return _Journey(self, mail, None, luck).own_loop()
        luck = dice(self.scenario.seed, mail.domain, mail.sent // MINUTE)
        return _Journey(self, mail, domain, luck).customer(domain, self.memory[domain.key])

    def told_at(self, due: Millis) -> Millis:
        """Give when an event that is due at a moment is published."""
        late = self.ours("feedback_late", due)
        return max(due, late.end) if late else due


class _Journey:
    """The way of one mail."""

    def __init__(self, world: World, mail: Mail, domain: Domain | None, luck: Random) -> None:
        self.world, self.mail, self.dice = world, mail, luck
        self.redirects = domain is not None and domain.provider.redirects
        self.tell = Teller(mail, luck, world.told_at)
        self.arrivals: list[Arrival] = []

    def own_loop(self) -> Life:
        """Return our own loop's mail at once."""
        at = self.mail.sent + self.dice.randint(600, 2500)
        self.tell.delivered(at, None)
        self._return(at, at, at + 800)
        return Life(self.tell.events, self.arrivals)

    def customer(self, domain: Domain, memory: Memory) -> Life:
        """Pass it to a customer's mail system."""
        it = self.world.trouble(domain.key, self.mail.sent)
        weather = self.world.weather(domain.key, self.mail.sent)
        luck = luck_of(self.mail, domain, memory, weather, self.dice)
        delivered = self.mail.sent + round((luck.out + luck.grey) * SECOND)
        if it and self._spared(it, memory, luck):
            it = None
        if luck.grey and not (it and it.how in TURNED_AWAY):
            self.tell.greylisted(self.mail.sent + round(luck.out * SECOND), answers.GREY, delivered)
        if it:
            self.mail.trouble, self.mail.what = it.id, it.how
            if self._spoilt(it, domain, luck, delivered):
                return Life(self.tell.events, self.arrivals)
        self.tell.delivered(delivered, domain)
        if luck.lost and not it:
            self.mail.what = "single_loss"
            return Life(self.tell.events)
        self._goes_back(it, luck, delivered)
        if domain.auto and memory.auto_day != self.mail.sent // DAY:
            memory.auto_day = self.mail.sent // DAY
            self.arrivals.append(Arrival(delivered + 2 * SECOND, delivered, delivered, Form.AUTO))
        return Life(self.tell.events, self.arrivals)

    def _spared(self, it: Trouble, memory: Memory, luck: Luck) -> bool:
        """Say whether a trouble spares this mail: it flaps, or hits only some."""
        if it.how == "flapping":
            memory.turn += 1
            return memory.turn % it.every != 0
        return luck.turn >= it.share

    def _spoilt(self, it: Trouble, domain: Domain, luck: Luck, delivered: Millis) -> bool:
        """Apply a trouble to the mail; False if that only delays it."""
        match it.how:
            case "slow_inside" | "slow_return" | "creeping":
                return False
            case "mailbox_full" | "unknown_user":
                full = it.how == "mailbox_full"
                words = answers.QUOTA if full else answers.UNKNOWN
                self.tell.bounced(delivered, "5.2.2" if full else "5.1.1", words[int(luck.turn * 1e6) % len(words)])
            case "server_down":
                self._down(it, domain, luck)
            case "bounce_after" | "forward_blocked":
                self.tell.delivered(delivered, domain)
                after = answers.AFTER[domain.number % len(answers.AFTER)]
                status, text = answers.BLOCKED if it.how == "forward_blocked" else after
                self.tell.bounced(delivered + round(luck.refused_after * SECOND), status, text)
            case "forged_report":
                self.tell.delivered(delivered, domain)
                self.arrivals.append(Arrival(delivered + 2 * SECOND, delivered, delivered, Form.FORGED))
            case _:  # Accepted and lost.
                self.tell.delivered(delivered, domain)
        return True

    def _down(self, it: Trouble, domain: Domain, luck: Luck) -> None:
        """Let their server refuse connections; SES retries, less and less often, for 14 hours."""
        sent = self.mail.sent
        until = next(over for begin, over in it.stretches if begin <= sent < over)
        if luck.told < 0.95:
            self.tell.unreachable(sent + round(self.dice.uniform(20, 420) * SECOND), answers.DOWN)
        at, step = sent, 300.0
        while at < until:
            at += round(step * self.dice.uniform(0.8, 1.2) * SECOND)
            step = min(3600.0, step * 2)
            if at - sent > EXPIRE:
                self.tell.bounced(sent + EXPIRE, "4.4.7", answers.EXPIRED, "Transient")
                return
        self.tell.delivered(at, domain)
        left = at + round(domain.median * SECOND)
        self._return(at, left, left + 2 * SECOND)

    def _goes_back(self, it: Trouble | None, luck: Luck, delivered: Millis) -> None:
        inside, way_back = luck.inside, luck.way_back
        if it is None:
            self.mail.what = luck.hiccup
            if luck.held:
                inside += self.dice.uniform(2, 8) * 3600
                self.mail.what = "quarantine"
        elif it.how == "slow_inside":
            inside += luck.queued
        elif it.how == "slow_return":
            way_back += luck.queued
        left = delivered + round(inside * SECOND)
        back = left + round(way_back * SECOND)
        for flush in self.world.scenario.flushes if it is None else ():
            if self.mail.domain in flush.domains and flush.start <= left < flush.end:
                back = flush.end + self.dice.randint(0, 40) * SECOND
                self.mail.what = "flush"
        self._return(delivered, left, back)
        if luck.doubled and self.arrivals:
            later = self.arrivals[0].at + self.dice.randint(1, 900) * SECOND
            self.arrivals.append(Arrival(later, delivered, left))

    def _return(self, delivered: Millis, left: Millis, back: Millis) -> None:
        """Deliver the mail to our inbox, if our inbox accepts it."""
        if ours := self.world.ours("inbox_refuses", back):
            self.mail.ours = ours.id
            if self.redirects and self.dice.random() < 0.9:  # Their server reports to the envelope sender: to SES.
                self.tell.bounced(back + 3 * SECOND, "5.1.1", answers.OURS)
            return
        step = 300
        while ours := self.world.ours("inbox_defers", back):
            self.mail.ours = ours.id
            back += round(step * self.dice.uniform(0.9, 1.1) * SECOND)
            step = min(1800, step * 2)
        self.arrivals.append(Arrival(back, delivered, left))
        if self.mail.back is None or back < self.mail.back:
            self.mail.back = back
        if ours := self.world.ours("receive_down", back):
            self.mail.ours = ours.id
