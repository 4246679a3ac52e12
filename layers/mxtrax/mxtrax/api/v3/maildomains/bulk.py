"""One change to many domains, with a preview of what it would do."""

from typing import Final

from mxtrax.admin import domains
from mxtrax.api import forms
from mxtrax.api.fields import Flag, Several, Shape, Text, Whole
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Object
from mxtrax.api.v3 import maildomains
from mxtrax.api.v3.maildomains.records import settings_of
from mxtrax.frozen import dataclass
from mxtrax.model import MailDomain
from mxtrax.rules.validation import MAX_TAG, MAX_TAGS

MOST: Final = 100
"""Domains that are changed at once."""

router: Final = Router("Domains")

_TAG: Final = Text(shortest=1, longest=MAX_TAG)
_BODY: Final = Shape(
    {
        "ids": Several(of=Whole(low=1, high=10**12), least=1, most=MOST, note="Which domains."),
        "change": Shape(forms.DOMAIN_PARTS, note="The parts to change, as in PATCH."),
        "add_tags": Several(of=_TAG, most=MAX_TAGS, note="Tags to add."),
        "remove_tags": Several(of=_TAG, most=MAX_TAGS, note="Tags to remove."),
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
class BulkOutcome:
    """What was done, or would be."""

    preview: bool
    changed: tuple[Changed, ...]
    unchanged: tuple[int, ...]
    refused: tuple[Unchangeable, ...]


@router.route(f"POST {maildomains.PATH}/bulk", "updateDomains", body=_BODY, gives=BulkOutcome)
def change(request: Request) -> BulkOutcome:
    """Change many domains, or preview the changes. Each is changed or refused on its own."""
    given = request.body
    wish = domains.Wish(
        parts=maildomains.parts(given.get("change", {})),
        add_tags=frozenset(given.get("add_tags", ())),
        remove_tags=frozenset(given.get("remove_tags", ())),
    )
    preview = given.get("preview", False)
    done = domains.change_many(request.caller, request.now, request.settings, given["ids"], wish, preview=preview)
    return BulkOutcome(
        preview=preview,
        changed=tuple(_difference(*each) for each in done.changed),
        unchanged=done.unchanged,
        refused=tuple(Unchangeable(id=each.number, reason=str(each.why)) for each in done.refused),
    )


def _difference(before: MailDomain, after: MailDomain) -> Changed:
    old, new = settings_of(before), settings_of(after)
    names = [name for name in old if old[name] != new[name]]
    return Changed(
        id=before.id,
        address=before.address,
        before={name: old[name] for name in names},
        after={name: new[name] for name in names},
    )
