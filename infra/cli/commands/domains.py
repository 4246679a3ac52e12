"""List, add, edit, pause, resume and remove the domains that are tested."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import islice
from typing import Annotated, Any, Final

import typer

from infra.cli import find, show, values
from infra.cli.changes import change, must
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.model import Config, MailDomain, WindowCounts
from mxtrax.report.figures import Line
from mxtrax.report.words import many
from mxtrax.rules import statistics, status
from mxtrax.rules.cause import span
from mxtrax.rules.status import Status
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.validation import check_domain
from mxtrax.store import customers, fleet, fleet_queries
from mxtrax.store.fleet_queries import View
from mxtrax.store.health import health_by_key

app = typer.Typer(help=__doc__, no_args_is_help=True)

PAGE: Final = 500

SETTABLE = values.settable(MailDomain, but=("id", "testuser", "domainname", "version"))

Names = Annotated[list[str], typer.Argument(metavar="DOMAIN...", help="Their addresses, names or numbers.")]
SomeNames = Annotated[
    list[str] | None, typer.Argument(metavar="[DOMAIN...]", help="Their addresses, names or numbers.")
]
OfCustomer = Annotated[str, typer.Option("--customer", metavar="CODENAME", help="All of a customer.")]


@app.command("list")
@deployed
def list_(
    here: Here,
    *,
    customer: OfCustomer = "",
    status_: Annotated[
        str,
        typer.Option("--status", metavar="STATUS", help=f"One of {', '.join(status.STATUSES)}; several with commas."),
    ] = "",
    tag: Annotated[str, typer.Option(metavar="TAG", help="With this tag.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="With this in the address, or of this customer.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0: all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the domains, the worst first."""
    statuses: Sequence[Status | None] = sorted(_statuses(status_)) or [None]
    wanted = [View(status=it, customer=customer, tag=tag, search=search.lower()) for it in statuses]
    keys = list(islice(_keys(wanted), limit + 1 if limit else None))
    shown = keys[:limit] if limit else keys
    domains, known = fleet.by_keys(shown), health_by_key(shown)
    lines = [Line(domains[key], known[key]) for key in shown if key in domains]
    config, now = here.config, here.now()
    counts = {
        it.domain.key: statistics.total(statistics.trim(it.health.window_counts, config.window_hours, now))
        for it in lines
    }
    show.listing(
        lines,
        _columns(counts, now),
        as_json=as_json,
        record=lambda it: _record(it, counts[it.domain.key]),
        nothing="There is no such domain.",
    )
    if len(keys) > len(shown):
        show.note(
            f"More than {limit:,}: say --limit 0 for all, or look for some with --status, --customer or --search."
        )


def _keys(wanted: Iterable[View]) -> Iterator[str]:
    """Read the keys of all domains of some views, page by page."""
    for view in wanted:
        after = ""
        while True:
            page = fleet_queries.domains(view, PAGE, after)
            yield from page.items
            if not (after := page.after):
                break


def _columns(counts: dict[str, WindowCounts], now: int) -> Sequence[Column[Line]]:
    return (
        Column("id", lambda it: str(it.domain.id), number=True),
        Column("domain", lambda it: it.domain.address),
        Column("customer", lambda it: it.domain.customer),
        Column("status", lambda it: _status(it).word),
        Column("for", lambda it: span(max(0, now - it.health.since)) if it.health.since else "", number=True),
        Column("on time", lambda it: f"{counts[it.domain.key].ontime:,}", number=True),
        Column("late", lambda it: f"{counts[it.domain.key].late:,}", number=True),
        Column("missed", lambda it: f"{counts[it.domain.key].missed:,}", number=True),
        Column("own settings", lambda it: _own(it.domain)),
    )


def _own(domain: MailDomain) -> str:
    """Say what a domain has of its own: overrides, flags, tags."""
    blank = MailDomain(id=0, testuser="", domainname="")
    shown = [name for name in SETTABLE if name not in ("customer", "maintmode")]
    own = ((name, getattr(domain, name)) for name in shown if getattr(domain, name) != getattr(blank, name))
    return " ".join(f"{name}={values.word(value)}" for name, value in own)


