"""`mxtrax activate`: have SES deliver incoming mail to us, which CloudFormation cannot set up."""

from typing import Annotated

import typer

from infra.cli import show
from infra.cli.command import NO, Yes, deployed
from infra.cli.target import Here
from mxtrax.report.words import many


@deployed
def activate(
    here: Here,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Even if this switches another rule set off.")] = False,
    yes: Yes = False,
) -> None:
    """Activate the stack's receipt rule set. An account has one active set per region; another one is left alone."""
    if here.local:
        show.note("The local world has no receipt rules: whatever reaches the inbox is accepted.")
        return
    ours, ses = here.output("ReceiptRuleSet"), here.client("ses")
    found = ses.describe_active_receipt_rule_set()
    active = found.get("Metadata", {}).get("Name", "")
    if active == ours:
        typer.echo(f"{ours} is already active.")
        return
    if active and not replace:
        rules = many(len(found.get("Rules", ())), "rule")
        show.note(
            f"mxtrax: The rule set {active} is active, with {rules}, and this would switch it off. Deploy with "
            f"ReceiptRuleSet={active}, which adds our rule to it; or use another region, or use --replace."
        )
        raise typer.Exit(NO)
    if active:
        show.sure(f"Switch {active} off and {ours} on, in {here.session.region_name}?", yes=yes)
    ses.set_active_receipt_rule_set(RuleSetName=ours)
    typer.echo(f"{ours} is active.")
