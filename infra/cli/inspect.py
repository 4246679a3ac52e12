"""Show what a returned mail says: `mxtrax inspect`, an account for people and one JSON object a line for programs."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer

from mxtrax.mail import read
from mxtrax.model import DAY, HOUR, MINUTE, SECOND, Hop, Kind, Millis, Reason, Recipient, Return

MBOX_LINE: Final = re.compile(rb"From [^\r\n]*\d\d:\d\d")
MAX_MAIL: Final = 64 << 20
"""Octets of one mail of an mbox; the reader looks at far fewer."""
WIDTH: Final = 100

KINDS: Final = {
    Kind.MESSAGE: "a message: the test mail itself, redirected or forwarded",
    Kind.AUTO_REPLY: "an auto-reply: a responder answered the test mail",
    Kind.BOUNCE: "a bounce: the mail could not be delivered",
    Kind.DELAY: "a delay: the mail is still under way, so the server says",
    Kind.FEEDBACK: "a feedback report: somebody complained about the mail",
    Kind.OTHER: "something else: a receipt, a report of success or a challenge; it counts as nothing",
}
REASONS: Final = {
    Reason.FORWARDING_BLOCKED: "their server refuses to send mail on to the outside",
    Reason.SUPPRESSED: "the address is on a suppression list, so nothing was sent",
    Reason.LOOP: "the mail went round in circles",
    Reason.GREYLISTED: "greylisted, an unknown sender has to come again",
    Reason.RATE_LIMITED: "too much mail, or too many connections, in too short a time",
    Reason.MAILBOX_FULL: "the mailbox is full",
    Reason.MAILBOX_DISABLED: "the mailbox is closed",
    Reason.NOT_AUTHENTICATED: "the sender is not authenticated (SPF, DKIM, DMARC)",
    Reason.BLOCKLISTED: "the sending address is on a blocklist, or has a bad name",
    Reason.SPAM: "the mail was taken for spam or worse",
    Reason.TOO_LARGE: "the mail is too large",
    Reason.TLS: "no encrypted connection could be agreed on",
    Reason.NO_RELAYING: "the server does not take mail for this address",
    Reason.UNKNOWN_USER: "there is no such mailbox",
    Reason.DNS: "a name could not be found in the DNS",
    Reason.UNREACHABLE: "the server could not be reached",
    Reason.EXPIRED: "the mail waited too long",
    Reason.POLICY: "a rule of theirs forbids it",
    Reason.SERVER_ERROR: "something is broken at the server",
    Reason.UNKNOWN: "no reason that is understood",
}


def mails(source: str, stdin: BinaryIO | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield (name, mail) for a file, an mbox, a Maildir, a folder of files, or `-` for standard input.

    The first mail of an mbox bears the file's name, the others the name and a number: `box#2`. A file called .eml is one
    mail, whatever lines it holds.
    """
    if source == "-":
        yield from _of_file("-", stdin or sys.stdin.buffer)
        return
    path = Path(source)
    if not path.is_dir():
        with path.open("rb") as file:
            yield from _of_file(source, file)
        return
    folders = [path / name for name in ("cur", "new") if (path / name).is_dir()] or [path]
    for file_path in sorted(entry for folder in folders for entry in folder.iterdir() if entry.is_file()):
        with file_path.open("rb") as file:
            yield from _of_file(str(file_path), file)


