"""docs/causes.md: every cause with every reason that changes what to do, as shown to people."""

from collections.abc import Iterable, Iterator
from typing import Final

from mxtrax.model import Cause, Reason
from mxtrax.rules.causes_table import CAUSES, REASONS
from mxtrax.rules.explanation import Explanation, explain
from mxtrax.rules.how_to import PRODUCTS, how_to

_HEAD: Final = """\
# Causes, and what to do next

What stands in subjects, tables and notices, and what the API gives as `why`, `meaning`, `next_steps`, `fault` and
`certainty`. Made from `rules/causes_table.py` by `make causes`; a test compares. A cause says what became of a test, a
reason what a server gave as its ground; a reason that is not listed under a cause changes nothing.

`fault` is where the fault lies: `customer` (their mail), `setup` (the test mailbox; no outage), `ours`, `unknown`.
`certainty` is how sure that is: `certain` (a server said so), `likely`, `open` (one of several). The sender of the tests is
the setting `sendinguser`; alert mails name its address.
"""


def causes() -> str:
    """Write the document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _HEAD.splitlines()
    for cause in Cause:
        yield from ("", f"## {_sentence(explain(cause).words)} (`{cause}`)", "")
        yield from _explained(explain(cause))
        for reason in REASONS if CAUSES[cause].grounds else ():
            yield from _with(cause, reason)
    yield from ("", "## Steps by product", "")
    yield "Where the provider is known by its mail server, steps are told as its product has them."
    yield from ("", "| Product | Mail servers | Steps |", "|---|---|---|")
    for product in dict.fromkeys(product for product, _ in PRODUCTS.values()):
        servers = [domain for domain, (name, _) in PRODUCTS.items() if name == product]
        own = PRODUCTS[servers[0]][1]
        yield f"| {product} | {', '.join(servers)} | {'<br>'.join(how_to(f'{{{topic}}}', servers[0]) for topic in own)} |"


def _with(cause: Cause, reason: Reason) -> Iterator[str]:
    told = explain(cause, reason)
    yield from ("", f"### {_sentence(told.words)} (`{cause}`, `{reason}`)", "")
    yield from _explained(told)


def _explained(told: Explanation) -> Iterator[str]:
    yield told.meaning
    yield ""
    yield from _numbered(told.next_steps)
    yield from ("", f"Fault: `{told.fault}`, {told.certainty}.")


def _numbered(steps: Iterable[str]) -> Iterator[str]:
    return (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
