"""The channels that people have added: each brings notices to one service, and backs off for a while if that fails."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from time import monotonic
from typing import Final

from mxtrax.aws import clients, secrets
from mxtrax.errors import Refused
from mxtrax.model import MINUTE, Cause, ChannelConfig, ChannelState, Config, Customer, Millis, Notice, NoticeKind
from mxtrax.notify.act_link import act_link
from mxtrax.notify.calling import Outcome
from mxtrax.notify.catalog import SERVICES
from mxtrax.notify.channel import Context, Sent, Target
from mxtrax.notify.handing_over import hand_over
from mxtrax.report.brief import brief, worst_first
from mxtrax.rules import channels as rules
from mxtrax.rules.zones import zone_of
from mxtrax.runtime.log import count, logger
from mxtrax.store import channels, incidents

ADDED: Final = "added"
PREFIX: Final = "chan:"
LOOK_AGAIN: Final = 15 * MINUTE
"""After this, a channel in back-off is looked at again: somebody may have given it a new key."""

BUDGET: Final = 20
"""Seconds that all of them may take in one run; the rest is due in the next."""


@dataclass
class AddedChannels:
    """All that people have added, as one channel with a target for each."""

    context: Context
    name: str = ADDED
    known: dict[str, ChannelConfig] = field(default_factory=dict)
    spent: float = 0.0

    def lacks(self) -> str:
        """Nothing is missing: each channel was complete when it was added."""
        return ""

    def targets(self, config: Config, customers: Mapping[str, Customer]) -> list[Target]:  # noqa: ARG002 -- a Channel
        """Give each that is switched on."""
        self.known = {f"{PREFIX}{it.id}": it for it in channels.load().them if it.enabled}
        return [self._target(number, it) for number, it in self.known.items()]

    def _target(self, number: str, it: ChannelConfig) -> Target:
        tagged = None
        if it.tags:
            lines = self.context.lines(None)
            tagged = frozenset(each.domain.key for each in lines if each.domain.tags & it.tags)
        return Target(
            id=number,
            name=it.name,
            customers=frozenset({it.customer}) if it.customer else None,
            severities=it.severities or None,
            domains=tagged,
            gathers=SERVICES[it.kind].gathers,
            added=True,
            not_before=min(channels.state_of(it.id).not_before, self.context.now + LOOK_AGAIN),
        )

    def send(self, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:
        """Send the notices that the channel wants, all in one message if people read it."""
        it, now = self.known[target.id], self.context.now
        unwanted = [notice for notice in notices if notice.kind is NoticeKind.REMINDER and not it.reminders]
        yield from ((notice, "") for notice in unwanted)
        wanted = [notice for notice in worst_first(notices) if notice not in unwanted]
        groups = [wanted] if SERVICES[it.kind].gathers and wanted else [[notice] for notice in wanted]
        state = channels.state_of(it.id)
        for group in groups:
            if state.not_before > now:
                problem = state.problem
            else:
                problem, state = self._try(it, group, state)
            yield from ((notice, problem) for notice in group)

    def _try(self, it: ChannelConfig, group: Sequence[Notice], state: ChannelState) -> tuple[str, ChannelState]:
        """Send one post, and record the channel's state."""
        if self.spent >= BUDGET:
            return "there was no time left for it in this run", state
        begun = monotonic()
        outcome, now = deliver(it, group, self.context), self.context.now
        self.spent += monotonic() - begun
        if not outcome.problem:
            after = rules.took(state, now)
        elif outcome.final:
            after = rules.refused(state, now, outcome.problem)
        else:
            after = rules.failed(state, now, outcome.problem, outcome.wait)
        channels.note_state(it.id, after)
        if outcome.problem:
            logger.error("a channel did not take a notice", channel=it.id, kind=str(it.kind), problem=outcome.problem)
            count("ChannelFailed")
        _tell(it, state, after, now)
        return outcome.problem, after


def deliver(it: ChannelConfig, notices: Sequence[Notice], context: Context) -> Outcome:
    """Bring notices to a channel's service, and give the outcome."""
    service, settings = SERVICES[it.kind], context.settings
    zone = zone_of(context.config.timezone)
    try:
        secret = secrets.get(f"{settings.secrets}/{it.id}") if service.has_secrets else {}
    except Refused as error:
        return Outcome(problem=str(error), final=True)
    except clients.UNREACHABLE as error:
        logger.exception("the secret of a channel cannot be read", channel=it.id)
        return Outcome(problem=f"its secret cannot be read: {type(error).__name__}")
    briefs = [brief(it, zone, settings.console, act_link(it, context, service.title)) for it in notices]
    parcel = service.posts(it, secret, briefs, context.now)
    return hand_over(parcel, secret, context) if parcel else Outcome()


def _tell(it: ChannelConfig, before: ChannelState, after: ChannelState, now: Millis) -> None:
    """Let the other channels report that this one is broken, or works again, as an incident of the monitor itself."""
    if rules.broken(after) is rules.broken(before):
        return
    wrong = f"The channel {it.name} ({SERVICES[it.kind].title}) does not deliver: {after.problem}."
    number = incident_of(it.id)
    incidents.note_ours(number, Cause.CHANNEL_FAILED, wrong if rules.broken(after) else "", now)


def incident_of(number: str) -> str:
    """Name the incident of a channel that does not work."""
    return f"channel-{number}"
