"""Channels that people add: where notices go besides mail and topic. Their secrets go in and never come out."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.admin import channel_test
from mxtrax.admin import channels as use_cases
from mxtrax.api import paging
from mxtrax.api.fields import Choice, Field, Flag, Several, Shape, Text, Texts
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, created, current
from mxtrax.api.schema import Time, of
from mxtrax.frozen import dataclass
from mxtrax.model import ChannelKind, ChannelState, Severity
from mxtrax.notify.catalog import SERVICES
from mxtrax.rules.channels import MAX_NAME, broken
from mxtrax.rules.validation import MAX_CODENAME, MAX_TAG, MAX_TAGS
from mxtrax.store import channels

PATH: Final = "/api/v3/channels"
router: Final = Router("Channels")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A channel's settings, except for secret ones."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel and its state: when it last accepted a notice, since when it fails, and why."""

    id: str
    name: str
    kind: ChannelKind
    customer: str | None
    settings: tuple[Setting, ...]
    severities: frozenset[Severity]
    tags: frozenset[str]
    reminders: bool
    enabled: bool
    version: int
    last_ok: Time | None
    failing_since: Time | None
    problem: str | None
    broken: bool


@dataclass(frozen=True, kw_only=True)
class ChannelField:
    """A setting of a kind of channel."""

    name: str
    note: str
    secret: bool
    default: str | None


@dataclass(frozen=True, kw_only=True)
class KindOfChannel:
    """A kind of channel. If `confirms` is false, its service does not say whether anybody sees what it accepts."""

    kind: ChannelKind
    title: str
    confirms: bool
    fields: tuple[ChannelField, ...]


@dataclass(frozen=True, kw_only=True)
class ChannelTest:
    """What the service answered to a simulated failure and to its recovery."""

    taken: bool
    answers: tuple[str, ...]
    confirms: bool


_FIELDS: Final[dict[str, Field]] = {
    "name": Text(shortest=1, longest=MAX_NAME, note="What people call it."),
    "customer": Text(longest=MAX_CODENAME, note="Only incidents of this customer (codename); empty: all."),
    "settings": Texts(longest=use_cases.MAX_SETTING, most=10, note="The settings of its service, including secrets."),
    "severities": Several(
        of=Choice(of=tuple(map(str, Severity))),
        most=len(Severity),
        note="Only incidents of these severities; none: any.",
    ),
    "tags": Several(
        of=Text(shortest=1, longest=MAX_TAG), most=MAX_TAGS, note="Only domains with one of these tags; none: any."
    ),
    "reminders": Flag(note="Whether it gets reminders."),
    "enabled": Flag(note="Whether it gets notices at all."),
}
_KIND: Final = Choice(of=tuple(map(str, ChannelKind)), note="Its service; this cannot be changed.")


@router.route("GET /api/v3/channel-kinds", "listChannelKinds", gives=paging.list_of(KindOfChannel))
def kinds(request: Request) -> dict[str, Any]:
    """List the kinds of channels and the settings that each needs."""
    them = [
        of(KindOfChannel, it, fields=tuple(of(ChannelField, each) for each in it.fields)) for it in SERVICES.values()
    ]
    return paging.listed(request, "/api/v3/channel-kinds", them, "")


@router.route(f"GET {PATH}", "listChannels", gives=paging.list_of(Channel))
def listed(request: Request) -> dict[str, Any]:
    """List all channels, in the order in which they were added."""
    return paging.listed(request, PATH, [_channel(it) for it in channels.load().them], "")


@router.route(f"GET {PATH}/<channel>", "getChannel", gives=Channel)
def one(request: Request, channel: str) -> Reply:  # noqa: ARG001 -- who asks changes nothing
    """Show a channel."""
    return _shown(channel_test.known(channel))


@router.route(
    f"POST {PATH}",
    "createChannel",
    body=Shape({"kind": _KIND, **_FIELDS}, needed=("kind", "settings")),
    gives=Channel,
    status=HTTPStatus.CREATED,
)
def add(request: Request) -> Reply:
    """Add a channel."""
    wanted = _parts(request)
    kind = ChannelKind(wanted.pop("kind"))
    added = use_cases.add(request.caller, request.now, request.settings, kind, wanted)
    return created(_channel(added), added.version, f"{PATH}/{added.id}")


@router.route(f"PATCH {PATH}/<channel>", "updateChannel", versioned=True, body=Shape(_FIELDS), gives=Channel)
def change(request: Request, channel: str) -> Reply:
    """Change parts of a channel. Send `settings` complete with their secrets, or leave them out."""
    with both_shown(request, _channel):
        return _shown(
            use_cases.change(request.caller, request.now, request.settings, channel, _parts(request), seen=request.seen)
        )


@router.delete(f"{PATH}/<channel>", "deleteChannel", versioned=True)
def remove(request: Request, channel: str) -> None:
    """Remove a channel and its secrets."""
    with both_shown(request, _channel):
        use_cases.remove(request.caller, request.now, request.settings, channel, seen=request.seen)


@router.route(f"POST {PATH}/<channel>/test", "testChannel", gives=ChannelTest)
def test(request: Request, channel: str) -> ChannelTest:
    """Send a simulated failure and its recovery through a channel, and give its service's answers."""
    channel_test.order(request.caller, request.now, channel)
    return of(ChannelTest, channel_test.try_out(request.now, request.settings, channel))


def _shown(it: model.ChannelConfig) -> Reply:
    return current(_channel(it), it.version)


def _channel(it: model.ChannelConfig) -> Channel:
    state: ChannelState = channels.state_of(it.id)
    settings = tuple(Setting(name=name, value=value) for name, value in it.settings.items())
    return of(Channel, it, state, settings=settings, broken=broken(state))


def _parts(request: Request) -> dict[str, Any]:
    """Give the fields as the use cases know them."""
    them = dict(request.wanted)
    if "severities" in them:
        them["severities"] = frozenset(map(Severity, them["severities"]))
    return them
