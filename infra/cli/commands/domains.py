"""List, add, edit, pause, resume and remove the domains that are tested."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any, Final

import typer

from infra.cli import find, show, values
from infra.cli.command import NO, AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import domains as use_cases
from mxtrax.admin.domains import Outcome, Wish
from mxtrax.errors import Missing, Refused
from mxtrax.model import MailDomain, WindowCounts
from mxtrax.report.figures import Line
from mxtrax.report.words import many
from mxtrax.rules import statistics, status
from mxtrax.rules.cause import span
from mxtrax.rules.status import Status
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.validation import check_address
from mxtrax.store import fleet, fleet_queries
from mxtrax.store.fleet_queries import View
from mxtrax.store.health import health_by_key

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

PAGE: Final = 500

SETTABLE = values.settable(MailDomain, but=("id", "testuser", "domainname", "added", "version"))

Names = Annotated[list[str], typer.Argument(metavar="DOMAIN...", help="Their addresses, names or numbers.")]
SomeNames = Annotated[
    list[str] | None, typer.Argument(metavar="[DOMAIN...]", help="Their addresses, names or numbers.")
]
OfCustomer = Annotated[str, typer.Option("--customer", metavar="CODENAME", help="All domains of this customer.")]


@app.command("list")
@deployed
def list_(
    here: Here,
    *,
    customer: OfCustomer = "",
    status_: Annotated[
        str,
        typer.Option(
            "--status", metavar="STATUS", help=f"One of {', '.join(status.STATUSES)}; separate several by commas."
        ),
    ] = "",
    tag: Annotated[str, typer.Option(metavar="TAG", help="With this tag.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="With this in the address or the customer's name.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0: all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the domains, worst first."""
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
            f"More than {limit:,}: use --limit 0 for all, or narrow them down with --status, --customer or --search."
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
    """Word a domain's own settings: overrides, flags, tags."""
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
    customer: Annotated[str, typer.Option(metavar="CODENAME", help="The customer's codename.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE...]", help="The domain's own settings.")
    ] = None,
) -> None:
    """Add a domain."""
    user, at, host = address.strip().rpartition("@")
    if not at:
        check_address("address", address)  # It says so; what is wrong with either part, the use case says.
    wanted = {"customer": customer} | values.read(changes or (), SETTABLE)
    use_cases.add(here.actor, here.now(), here.settings, MailDomain(id=0, testuser=user, domainname=host, **wanted))


@app.command()
@deployed
def edit(
    here: Here,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOMAIN...] [NAME=VALUE...]",
            help="Their addresses, names or numbers; then what to change. NAME= clears a domain's own setting.",
        ),
    ] = None,
    customer: OfCustomer = "",
    add_tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Add this tag and keep the others.")] = None,
    remove_tag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Remove this tag and keep the others.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
) -> None:
    """Change domains: their customer, their own settings, their tags."""
    found = _several([word for word in words or () if "=" not in word], customer)
    parts = values.read((word for word in words or () if "=" in word), SETTABLE)
    wish = Wish(parts=parts, add_tags=frozenset(add_tag or ()), remove_tags=frozenset(remove_tag or ()))
    if wish == Wish():
        raise Refused("change", "Nothing to change: give NAME=VALUE, --add-tag or --remove-tag.")
    done = _change(here, found, wish, dry_run=dry_run)
    if dry_run:
        for before, after in done.changed:
            show.note(f"{before.address}: {_difference(before, after)}")
    if dry_run or len(found) > 1:
        show.note(f"{many(len(done.changed), 'domain')} {'would be changed' if dry_run else 'changed'}.")


@app.command()
@deployed
def pause(here: Here, *, domains: SomeNames = None, customer: OfCustomer = "") -> None:
    """Put domains into maintenance: no tests, no judgement, no alerts."""
    done = _change(here, _several(domains, customer), Wish(parts={"maintmode": True}))
    show.note(f"{many(len(done.changed), 'domain')} in maintenance.")


@app.command()
@deployed
def resume(here: Here, *, domains: SomeNames = None, customer: OfCustomer = "") -> None:
    """End the maintenance of domains: test and judge them again."""
    done = _change(here, _several(domains, customer), Wish(parts={"maintmode": False}))
    show.note(f"{many(len(done.changed), 'domain')} out of maintenance.")


@app.command()
@deployed
def remove(here: Here, *, domains: Names, yes: Yes = False) -> None:
    """Remove domains and their tests; their statistics stay."""
    found = _several(domains, "")
    named = found[0].address if len(found) == 1 else many(len(found), "domain")
    show.sure(f"Remove {for_terminal(named)} of {here.name}?", yes=yes)
    for each in found:
        use_cases.remove(here.actor, here.now(), each.id)


def _several(names: Sequence[str] | None, customer: str) -> list[MailDomain]:
    found = [find.domain(name) for name in names or ()]
    if customer:
        found += fleet.in_order(customer=customer)
    if not found:
        raise Missing("maildomain", "Which domains? Name some, or use --customer for all of one customer.")
    return list({each.key: each for each in found}.values())


def _change(here: Here, found: Sequence[MailDomain], wish: Wish, *, dry_run: bool = False) -> Outcome:
    """Change domains; if some are refused, the others are changed, and the exit code is 1."""
    numbers = [each.id for each in found]
    done = use_cases.change_many(here.actor, here.now(), here.settings, numbers, wish, preview=dry_run)
    if len(found) == 1 and done.refused:
        raise done.refused[0].why
    for each in done.refused:
        address = next(it.address for it in found if it.id == each.number)
        show.note(f"mxtrax: {address} was not changed: {each.why}")
    if done.refused:
        raise typer.Exit(NO)
    return done


def _difference(before: MailDomain, after: MailDomain) -> str:
    """Word what would change about a domain."""
    sides = ((name, getattr(before, name), getattr(after, name)) for name in SETTABLE)
    named = ((name, values.word(was) or "empty", values.word(now) or "empty") for name, was, now in sides if was != now)
    return ", ".join(f"{name}: {was} -> {now}" for name, was, now in named)
