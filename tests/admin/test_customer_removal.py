"""A customer is removed while others make changes: whatever happens between two of its calls, and wherever it dies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pytest
from moto.core.models import botocore_stubber

from mxtrax.admin import channels, customer_removal, customers, domains, importing, quiet, users, windows
from mxtrax.admin.actor import Actor
from mxtrax.aws import user_pool
from mxtrax.errors import InUse, Missing, MxtraxError
from mxtrax.model import ChannelKind, Customer, Door, Incident, MailDomain, Scope, Stat
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.rules.roles import Role, access_of
from mxtrax.store import audit, fleet, incidents, mapping, rollups
from mxtrax.store import channels as stored_channels
from mxtrax.store import customers as stored
from mxtrax.store import windows as stored_windows
from tests.stage import Stage

ANNA = Actor(name="anna", door=Door.API)
HOOK: Final = {"url": "https://hooks.slack.com/services/T0/B0/x"}


class Killed(BaseException):
    """The process was ended."""


@dataclass
class Calls:
    """Counts calls to AWS. Before call number `at` has an effect, something happens."""

    at: int = -1
    happens: Callable[[], object] = lambda: None
    made: int = 0

    def one(self) -> None:
        """Count one; what happens is not counted."""
        self.made += 1
        if self.made - 1 == self.at:
            self.at = -1
            made = self.made
            self.happens()
            self.made = made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Intercept our calls to moto's AWS."""
    counted, real = Calls(), type(botocore_stubber).__call__

    def answer(stubber: Any, *given: Any, **named: Any) -> Any:
        counted.one()
        return real(stubber, *given, **named)

    monkeypatch.setattr(type(botocore_stubber), "__call__", answer)
    return counted


@dataclass
class House:
    """A customer with a viewer, a window and a channel, and its surroundings; each house has its own code."""

    it: Stage
    code: str
    around: dict[str, Any] = field(default_factory=dict)

    def build(self) -> None:
        """Build it."""
        it, code = self.it, self.code
        customers.add(ANNA, it.now, Customer(codename=code, friendlyname="Acme Ltd"))
        users.invite(ANNA, it.now, it.settings, f"ann@{code}.example", {"role": "viewer", "customer": code})
        users.invite(ANNA, it.now, it.settings, f"carl@{code}.example", {"role": "viewer"})
        quiet.begin(ANNA, it.now, Scope.CUSTOMER, code, it.now + 3_600_000)
        self.channel(code)
        self.around["channel"] = self.channel("").id
        self.around["domain"] = self.domain("free", "").id
        mapping.incident_row(Incident(id=f"{code}-1", maildomain="gone", opened=1, closed=2, customer=code)).save()
        rollups.save([Stat(maildomain=rollups.of_customer(code), d="2026-11-22", total_num=1)])
        rollups.save([Stat(maildomain=rollups.FLEET, d="2026-11-22", total_num=1)])

    def domain(self, name: str, customer: str) -> MailDomain:
        """Add a domain."""
        wanted = MailDomain(id=0, testuser="mxtrax", domainname=f"{name}.{self.code}.example", customer=customer)
        return domains.add(ANNA, self.it.now, self.it.settings, wanted)

    def channel(self, customer: str) -> Any:
        """Add a channel."""
        wanted = {"settings": HOOK, "customer": customer}
        return channels.add(ANNA, self.it.now, self.it.settings, ChannelKind.SLACK, wanted)

    def remove(self) -> list[str]:
        """Remove the customer."""
        return customer_removal.remove(ANNA, self.it.now, self.it.settings, self.code)

    def access(self, who: str) -> tuple[Role | None, str]:
        """Give somebody's access."""
        try:
            return access_of(users.known(self.it.settings, f"{who}_at_{self.code}.example").groups)
        except Missing:
            return None, ""


def _domain(house: House) -> None:
    house.domain("new", house.code)


def _moved(house: House) -> None:
    domains.change(ANNA, house.it.now, house.it.settings, house.around["domain"], {"customer": house.code})


def _imported(house: House) -> None:
    row = f"Acme,{house.code},mxtrax,row.{house.code}.example"
    roster = importing.read(f"{','.join(HEADER)}\n{row}\n".encode(), house.it.settings)
    importing.import_fleet(ANNA, house.it.now, roster)


def _invited(house: House) -> None:
    bound = {"role": "viewer", "customer": house.code}
    users.invite(ANNA, house.it.now, house.it.settings, f"bob@{house.code}.example", bound)


def _bound(house: House) -> None:
    users.change(ANNA, house.it.now, house.it.settings, f"carl_at_{house.code}.example", {"customer": house.code})


def _promoted(house: House) -> None:
    wanted = {"role": "operator", "customer": None}
    users.change(ANNA, house.it.now, house.it.settings, f"ann_at_{house.code}.example", wanted)


def _leaves(house: House) -> None:
    users.remove(ANNA, house.it.now, house.it.settings, f"ann_at_{house.code}.example")


def _channel(house: House) -> None:
    house.channel(house.code)


def _channel_moved(house: House) -> None:
    channels.change(ANNA, house.it.now, house.it.settings, house.around["channel"], {"customer": house.code})


