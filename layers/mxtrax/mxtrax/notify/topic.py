"""Notices for machines, and for all subscribers: one message an incident to the stack's SNS topic."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mxtrax.aws import clients, sns
from mxtrax.frozen import dataclass
from mxtrax.model import Config, Customer, Notice
from mxtrax.notify.channel import Context, Sent, Target
from mxtrax.report import alert as report
from mxtrax.runtime.log import logger

TOPIC: Final = "topic"


@dataclass(frozen=True)
class TopicChannel:
    """The topic; subscriptions choose by the messages' attributes."""

    context: Context
    name: str = TOPIC

    def lacks(self) -> str:
        """Say that nothing is missing: a stack without a topic has no target here."""
        return ""

    def targets(self, config: Config, customers: Mapping[str, Customer]) -> list[Target]:  # noqa: ARG002 -- a Channel
        """Give the topic, which gets everything."""
        return [Target(id=TOPIC, name=TOPIC)] if self.context.settings.alert_topic else []

    def send(self, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:  # noqa: ARG002 -- there is one topic
        """Publish each notice by itself."""
        for notice in notices:
            yield notice, self._publish(notice)

    def _publish(self, notice: Notice) -> str:
        message, attributes = report.message(notice)
        subject = f"MXTRAX {notice.kind}: {message['maildomain']}"
        try:
            sns.publish(self.context.settings.alert_topic, subject, message, attributes)
        except clients.UNREACHABLE as error:
            logger.exception("an alert message was not taken", reason=str(error))
            return str(error)
        return ""
