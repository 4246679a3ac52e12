"""`mxtrax inspect`: what returned mails say, as text for people or as one JSON object a line for programs."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

import typer

from infra.cli.mail_files import mails
from infra.cli.returned_mail import account
from mxtrax.mail import read
from mxtrax.model import Hop, Return


def inspect(
    files: Annotated[
        list[str], typer.Argument(help="Mails: a file, an mbox, a Maildir or a folder; - reads standard input.")
    ],
    recipient: Annotated[str, typer.Option(help="The mailbox that was tested, for mails that name several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Explain returned mails: what each one is, whose test it answers, why it came, and its route."""
    show: Callable[[str, Return], str] = (lambda name, found: json.dumps(record(name, found))) if as_json else account
    missing = 0
    for source in files:
        try:
            for name, raw in mails(source):
                typer.echo(show(name, read(raw, recipient or None)))
        except OSError as error:
            missing += 1
            typer.echo(f"{source}: {error.strerror or error}", err=True)
    if missing:
        raise typer.Exit(1)


def record(name: str, found: Return) -> dict[str, object]:
    """Return what was read as one JSON object. Times are milliseconds since 1970, UTC."""
    return {
        "file": name,
        "kind": found.kind,
        "tokens": list(found.tokens),
        "recipients": [
            {"address": one.address, "action": one.action, "status": one.status, "diagnostic": one.diagnostic}
            for one in found.recipients
        ],
        "reporting_mta": found.reporting_mta or None,
        "cause": found.cause,
        "reason": found.reason,
        "ses_message_id": found.ses_message_id or None,
        "hops": [*_hops("out", found.original_hops), *_hops("back", found.hops)],
        "integrity": {
            "verdicts": dict(found.integrity.verdicts),
            "signatures": [
                {"domain": one.domain, "selector": one.selector, "body_intact": one.body_intact}
                for one in found.integrity.signatures
            ],
            "subject_before": found.integrity.subject_before,
            "subject_after": found.integrity.subject_after,
            "footer": found.integrity.footer,
        },
        "notes": list(found.notes),
    }


def _hops(leg: str, chain: Iterable[Hop]) -> Iterator[dict[str, object]]:
    for hop in chain:
        yield {
            "leg": leg, "from": hop.from_, "by": hop.by, "protocol": hop.protocol, "tls": hop.tls,
            "time": hop.time, "gap": hop.gap, "skew": hop.skew,
        }  # fmt: skip
