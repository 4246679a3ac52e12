"""The checks of `mxtrax doctor`, in the order in which they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from infra.cli.doctor import account, certificate, dns, key, pipeline, ses, updates
from infra.cli.doctor.findings import Finding
from infra.cli.target import Here


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `local` says whether the local world has what it checks."""

    name: str
    look: Callable[[Here], Finding]
    local: bool = True


CHECKS: Final = (
    Check("sender", ses.sender),
    Check("identity", ses.identity, local=False),
    Check("DKIM", ses.dkim, local=False),
    Check("MAIL FROM", ses.mail_from, local=False),
    Check("DNS records", dns.all_set, local=False),
    Check("MX of the inbox", dns.inbox, local=False),
    Check("console's name", dns.console, local=False),
    Check("certificate", certificate.of_the_console, local=False),
    Check("rule set", ses.rule_set, local=False),
    Check("SES events", ses.events, local=False),
    Check("events' way", pipeline.events_in, local=False),
    Check("sandbox", ses.sandbox, local=False),
    Check("sending quota", ses.quota, local=False),
    Check("sending rate", ses.rate, local=False),
    Check("pricing plan", account.plan, local=False),
    Check("bounce rate", ses.bounce_rate, local=False),
    Check("schedules", pipeline.schedules),
    Check("alarms", pipeline.alarms, local=False),
    Check("concurrency", pipeline.concurrency, local=False),
    Check("queues", pipeline.queues),
    Check("dead letters", pipeline.dead_letters),
    Check("inbox", pipeline.inbox),
    Check("last round", pipeline.last_round),
    Check("alert path", pipeline.alert_path),
    Check("channels", pipeline.added_channels),
    Check("layout of the tables", pipeline.layout),
    Check("protection", pipeline.protection, local=False),
    Check("rollback triggers", updates.guarded, local=False),
    Check("key", key.of_the_stack, local=False),
    Check("clock", pipeline.clock),
)
