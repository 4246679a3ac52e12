"""Notices by mail: one mail to each address about everything that is due, with the figures of its domains."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field  # noqa: TID251 -- of what changes
from typing import Final

from mxtrax.aws import ses
from mxtrax.errors import MxtraxError
from mxtrax.model import AlertMail, Config, Customer, Notice, NoticeKind, State
from mxtrax.notify.act_link import BY_MAIL, act_link
from mxtrax.notify.channel import Context, Sent, Target
from mxtrax.notify.wire import wire_form
from mxtrax.report import alert as report
from mxtrax.rules.statistics import day_of
from mxtrax.runtime.log import logger
from mxtrax.store import stats

TAG: Final = "mxtrax-alert"
"""The tag of such a mail in SES's events: the moment of the run that sent it."""

MOST_LINES: Final = 10_000
"""Domains whose figures one mail has: each takes half a millisecond, and alert has a minute. Beyond that, only those
that are not in order.
"""

type _Same = tuple[frozenset[str] | None, tuple[tuple[str, NoticeKind], ...]]
"""A key for readers of the same mail: those who see the same customers and are due the same notices."""


@dataclass
class MailChannel:
    """The addresses that Config names, and those of the customers' own people.

    `written` are the mails of this run: of 20,000 domains, one takes seconds to write.
    """

    context: Context
    name: str = "mail"
    written: dict[_Same, report.Mail] = field(default_factory=dict)

    def lacks(self) -> str:
        """Say that there is no address to send from."""
        return "" if self.context.config.sendinguser else "sendinguser is not set"

    def targets(self, config: Config, customers: Mapping[str, Customer]) -> list[Target]:
        """Give Config's addresses, which get everything, and the customers', which get what concerns these customers.

        Its second list gets what was escalated.
        """
        own: dict[str, set[str]] = {}
        for customer in customers.values():
            for address in customer.alertuser:
                own.setdefault(address, set()).add(customer.codename)
        everything = dict.fromkeys(config.alertuser)
        others = dict.fromkeys([*own, *config.escalateuser])
        return [
            *(_target(address, None) for address in everything),
            *(
                _target(address, frozenset(own.get(address, ())), second=address in config.escalateuser)
                for address in others
                if address not in everything
            ),
        ]

    def send(self, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:
        """Send one mail of all notices: SES takes it as a whole."""
        problem = self._hand_over(self._mail(target, notices), target.name)
        for notice in notices:
            yield notice, problem

    def note(self, mail: report.Mail, address: str) -> str:
        """Send a mail that is no notice, and say what went wrong; nothing if it was taken."""
        return self._hand_over(mail, address)

    def _mail(self, target: Target, notices: Sequence[Notice]) -> report.Mail:
        """Write a mail. A customer's people see the domains of the customers that it is about alone."""
        about = None if target.customers is None else frozenset(notice.incident.customer for notice in notices)
        same = about, tuple((notice.incident.id, notice.kind) for notice in notices)
        if same not in self.written:
            it = self.context
            lines = it.lines(about)
            told = lines if len(lines) <= MOST_LINES else [line for line in lines if line.health.state is not State.OK]
            day = day_of(it.now)
            keys = [(notice.incident.maildomain, day) for notice in notices if notice.domain]
            days = {key: stat for (key, _), stat in stats.of_days(dict.fromkeys(keys)).items()}
            self.written[same] = report.compose(
                it.now,
                it.config,
                notices,
                told,
                it.customers,
                left_out=len(lines) - len(told),
                days=days,
                base=it.settings.console,
                act=lambda notice, *others: act_link(notice, it, BY_MAIL, others),
                full=it.config.alert_mail is AlertMail.FULL,
            )
        return self.written[same]

    def _hand_over(self, mail: report.Mail, address: str) -> str:
        sender, settings = self.context.config.sendinguser, self.context.settings
        raw = wire_form(mail, sender, address, self.context.now)
        try:
            ses.send_mail(raw, sender, address, settings.configuration_set, {TAG: str(self.context.now)})
        except MxtraxError as error:
            logger.exception("an alert mail was not taken", reason=str(error))
            return str(error)
        return ""


def _target(address: str, customers: frozenset[str] | None, *, second: bool = False) -> Target:
    return Target(id=f"mailto:{address}", name=address, customers=customers, gathers=True, second=second)
