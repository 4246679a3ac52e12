"""Whose mailboxes are tested, when they are in maintenance, and who changed what."""

from enum import StrEnum
from typing import Any, Final

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whose domains they are.

    `codename` is the key; its alertusers are notified of its own domains only. `link` is the link of its public page,
    "" if it has none; `public_note` is shown on that page. An `ending` customer is being removed: no domain, person,
    window or channel can be added to it any more.
    """

    codename: str
    friendlyname: str
    alertuser: tuple[str, ...] = ()
    link: str = ""
    public_note: str = ""
    ending: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """One monitored mailbox, testuser@domainname. None in an override means: as Config says.

    `version` grows with every change, so that nobody changes what they have not seen. A `control` is known to work:
    while it fails, the fault is assumed to be ours. `added` is when it was added: tests sent to its address before
    belong to another domain.
    """

    id: int
    testuser: str
    domainname: str
    customer: str = ""
    maintmode: bool = False
    control: bool = False
    returns_bounce: bool = False
    interval_minutes: int | None = None
    maxreturntime: int | None = None
    max_sec_until_fail: int | None = None
    maxfailnumber: int | None = None
    maxfailpercentage: float | None = None
    maxlatenumber: int | None = None
    maxlatepercentage: float | None = None
    tags: frozenset[str] = frozenset()
    added: Millis = 0
    version: int = 0

    @property
    def address(self) -> str:
        """Where its tests are sent."""
        return f"{self.testuser}@{self.domainname}"

    @property
    def key(self) -> str:
        """What every other record calls it."""
        return self.address.lower()


class Door(StrEnum):
    """Which door people came through."""

    API = "api"
    COMMAND_LINE = "command-line"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody changed. `before` and `after` are what the record said, None if there was none; `id` is any text."""

    at: Millis
    id: str
    who: str
    door: Door
    what: str
    target: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class Scope(StrEnum):
    """Which domains a maintenance window is for."""

    ALL = "all"
    CUSTOMER = "customer"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time of maintenance, in which testing goes on, nobody is notified, and the figures are kept apart.

    `start` and `end` are local times in `zone` (2026-11-22T22:00); `weekly` repeats them every seven days. `target` is
    a customer's codename or a domain's key.
    """

    id: str
    scope: Scope
    start: str
    end: str
    zone: str = "UTC"
    target: str = ""
    weekly: bool = False
    note: str = ""
    version: int = 0


CUSTOMER_GROUP: Final = "customer:"
"""What the name of a customer's own group begins with; its members see only that customer."""


ROLES: Final = ("viewer", "operator", "admin")
"""The roles, each including the ones before it: the groups of the user pool."""
