"""`mxtrax preflight`: before the first deployment, check whether it would succeed, and with which parameters."""

import os
from typing import Annotated, Final

import boto3
import typer
from botocore.exceptions import ClientError

from infra.cli import show
from infra.cli.command import NO, AsJson, explained
from infra.cli.doctor.findings import State, problem
from infra.cli.preflight import CHECKS, Account, Found
from infra.cli.show import Column
from infra.cli.target import DEPLOY
from mxtrax.model import Config
from mxtrax.rules.validation import check_config

type Line = tuple[str, Found]

BUDGET: Final = (
    "aws cloudformation deploy --region us-east-1 --stack-name {stack}-budget --template-file infra/budget.yaml "
    "--parameter-overrides Amount=100 Email=ADDRESS    # if the account has AWS Budgets"
)
"""The budget is a separate stack: everything else deploys without it."""


def preflight(
    sender: Annotated[str, typer.Argument(metavar="ADDRESS", help="The inbox: the future SendingUser.")],
    *,
    stack: Annotated[str, typer.Option(metavar="NAME", help="The future name of the stack.")] = "mxtrax",
    profile: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.")] = "",
    region: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.")] = "",
    domain: Annotated[str, typer.Option(metavar="HOST", help="The console's own name, if it is to have one.")] = "",
    certificate: Annotated[str, typer.Option(metavar="ARN", help="That name's certificate in ACM.")] = "",
    key: Annotated[str, typer.Option(metavar="ARN", help="Your own key in KMS, if there is to be one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Check an account before the first deployment, and print the parameters to deploy with."""
    with explained():
        check_config(Config(sendinguser=sender))
        session = boto3.Session(
            profile_name=profile or None, region_name=region or os.environ.get("AWS_REGION") or None
        )
        account = Account(session, stack, sender, domain, certificate, key)
        lines = [(name, _look(name, account)) for name in CHECKS]
    columns = (
        Column[Line]("", lambda it: it[1].finding.state),
        Column[Line]("check", lambda it: it[0]),
        Column[Line]("finding", lambda it: it[1].finding.sentence),
    )
    show.listing(
        lines,
        columns,
        as_json=as_json,
        record=lambda it: {
            "check": it[0],
            "state": it[1].finding.state,
            "finding": it[1].finding.sentence,
            "parameters": dict(it[1].parameters),
        },
    )
    if not as_json:
        chosen = {"SendingUser": sender} | {name: value for _, it in lines for name, value in it.parameters.items()}
        given = " ".join(f"{name}={value}" for name, value in chosen.items())
        typer.echo(f"\n{BUDGET.format(stack=stack)}")
        typer.echo(f"\n{DEPLOY.format(stack=stack)} --parameter-overrides {given}")
    if any(it.finding.state is State.PROBLEM for _, it in lines):
        raise typer.Exit(NO)


def _look(name: str, account: Account) -> Found:
    """Run a check; if it lacks permission, that is a finding too, and the others still run."""
    try:
        return CHECKS[name](account)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return Found(problem(f"could not be checked: {error.operation_name} said {code} (docs/operator-policy.json)."))
