"""The daily note of what is not set up yet: which domains, since when, and what to do. It is no alarm."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from html import escape
from typing import Final

from mxtrax.model import Customer, MailDomain, Millis
from mxtrax.report.mail import Mail
from mxtrax.report.words import clean, many, when
from mxtrax.rules.cause import span

MOST: Final = 100
"""Domains that are named in a note."""

TODO: Final = (
    "Let each test mailbox send back every mail that it gets (forward, redirect, or an automatic reply that quotes it). "
    "Its page in the console has the steps for its provider. A mailbox that is no longer wanted can be removed."
)


def not_set_up(
    domains: Sequence[MailDomain], customers: Mapping[str, Customer], now: Millis, zone: tzinfo, sender: str
) -> Mail:
    """Write the note."""
    are = "domain is" if len(domains) == 1 else "domains are"
    first = f"{len(domains):,} {are} not set up yet: no test has ever come back, so their mail is not watched."
    lines = [_line(domain, customers, now) for domain in domains[:MOST]]
    if len(domains) > MOST:
        lines.append(f"and {len(domains) - MOST:,} more")
    last = f"Tests go out from {clean(sender)}. Written by MXTRAX at {when(now, zone)}; the next note comes tomorrow."
    text = "\n".join([first, "", *(f"- {line}" for line in lines), "", TODO, "", last, ""])
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    subject = f"MXTRAX: {many(len(domains), 'domain')} not set up"
    html = _HTML.format(subject=escape(subject), first=escape(first), items=items, todo=escape(TODO), last=escape(last))
    return Mail(subject=subject, text=text, html=html)


def _line(domain: MailDomain, customers: Mapping[str, Customer], now: Millis) -> str:
    """Name a domain, whose it is, and since when it is there."""
    whose = customers.get(domain.customer)
    name = f"{clean(domain.address)}, {clean(whose.friendlyname)}" if whose else clean(domain.address)
    return f"{name}: added {span(max(0, now - domain.added))} ago" if domain.added else name


_HTML: Final = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px">
<p>{first}</p>
<ul>
{items}
</ul>
<p>{todo}</p>
<p>{last}</p>
</body>
</html>
"""
