"""A service that notices go out to: the settings that it needs, and how a notice is written for it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import ChannelConfig, ChannelKind, Millis
from mxtrax.notify.fence import PUBLIC
from mxtrax.report.brief import Brief

LONGEST: Final = 1_000
"""Characters of a field where its pattern says nothing else."""


@dataclass(frozen=True, slots=True)
class Post:
    """A request that brings a notice to a service."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Publication:
    """A message to an SNS topic that a service listens to."""

    topic: str
    message: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of plain text."""

    to: str
    subject: str
    text: str


type Parcel = Post | Publication | Letter
"""What brings a notice to a service, by one way or another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A setting of a channel. Secret ones are stored separately, and never shown again.

    `hosts` says that it is a URL, and with which hosts; a host that begins with a dot includes all below it, an empty
    collection means any.
    """

    name: str
    note: str
    secret: bool = False
    pattern: str = r"[ -~]{1,1000}"
    default: str = ""
    hosts: tuple[str, ...] | None = None

    def check(self, value: str) -> None:
        """Check a value. Raises Refused with a sentence that does not repeat it, because it may be secret."""
        if self.hosts is not None:
            self._check_url(value)
        elif not re.fullmatch(self.pattern, value):
            raise Refused(self.name, f"{self.name}: this does not look like one. {self.note}")

    def _check_url(self, value: str) -> None:
        try:
            host, _ = PUBLIC.split(value)
        except Refused as error:
            raise Refused(self.name, f"{self.name}: {error}") from None
        if self.hosts and not any(host == it or (it.startswith(".") and host.endswith(it)) for it in self.hosts):
            named = " or ".join(f"anything{it}" if it.startswith(".") else it for it in self.hosts)
            raise Refused(self.name, f"{self.name}: the URL has to point to {named}. {self.note}")


def secret_url(note: str, hosts: tuple[str, ...] = ()) -> Field:
    """Ask for the URL to post to, which is a secret: nothing else keeps others from posting there."""
    return Field(name="url", note=note, secret=True, hosts=hosts)


type Posts = Callable[[ChannelConfig, Mapping[str, str], Sequence[Brief], Millis], Parcel | None]
"""Put notices for a service. None if it does not need them, or cannot get them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service. Where people read it, several notices are one post (`gathers`); machines get each by itself.

    `confirms` is false where its answer says nothing of whether anybody sees it.
    """

    kind: ChannelKind
    title: str
    fields: tuple[Field, ...]
    posts: Posts
    gathers: bool = True
    confirms: bool = True

    @property
    def has_secrets(self) -> bool:
        """Say whether anything that it is told is secret."""
        return any(it.secret for it in self.fields)

    def told(self, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Check the settings of a channel, and give the public and the secret ones. Raises Refused."""
        known = {it.name: it for it in self.fields}
        if strange := sorted(given.keys() - known.keys()):
            named = ", ".join(known) or "none"
            raise Refused("settings", f"settings: {self.title} has no {strange[0][:40]!r}; it has: {named}.")
        shown, secret = dict[str, str](), dict[str, str]()
        for name, it in known.items():
            value = given.get(name, it.default)
            if not value and not it.default:
                raise Refused(name, f"{name} is missing. {it.note}")
            it.check(value)
            (secret if it.secret else shown)[name] = value
        return shown, secret


def as_json(value: Any) -> bytes:  # noqa: ANN401 -- anything that JSON can hold
    """Write JSON in UTF-8, without blanks. A lone surrogate, which no text should have, is replaced."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


JSON: Final = {"Content-Type": "application/json"}
