"""`mxtrax doctor`: check every part of a deployment that can be wrong, and say what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.doctor.checks import CHECKS, Check
from infra.cli.doctor.findings import Finding, State, problem
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import MxtraxError


@dataclass(frozen=True, slots=True)
class Line:
    """A check and what it found."""

    check: str
    state: State
    finding: str


@deployed
def doctor(here: Here, *, as_json: AsJson = False) -> None:
    """Check a deployment and say how to fix each problem."""
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
    """Run a check; if it fails to run, that is a finding too, and the others still run."""
    try:
        return check.look(here)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if "AccessDenied" in code or "Unauthorized" in code:
            return problem(f"could not be checked: allow these credentials to call {error.operation_name}.")
        return problem(f"could not be checked: {error.operation_name} said {code}; try again.")
    except (BotoCoreError, PynamoDBException, MxtraxError) as error:
        return problem(f"could not be checked: {error}")
