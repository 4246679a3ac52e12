"""One change to many domains, with a preview of what it would do."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mxtrax.api import edits
from mxtrax.api.fields import Flag, Several, Shape, Text, Whole
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Object
from mxtrax.api.v3 import maildomains
from mxtrax.api.v3.maildomains.records import settings_of
from mxtrax.errors import Missing, Refused
from mxtrax.model import Config, MailDomain
from mxtrax.rules.validation import MAX_TAG, MAX_TAGS

MOST: Final = 100
"""Domains that are changed at once."""

router: Final = Router("Domains")

_TAG: Final = Text(shortest=1, longest=MAX_TAG)
_BODY: Final = Shape(
    {
        "ids": Several(of=Whole(low=1, high=10**12), least=1, most=MOST, note="Which domains."),
        "change": Shape(edits.DOMAIN_PARTS, note="The parts to change, as in PATCH."),
        "add_tags": Several(of=_TAG, most=MAX_TAGS, note="Tags to add to those that are there."),
        "remove_tags": Several(of=_TAG, most=MAX_TAGS, note="Tags to take away."),
        "preview": Flag(note="Only show what would be done."),
    },
    needed=("ids",),
)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A domain, and what of it was changed."""

    id: int
    address: str
    before: Object
    after: Object


@dataclass(frozen=True, kw_only=True)
class Unchangeable:
    """A domain that is not changed, and why."""

    id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was done, or would be."""

    preview: bool
    changed: tuple[Changed, ...]
    unchanged: tuple[int, ...]
    refused: tuple[Unchangeable, ...]


@router.route(f"POST {maildomains.PATH}/bulk", body=_BODY, gives=Outcome, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,))
def change(request: Request) -> Outcome:
    """Change many domains, or show what that would do. Each is changed or refused by itself."""
    config, preview = edits.config(request), bool(request.body.get("preview"))
    done, same, refusals = list[Changed](), list[int](), list[Unchangeable]()
    for number in dict.fromkeys(request.body["ids"]):
        try:
            before, after = _changed(request, number, config)
            if before != after and not preview:
                _save(request, before, after)
        except Refused as refused:
            refusals.append(Unchangeable(id=number, reason=str(refused)))
            continue
        if before == after:
            same.append(number)
        else:
            done.append(_difference(before, after))
    return Outcome(preview=preview, changed=tuple(done), unchanged=tuple(same), refused=tuple(refusals))


def _changed(request: Request, number: int, config: Config) -> tuple[MailDomain, MailDomain]:
    try:
        before = maildomains.known(request, str(number))
    except Missing:
        raise Refused("ids", "There is no such maildomain.") from None
    parts = maildomains.values(request.body.get("change", {}))
    tags = parts.pop("tags", before.tags) | frozenset(request.body.get("add_tags", ()))
    parts["tags"] = tags - frozenset(request.body.get("remove_tags", ()))
    return before, maildomains.changed(before, parts, config)


def _save(request: Request, before: MailDomain, after: MailDomain) -> None:
    if not maildomains.save(request, before, after):
        raise Refused("ids", "Somebody else has changed it at this moment; try again.")


def _difference(before: MailDomain, after: MailDomain) -> Changed:
    old, new = settings_of(before), settings_of(after)
    names = [name for name in old if old[name] != new[name]]
    return Changed(
        id=before.id,
        address=before.address,
        before={name: old[name] for name in names},
        after={name: new[name] for name in names},
    )