def _window(house: House) -> None:
    quiet.begin(ANNA, house.it.now, Scope.CUSTOMER, house.code, house.it.now + 7_200_000)


def _window_changed(house: House) -> None:
    for it in stored_windows.everything():
        if it.target == house.code:
            windows.change(ANNA, house.it.now, it.id, {"note": "longer"})


def _renamed(house: House) -> None:
    customers.change(ANNA, house.it.now, house.code, {"friendlyname": "Acme plc"})


def _linked(house: House) -> None:
    customers.make_link(ANNA, house.it.now, house.code)


def _removed(house: House) -> None:
    house.remove()


OTHERS: Final = (
    _domain, _moved, _imported, _invited, _bound, _promoted, _leaves, _channel, _channel_moved, _window,
    _window_changed, _renamed, _linked, _removed,
)  # fmt: skip


@pytest.fixture
def build(it: Stage) -> Callable[[int], House]:
    """Build houses, each with its number in its code."""

    def built(number: int) -> House:
        for each in stored_channels.load().them:  # 50 are the most there may be
            channels.remove(ANNA, it.now, it.settings, each.id)
        house = House(it, f"acme{number}")
        house.build()
        return house

    return built


def _tried(deed: Callable[[House], object], house: House) -> MxtraxError | None:
    try:
        deed(house)
    except MxtraxError as refused:
        return refused
    return None


def _check(house: House) -> None:
    """Check that a customer is whole, or gone with everything of its own; nobody sees more than before."""
    code, noted = house.code, list(audit.latest(200, target=f"customer {house.code}").items)
    removals = [it for it in noted if it.what == "customer.remove"]
    its_windows = [it for it in stored_windows.everything() if it.target == code]
    its_channels = [it for it in stored_channels.load().them if it.customer == code]
    there = stored.get(code)
    its_incidents, its_days = incidents.page(9, customer=code).items, rollups.of(rollups.of_customer(code), "0", "9")
    (kept,) = incidents.by_ids([f"{code}-1"]).values()
    assert kept.customer in {code, f"{code} (removed)"}
    assert rollups.of(rollups.FLEET, "0", "9")
    assert house.access("bob") in {(None, ""), (Role.VIEWER, code)}
    assert house.access("ann") in {(None, ""), (Role.VIEWER, code), (Role.OPERATOR, "")}
    assert house.access("carl") in {(None, ""), (Role.VIEWER, code), (Role.VIEWER, "")}
    if there and removals:  # an import has added the code again: the new customer has no people and nothing else
        assert (its_windows, its_channels, its_incidents, its_days) == ([], [], [], [])
        assert user_pool.bound_to(house.it.settings.user_pool, code) == []
    elif there:
        assert not there.ending
        assert its_incidents
        assert its_days
        assert its_windows
        assert its_channels
        assert house.access("ann") != (None, "") or not _is_there(house, "ann")
    else:
        assert fleet.count(code) == 0
        assert (its_windows, its_channels, its_incidents, its_days) == ([], [], [], [])
        assert {house.access(who)[1] for who in ("ann", "bob", "carl")} == {""}
        assert len(removals) == 1
        assert user_pool.bound_to(house.it.settings.user_pool, code) == []


def _is_there(house: House, who: str) -> bool:
    try:
        users.known(house.it.settings, f"{who}_at_{house.code}.example")
    except Missing:
        return False
    return True


def _finish(house: House) -> None:
    """Remove it again if it is half removed, or if somebody else changed it first."""
    left = stored.get(house.code)
    if left and fleet.count(house.code) == 0:
        house.remove()


@pytest.mark.parametrize("other", OTHERS, ids=lambda deed: deed.__name__.strip("_"))
def test_whatever_comes_between_two_calls_of_a_removal_breaks_nothing(
    build: Callable[[int], House], calls: Calls, other: Callable[[House], object]
) -> None:
    """Before each of its calls to AWS in turn; and a removal as a whole before each of the other's."""
    for number, (first, second) in enumerate([(_removed, other), (other, _removed)]):
        at, reached = 0, True
        while reached:
            house = build(1_000 * number + at)
            calls.made, calls.at = 0, at
            calls.happens = partial(_tried, second, house)
            _tried(first, house)
            reached, calls.at = calls.at == -1, -1
            _finish(house)
            _check(house)
            at += 1
        assert at > 2


def test_a_removal_that_dies_before_any_of_its_calls_is_taken_up(build: Callable[[int], House], calls: Calls) -> None:
    """Nothing is lost, and nothing is recorded twice."""

    def die() -> None:
        raise Killed

    at, died = 0, True
    while died:
        house = build(at)
        calls.made, calls.at, calls.happens = 0, at, die
        try:
            house.remove()
            died = False
        except Killed:
            assert house.access("ann")[0] in {None, Role.VIEWER}
        calls.at = -1
        _finish(house)
        assert stored.get(house.code) is None
        _check(house)
        at += 1
    assert at > 10


def test_a_customer_with_domains_keeps_all_that_is_its_own(build: Callable[[int], House]) -> None:
    """That is checked before anything is removed."""
    house = build(0)
    _domain(house)
    with pytest.raises(InUse):
        house.remove()
    _check(house)
    assert stored.get(house.code)
