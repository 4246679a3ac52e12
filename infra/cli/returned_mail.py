"""One returned mail, explained: what it is, whose test, why, and its route."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from mxtrax.model import SECOND, Hop, Kind, Recipient, Return
from mxtrax.rules.cause import span
from mxtrax.rules.explanation import explain
from mxtrax.rules.untrusted_text import for_terminal

WIDTH: Final = 100

KINDS: Final = {
    Kind.MESSAGE: "a message: the test mail itself, redirected or forwarded",
    Kind.AUTO_REPLY: "an auto-reply: a responder answered the test mail",
    Kind.BOUNCE: "a bounce: the mail could not be delivered",
    Kind.DELAY: "a delay notice: the server is still trying to deliver the mail",
    Kind.FEEDBACK: "a feedback report: somebody reported the mail, mostly as spam",
    Kind.OTHER: "something else: a receipt, a success report, a challenge, a notice; it is not counted",
}


def account(name: str, found: Return) -> str:
    """Explain what was read."""
    rows: list[tuple[str, str]] = [("What", _what(found)), ("Subject", found.subject or "(none)")]
    rows += _whose(found)
    if found.kind in (Kind.BOUNCE, Kind.DELAY):
        rows.append(("Why", explain(found.cause, found.reason).words))
        rows += [("Reported by", found.reporting_mta)] if found.reporting_mta else []
    rows += _recipients(found.recipients)
    rows += _changed(found)
    rows += [("Note", note) for note in found.notes]
    lines = [name, *(f"  {label:12}{for_terminal(text)}" for label, text in rows)]
    for title, chain in (("Route of the original", found.original_hops), ("Route of this mail", found.hops)):
        if chain:
            lines += ["", f"  {title}", *table(chain)]
    slowest = found.slowest
    if slowest and slowest.gap:
        lines += ["", f"  Longest: {span(slowest.gap)} until {for_terminal(slowest.by) or 'the next server'} had it."]
    return "\n".join(lines) + "\n"


def _what(found: Return) -> str:
    nothing = found.kind in (Kind.MESSAGE, Kind.OTHER) and not (found.tokens or found.ses_message_id)
    return "a mail without a test ID" if nothing else KINDS[found.kind]


def _whose(found: Return) -> Iterator[tuple[str, str]]:
    if found.tokens:
        yield "Test id", found.tokens[0]
        if len(found.tokens) > 1:
            yield "or", ", ".join(found.tokens[1:])
    else:
        yield "Test id", "none"
    if found.ses_message_id:
        yield "SES id", found.ses_message_id


def _recipients(known: Iterable[Recipient]) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(known):
        said = " ".join(part for part in (one.action, one.status) if part)
        yield "" if number else "Recipient", f"{one.address}{'  ' + said if said else ''}"
        if one.diagnostic:
            yield "", _short(one.diagnostic, WIDTH)


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _changed(found: Return) -> Iterator[tuple[str, str]]:
    """Say what was done to the mail on the way, and whether its signatures hold."""
    checked = found.integrity
    around = [text for text in (checked.subject_before, checked.subject_after) if text]
    if around:
        yield "Changed", "added to the subject: " + " and ".join(f'"{_short(text, 60)}"' for text in around)
    if checked.footer:
        yield "Changed", f'text was added below: "{_short(" ".join(checked.footer.split()), 70)}"'
    if checked.verdicts:
        yield "Verdicts", _verdicts(checked.verdicts)
    for one in checked.signatures:
        state = {
            True: "the body is unchanged since it was signed",
            False: "the body was changed",
            None: "cannot be compared",
        }
        yield (
            "Signed by",
            f"{one.domain or '?'}: {state[one.body_intact]} (checking the header's signature needs the DNS)",
        )


def _verdicts(verdicts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {result}" for name, result in verdicts.items())


def table(chain: Iterable[Hop]) -> list[str]:
    """Lay out hops, the oldest first: when, how long since the previous hop, from, by, how."""
    rows = [("time (UTC)", "gap", "from", "by", "with")]
    for hop in chain:
        when = (
            datetime.fromtimestamp(hop.time / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")
            if hop.time is not None
            else "?"
        )
        gap = "" if hop.gap is None else span(hop.gap) if not hop.skew else f"0 s (clock {span(hop.skew)} behind)"
        how = (hop.protocol or "?") + ("" if not hop.tls or hop.protocol.endswith(("S", "SA")) else " (TLS)")
        from_, by = for_terminal(_short(hop.from_, 44)), for_terminal(_short(hop.by, 44))
        rows.append((when, gap, from_, by, for_terminal(how)))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return [
        "    " + "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
