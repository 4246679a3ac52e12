"""`mxtrax receivetests`: one pass over inbox and statistics."""

from collections import Counter

import typer

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.receive_function import FAILED, account_for, lines
from infra.cli.target import Here
from mxtrax.aws import s3
from mxtrax.model.orders import FoldOrder, to_json
from mxtrax.rules import schedule
from mxtrax.store import fleet


@deployed
def receivetests(here: Here, *, as_json: AsJson = False) -> None:
    """Read the inbox, bring the statistics up to date and send the alerts that are due, now."""
    prefix, now = here.settings.inbox_prefix, here.now()
    waiting = [
        (each.key.removeprefix(prefix), min(each.at, now)) for each in s3.stored_mails(here.settings.bucket, prefix)
    ]
    outcomes = Counter(account_for(here, waiting))
    folded = 0
    for shards in schedule.workers(fleet.count()):
        order = to_json(FoldOrder(shards=shards))
        done = here.call("AggregateFunction", {"Records": [{"body": order}]})
        folded += sum(each["folded"] for each in done or ())
    if as_json:
        show.as_object({"mails": dict(outcomes), "folded": folded})
    else:
        show.pairs([("Mails in the inbox", f"{len(waiting):,}"), *lines(outcomes), ("Tests counted", f"{folded:,}")])
    here.call("AlertFunction", {})
    if outcomes[FAILED]:
        raise typer.Exit(NO)
