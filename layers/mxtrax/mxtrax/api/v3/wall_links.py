"""Links of wallboards: for a screen that nobody signs in on."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin import walls as use_cases
from mxtrax.api import paging
from mxtrax.api.fields import Shape, Text
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.frozen import dataclass

PATH: Final = "/api/v3/wall-links"
router: Final = Router("Wallboard")


@dataclass(frozen=True, kw_only=True)
class WallLink:
    """A link that shows the wallboard to all who have it."""

    id: str
    name: str
    made: Time
    by: str


@dataclass(frozen=True, kw_only=True)
class NewWallLink(WallLink):
    """A link that was just created. Its path is shown only this once: what is stored opens nothing."""

    link: str


@router.route(f"GET {PATH}", "listWallLinks", gives=paging.list_of(WallLink))
def listed(request: Request) -> dict[str, Any]:
    """List the links of wallboards, without what would open them."""
    return paging.listed(request, PATH, [of(WallLink, it) for it in use_cases.everything()], "")


@router.route(
    f"POST {PATH}",
    "createWallLink",
    body=Shape(
        {"name": Text(shortest=1, longest=use_cases.MAX_NAME, note="What people call it, such as where it hangs.")},
        needed=("name",),
    ),
    gives=NewWallLink,
    status=HTTPStatus.CREATED,
)
def add(request: Request) -> Reply:
    """Make a link of a wallboard."""
    added, link = use_cases.add(request.caller, request.now, request.wanted["name"])
    return Reply(body=of(NewWallLink, added, link=link), status=HTTPStatus.CREATED)


@router.delete(f"{PATH}/<link>", "endWallLink")
def remove(request: Request, link: str) -> None:
    """End a link of a wallboard."""
    use_cases.remove(request.caller, request.now, link)
