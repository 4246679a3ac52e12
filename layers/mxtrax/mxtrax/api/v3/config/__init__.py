"""The settings."""

from typing import Final

from mxtrax.admin import settings
from mxtrax.api import forms
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, current
from mxtrax.api.schema import of
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.inbox import open_inbox
from mxtrax.model import AlarmWhen, AlertMail, Config

router: Final = Router("Config")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings: the four limits beside the others, as the wiki has them."""

    sendinguser: str
    alertuser: tuple[str, ...]
    maxreturntime: int
    max_sec_until_fail: int
    maxfailnumber: int | None
    maxfailpercentage: float | None
    maxlatenumber: int | None
    maxlatepercentage: float | None
    alarm_when: AlarmWhen
    interval_minutes: int
    retest_minutes: int
    window_hours: int
    open_after: int
    recover_after: int
    remind_minutes: int | None
    escalate_minutes: int | None
    escalateuser: tuple[str, ...]
    alert_mail: AlertMail
    keep_days: int
    timezone: str
    self_check_percent: int
    target_percent: float
    mboxpath: str
    version: int


@router.route("GET /api/v3/config", "getConfig", gives=Settings)
def show(request: Request) -> Reply:
    """Show the settings, with their version as ETag."""
    return _shown(request, settings.current(request.settings))


@router.route("PUT /api/v3/config", "replaceConfig", body=forms.CONFIG, versioned=True, gives=Settings)
def put(request: Request) -> Reply:
    """Replace all settings, based on the version that you read."""
    if request.seen is None:
        raise Refused("version", "version: this is required, or If-Match: the version that you read.")
    with both_shown(request, lambda it: _record(request, it)):
        _, after = settings.save(request.caller, request.now, request.settings, request.wanted, seen=request.seen)
    return _shown(request, after)


def _shown(request: Request, config: Config) -> Reply:
    return current(_record(request, config), config.version)


def _record(request: Request, config: Config) -> Settings:
    return of(Settings, config, config.limits, mboxpath=open_inbox(request.settings).where)