def _record(line: Line, counts: WindowCounts) -> dict[str, Any]:
    health = line.health
    known = {"status": _status(line).word, "since": health.since, "streak": health.streak}
    return asdict(line.domain) | known | {"exceeded": health.exceeded, "window": asdict(counts)}


def _statuses(text: str) -> set[Status]:
    words = [word for word in text.lower().replace(",", " ").split() if word]
    if unknown := [word for word in words if word not in status.STATUSES]:
        raise Refused("status", f"--status: {unknown[0]!r} should be one of {', '.join(status.STATUSES)}.")
    return {status.STATUSES[word] for word in words}


def _status(line: Line) -> Status:
    return status.status_of(line.health, maintmode=line.domain.maintmode)


@app.command()
@deployed
def add(
    here: Here,
    *,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The mailbox: testuser@domainname.")],
    customer: Annotated[str, typer.Option(metavar="CODENAME", help="Whose it is.")],
    changes: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE...]", help="Settings of its own.")] = None,
) -> None:
    """Add a domain."""
    user, _, host = address.strip().rpartition("@")
    wanted = {"customer": customer} | values.read(changes or (), SETTABLE)
    new = _checked(replace(MailDomain(id=0, testuser=user, domainname=host), **wanted), here.config)
    if not fleet.add([new], change(here, "maildomain.add", new.key, after=new)):
        raise Exists("maildomain", f"{new.address} is tested already: `mxtrax domains edit` changes it.")


@app.command()
@deployed
def edit(
    here: Here,
    *,
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="Its address, name or number.")],
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="NAME= gives up a setting of its own.")],
) -> None:
    """Change a domain: its customer, and what it has of its own beside the settings."""
    before = find.domain(domain)
    after = _checked(replace(before, **values.read(changes, SETTABLE)), here.config)
    _save(here, before, after)


@app.command()
@deployed
def pause(here: Here, *, domains: SomeNames = None, customer: OfCustomer = "") -> None:
    """Put domains into maintenance: no tests, no judgement, no alerts."""
    _switch(here, _several(domains, customer), maintmode=True)


@app.command()
@deployed
def resume(here: Here, *, domains: SomeNames = None, customer: OfCustomer = "") -> None:
    """Take domains out of maintenance."""
    _switch(here, _several(domains, customer), maintmode=False)


@app.command()
@deployed
def remove(here: Here, *, domains: Names, yes: Yes = False) -> None:
    """Remove domains and what is known of them; their statistics stay."""
    found = _several(domains, "")
    named = found[0].address if len(found) == 1 else many(len(found), "domain")
    show.sure(f"Remove {for_terminal(named)} of {here.name}?", yes=yes)
    known = health_by_key([each.key for each in found])
    for each in found:
        gone = change(here, "maildomain.remove", each.key, before=each)
        must(fleet.remove(each, known[each.key], here.now(), gone), each.address)


def _several(names: Sequence[str] | None, customer: str) -> list[MailDomain]:
    found = [find.domain(name) for name in names or ()]
    if customer:
        found += fleet.in_order(customer=customer)
    if not found:
        raise Missing("maildomain", "Which domains? Name some, or a customer that has some with --customer.")
    return list({each.key: each for each in found}.values())


def _switch(here: Here, domains: Sequence[MailDomain], *, maintmode: bool) -> None:
    changed = [each for each in domains if each.maintmode is not maintmode]
    for each in changed:
        _save(here, each, replace(each, maintmode=maintmode))
    show.note(f"{many(len(changed), 'domain')} {'in' if maintmode else 'out of'} maintenance.")


def _save(here: Here, before: MailDomain, after: MailDomain) -> None:
    must(
        fleet.save(after, change(here, "maildomain.change", before.key, before=before, after=after)),
        before.address,
    )


def _checked(domain: MailDomain, config: Config) -> MailDomain:
    checked = check_domain(domain, config)
    if customers.get(checked.customer) is None:
        raise Missing("customer", f"There is no customer {checked.customer!r}: `mxtrax customers add` adds one.")
    return checked
