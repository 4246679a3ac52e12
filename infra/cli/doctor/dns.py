"""What `mxtrax doctor` checks in the DNS: the records in the stack's outputs."""

from typing import Final, NamedTuple

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers, resolve

from infra.cli.doctor.findings import Finding, good, note, problem
from infra.cli.target import Here

SECONDS: Final = 5.0
KINDS: Final = frozenset({"CNAME", "MX", "TXT"})
CONSOLE: Final = "DnsConsole"


class Record(NamedTuple):
    """A record that should be there."""

    name: str
    kind: str
    value: str


class NoResolver(Exception):
    """DNS lookups do not work from here."""


def wanted(here: Here) -> dict[str, Record]:
    """Read the records from the stack's outputs: NAME TYPE VALUE."""
    found = {}
    for output, said in sorted(here.outputs.items()):
        parts = said.split(None, 2)
        if output.startswith("Dns") and len(parts) == 3 and parts[1] in KINDS:
            found[output] = Record(parts[0], parts[1], parts[2])
    return found


def all_set(here: Here) -> Finding:
    """Check that the DKIM and MAIL FROM records are as they should be."""
    records = [record for output, record in wanted(here).items() if output not in {"DnsMx", CONSOLE}]
    if not records:
        return note("the identity was not created by this stack, so its records are not known here.")
    try:
        missing = [record for record in records if not _fits(record)]
    except NoResolver as error:
        return note(f"not checked ({error}).")
    if missing:
        return problem("add to the DNS: " + "; ".join(" ".join(record) for record in missing))
    return good(f"all {len(records)} are set.")


def inbox(here: Here) -> Finding:
    """Check that mail for the inbox's domain goes to SES, and nowhere else."""
    record = wanted(here).get("DnsMx")
    if record is None:
        return problem("the stack has no output with the inbox's MX: deploy it again.")
    try:
        there = lookup(record.name, "MX")
    except NoResolver as error:
        return note(f"not checked ({error}).")
    ours = _plain(record.value.split()[-1])
    hosts = [_plain(value.split()[-1]) for value in there]
    if ours not in hosts:
        return problem(f"add to the DNS: {' '.join(record)}")
    if others := [host for host in hosts if host != ours]:
        return problem(f"tests may come back to {', '.join(others)}: let {ours} be the only MX of {record.name}.")
    return good(f"{record.name} points to {ours}.")


def console(here: Here) -> Finding:
    """Check that the console's own name leads to API Gateway, by a CNAME or by an alias, which shows addresses only."""
    record = wanted(here).get(CONSOLE)
    if record is None:
        return good("none of its own: it is under API Gateway's.")
    try:
        there = _fits(record) or bool(set(lookup(record.name, "A")) & set(lookup(record.value, "A")))
    except NoResolver as error:
        return note(f"not checked ({error}).")
    if not there:
        return problem(f"add to the DNS: {' '.join(record)}")
    return good(f"{record.name} leads to the console.")


def _fits(record: Record) -> bool:
    there = lookup(record.name, record.kind)
    if record.kind == "TXT":
        return record.value.strip('"') in there
    return _plain(record.value) in map(_plain, there)


def _plain(value: str) -> str:
    return value.rstrip(".").lower()


def lookup(name: str, kind: str) -> list[str]:
    """Look up the values of a record, none if it does not exist. Raises NoResolver if no DNS server answers."""
    try:
        found = resolve(name, kind, lifetime=SECONDS)
    except (NXDOMAIN, NoAnswer):
        return []
    except (LifetimeTimeout, NoNameservers) as error:
        raise NoResolver("no name server answered") from error
    except DNSException as error:
        raise NoResolver(str(error) or type(error).__name__) from error
    if kind == "TXT":
        return [b"".join(value.strings).decode("utf-8", "replace") for value in found]
    return [value.to_text() for value in found]