def _of_file(name: str, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Split an mbox at its From lines; a file that does not begin with one is one mail."""
    first = file.readline(MAX_MAIL)
    if name.lower().endswith(".eml") or not MBOX_LINE.match(first):
        yield name, first + file.read(MAX_MAIL)
        return
    number, kept, blank = 1, [first], False
    for line in file:
        if blank and MBOX_LINE.match(line):
            yield (name if number == 1 else f"{name}#{number}"), b"".join(kept)
            number, kept = number + 1, []
        kept.append(line)
        blank = not line.strip()
    yield (name if number == 1 else f"{name}#{number}"), b"".join(kept)


# --- for programs ----------------------------------------------------------------------------------------------------


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


# --- for people ------------------------------------------------------------------------------------------------------


def span(millis: Millis) -> str:
    """Word a duration with its two largest units: `1 h 5 min`."""
    units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))
    rest, parts = millis, []
    for size, unit in units:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def account(name: str, found: Return) -> str:
    """Tell what was read as a person would want to hear it."""
    rows: list[tuple[str, str]] = [("What", _what(found)), ("Subject", found.subject or "(none)")]
    rows += _whose(found)
    if found.kind in (Kind.BOUNCE, Kind.DELAY):
        rows.append(("Why", f"{(found.cause or 'unknown').replace('_', ' ')}: {REASONS[found.reason]}"))
        rows += [("Reported by", found.reporting_mta)] if found.reporting_mta else []
    rows += [("Recipient" if number == 0 else "", _recipient(one)) for number, one in enumerate(found.recipients)]
    rows += _changed(found)
    rows += [("Note", note) for note in found.notes]
    lines = [name, *(f"  {label:12}{printable(text)}" for label, text in rows)]
    for title, chain in (("The way of the original", found.original_hops), ("The way of this mail", found.hops)):
        if chain:
            lines += ["", f"  {title}", *table(chain)]
    slowest = found.slowest
    if slowest and slowest.gap:
        lines += ["", f"  Longest: {span(slowest.gap)} until {printable(slowest.by) or 'the next server'} had it."]
    return "\n".join(lines) + "\n"


def printable(text: str) -> str:
    """Replace what a terminal would act on: a mail is a stranger's text."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{MIDDLE DOT}" for letter in text)


def _what(found: Return) -> str:
    return "a mail that names no test" if found.kind is Kind.MESSAGE and not found.tokens else KINDS[found.kind]


def _whose(found: Return) -> Iterator[tuple[str, str]]:
    if found.tokens:
        yield "Test id", found.tokens[0]
        if len(found.tokens) > 1:
            yield "or", ", ".join(found.tokens[1:])
    else:
        yield "Test id", "none in it"
    if found.ses_message_id:
        yield "SES id", found.ses_message_id


def _recipient(one: Recipient) -> str:
    said = " ".join(part for part in (one.action, one.status) if part)
    words = _short(one.diagnostic or "", WIDTH)
    return f"{one.address}{'  ' + said if said else ''}" + (f"\n{'':14}{words}" if words else "")


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _changed(found: Return) -> Iterator[tuple[str, str]]:
    """Tell what was done to the mail on the way, and what its signatures are worth."""
    checked = found.integrity
    around = [text for text in (checked.subject_before, checked.subject_after) if text]
    if around:
        yield "Changed", "the subject got " + " and ".join(f'"{_short(text, 60)}"' for text in around)
    if checked.footer:
        yield "Changed", f'text was added below: "{_short(" ".join(checked.footer.split()), 70)}"'
    if checked.verdicts:
        yield "Verdicts", _verdicts(checked.verdicts)
    for one in checked.signatures:
        state = {True: "the body is as it was signed", False: "the body was changed", None: "cannot be compared"}
        yield "Signed by", f"{one.domain or '?'}: {state[one.body_intact]} (the header's signature needs the DNS)"


def _verdicts(verdicts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {result}" for name, result in verdicts.items())


def table(chain: Iterable[Hop]) -> list[str]:
    """Lay out hops, the oldest first: when, how long since the hop before, from, by, how."""
    rows = [("time (UTC)", "gap", "from", "by", "with")]
    for hop in chain:
        when = (
            datetime.fromtimestamp(hop.time / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")
            if hop.time is not None
            else "?"
        )
        gap = "" if hop.gap is None else span(hop.gap) if not hop.skew else f"0 s (clock {span(hop.skew)} behind)"
        how = (hop.protocol or "?") + ("" if not hop.tls or hop.protocol.endswith(("S", "SA")) else " (TLS)")
        rows.append((when, gap, printable(_short(hop.from_, 44)), printable(_short(hop.by, 44)), how))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return [
        "    " + "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


# --- the command -----------------------------------------------------------------------------------------------------


def inspect(
    files: Annotated[
        list[str], typer.Argument(help="Mails: a file, an mbox, a Maildir or a folder; - reads standard input.")
    ],
    recipient: Annotated[
        str, typer.Option(help="The mailbox the test was sent to: preferred where a mail names several.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show what returned mails say: what each is, whose test, why, and the way it took."""
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
