"""The settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits
from mxtrax.api.routing import Reply, Request, Router, etag
from mxtrax.api.schema import of
from mxtrax.errors import Refused
from mxtrax.model import Config, Limits
from mxtrax.rules.validation import check_config
from mxtrax.store import audit
from mxtrax.store.config import save_config

router: Final = Router("Config")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings: the four limits beside the others, as the wiki has them."""

    sendinguser: str
    alertuser: tuple[str, ...]
    maxreturntime: int
    max_sec_until_fail: int
    maxfailnumber: int
    maxfailpercentage: float
    maxlatenumber: int
    maxlatepercentage: float
    interval_minutes: int
    retest_minutes: int
    window_hours: int
    open_after: int
    recover_after: int
    remind_minutes: int
    keep_days: int
    timezone: str
    self_check_percent: int
    mboxpath: str
    version: int


@router.route("GET /api/v3/config", gives=Settings)
def show(request: Request) -> Reply:
    """Show the settings, with their version as ETag."""
    return _shown(request, edits.config(request))


@router.route(
    "PUT /api/v3/config",
    body=edits.CONFIG,
    versioned=True,
    gives=Settings,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def put(request: Request) -> Reply:
    """Save the settings, all of them, in place of the version that was seen."""
    if request.version is None and "version" not in request.body:
        raise Refused("version", "version: this has to be given, or If-Match: the version that was seen.")
    before = edits.config(request)
    edits.check_version(request, _record(request, before))
    config = changed(before, request.body)
    try:
        after = save_config(config)
    except Refused as quicker:
        raise edits.changed(request, _record(request, edits.config(request))) from quicker
    audit.note(edits.audit_entry(request, "config.put", "config", _record(request, before), _record(request, after)))
    return _shown(request, after)


_LIMITS: Final = tuple(each.name for each in fields(Limits))


def changed(before: Config, body: Mapping[str, Any]) -> Config:
    """Give the settings with those of a body in place, checked."""
    own = {each.name for each in fields(Config)} - {"limits", "version"}
    values: dict[str, Any] = {name: value for name, value in body.items() if name in own}
    if "alertuser" in values:
        values["alertuser"] = tuple(values["alertuser"])
    limits = replace(before.limits, **{name: body[name] for name in _LIMITS if name in body})
    return check_config(replace(before, **values, limits=limits))


def _shown(request: Request, config: Config) -> Reply:
    return Reply(body=_record(request, config), headers=etag(config.version))


def _record(request: Request, config: Config) -> Settings:
    return of(
        Settings, config, config.limits, mboxpath=f"s3://{request.settings.bucket}/{request.settings.inbox_prefix}"
    )
