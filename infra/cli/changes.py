"""Who changed what by the command line: kept beside what the API keeps, under the name that AWS knows the person by."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from infra.cli.target import Here
from mxtrax.errors import TryAgain
from mxtrax.model import Change, Config, Customer, MailDomain

type Thing = MailDomain | Customer | Config | dict[str, Any]


def change(here: Here, what: str, target: str, *, before: Thing | None = None, after: Thing | None = None) -> Change:
    """Write down a change."""
    return Change(
        at=here.now(), id=uuid4().hex, who=who(here), what=what, target=target, before=_said(before), after=_said(after)
    )


def who(here: Here) -> str:
    """Name the person at the command line."""
    return "local" if here.local else str(here.client("sts").get_caller_identity()["Arn"])


def must(done: bool, name: str) -> None:  # noqa: FBT001 -- what the store's writes give
    """See that nobody was quicker. Raises TryAgain."""
    if not done:
        raise TryAgain(f"{name} was changed by somebody else at this moment: look at it again, then repeat this.")


def _said(thing: Thing | None) -> dict[str, Any] | None:
    if thing is None or isinstance(thing, dict):
        return thing
    known = {
        name: value for name, value in asdict(thing).items() if name != "link"
    }  # it opens a page to whoever has it
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in known.items()}
