"""`mxtrax doctor`: look at every part of a deployment that can be wrong, and say what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from infra.cli import mailside, records, show, workside
from infra.cli.findings import Finding, State, problem
from infra.cli.frame import NO, AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import MxtraxError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `local` says whether the local world has it."""

    name: str
    look: Callable[[Here], Finding]
    local: bool = True


CHECKS: Final = (
    Check("sender", mailside.sender),
    Check("identity", mailside.identity, local=False),
    Check("DKIM", mailside.dkim, local=False),
    Check("MAIL FROM", mailside.mail_from, local=False),
    Check("DNS records", records.all_set, local=False),
    Check("MX of the inbox", records.inbox, local=False),
    Check("rule set", mailside.rule_set, local=False),
    Check("SES events", mailside.events, local=False),
    Check("sandbox", mailside.sandbox, local=False),
    Check("sending quota", mailside.quota, local=False),
    Check("sending rate", mailside.rate, local=False),
    Check("bounce rate", mailside.bounce_rate, local=False),
    Check("schedules", workside.schedules),
    Check("queues", workside.queues),
    Check("dead letters", workside.dead_letters),
    Check("inbox", workside.inbox),
    Check("last round", workside.last_round),
    Check("alert path", workside.alert_path),
    Check("clock", workside.clock),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A check and what it found."""

    check: str
    state: State
    finding: str


@deployed
def doctor(here: Here, *, as_json: AsJson = False) -> None:
    """Check a deployment, and say in a sentence what to do about each problem."""
    columns = (
        Column[Line]("", lambda it: it.state),
        Column[Line]("check", lambda it: it.check),
        Column[Line]("finding", lambda it: it.finding),
    )
    lines = list(_lines(here))
    show.listing(lines, columns, as_json=as_json)
    if any(line.state is State.PROBLEM for line in lines):
        raise typer.Exit(NO)


def _lines(here: Here) -> Iterator[Line]:
    for check in CHECKS:
        if here.local and not check.local:
            yield Line(check.name, State.SKIPPED, "the local world has none")
            continue
        found = _look(check, here)
        yield Line(check.name, found.state, found.sentence)


def _look(check: Check, here: Here) -> Finding:
    """Look; a check that cannot is a finding, too, and keeps no other from its turn."""
    try:
        return check.look(here)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if "AccessDenied" in code or "Unauthorized" in code:
            return problem(f"could not be looked at: allow these credentials to call {error.operation_name}.")
        return problem(f"could not be looked at: {error.operation_name} said {code}; try again.")
    except (BotoCoreError, PynamoDBException, MxtraxError) as error:
        return problem(f"could not be looked at: {error}")
