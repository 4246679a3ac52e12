"""Each wider world contains what its name says, in each seed, and is itself a function of the seed."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from infra.simulation.draw import draw
from infra.simulation.episodes import HICCUPS
from infra.simulation.fate import by_provider
from infra.simulation.mixtures import BESIDE_THE_FORGER, MIXTURES, NEVER_SET_UP
from infra.simulation.model import DAY, HOUR, MINUTE, ON_TIME, SECOND, SENDER, Mail, Scenario, Trouble
from infra.simulation.product import OWN_ADDRESS
from infra.simulation.returning import returned
from infra.simulation.world import Form, World

SEEDS = range(1, 5)
RAW = b"Subject: a test\r\nX-MXTRAX-Test-ID: a\r\n\r\nbody\r\n"


def _of(name: str, seed: int) -> Scenario:
    return MIXTURES[name].draw(seed, {})


def _troubles(it: Scenario, kind: str) -> list[Trouble]:
    return [one for one in it.troubles if one.kind == kind]


def _share(it: Scenario, what: str, keys: list[str], start: int, end: int) -> float:
    """Give the part of mails of these domains that lead this life, one every ten minutes."""
    world, lives = World(it), Counter[bool]()
    for at in range(start, end, 10 * MINUTE):
        for key in keys:
            world.meet(mail := Mail(f"{key} {at}", key, at))
            lives[mail.what == what] += 1
    return lives[True] / lives.total()


pytestmark = pytest.mark.parametrize("seed", SEEDS)


@pytest.mark.parametrize("name", MIXTURES)
def test_a_world_is_a_function_of_its_seed(name: str, seed: int) -> None:
    """The same seed gives the same world, which is not that of the plain seed; all troubles are within it."""
    it = _of(name, seed)
    assert it == _of(name, seed)
    assert it != draw(seed)
    for one in (*it.troubles, *it.own):
        assert it.start <= one.start < one.end <= it.end
        assert set(one.domains) <= it.domains.keys()
        assert all(begin < end for begin, end in one.stretches)


def test_one_provider_is_giant_and_many_are_small(seed: int) -> None:
    """It has about half of all, the others a few each; it fails whole, and three small ones fail at once."""
    it = _of("giant", seed)
    sizes = {name: len(keys) for name, keys in by_provider(it, list(it.domains)).items()}
    giant = sizes.pop("giant.net")
    assert giant > 0.4 * len(it.domains)
    assert max(sizes.values()) < giant / 4
    assert len(sizes) > 10
    (outage,), (three,) = _troubles(it, "giant_outage"), _troubles(it, "three_small_outages")
    assert len(outage.domains) == giant
    assert len({it.domains[key].provider.name for key in three.domains}) == 3


def test_greylisting_has_seasons(seed: int) -> None:
    """Where and while there is one, many mails are greylisted of those that were not before."""
    it = _of("greylisting", seed)
    assert len(it.seasons) == 3
    troubled = {key for one in it.troubles for key in one.domains}
    for season in it.seasons:
        others = {key for one in it.seasons if one is not season for key in one.domains}
        keys = [key for key in sorted(season.domains - troubled - others) if not it.domains[key].provider.grey]
        if keys:
            assert _share(it, "greylist", keys, season.start, season.start + HOUR) > 0.2
            assert _share(it, "greylist", keys, it.start, it.start + HOUR) == 0


def test_a_customer_forges(seed: int) -> None:
    """Its mail claims to come by others' servers, its reports that our inbox refuses; others fail at the same time."""
    it = _of("forger", seed)
    (slow,), (reports,) = _troubles(it, "forger_slow"), _troubles(it, "forger_reports")
    forging = [*slow.domains, *reports.domains]
    assert len({it.domains[key].customer for key in forging}) == 1
    assert len({it.domains[key].claims for key in forging}) == len(forging) > 1
    assert all(it.domains[key].claims != it.domains[key].provider.name for key in forging)
    beside = _troubles(it, BESIDE_THE_FORGER)
    assert len({one.how for one in beside}) == 3
    assert all(slow.start < one.start < slow.end for one in beside)
    world, claimed = World(it), it.domains[slow.domains[0]]
    ours = Mail("a", reports.domains[0], reports.start)
    (forged,) = [one for one in world.meet(ours).arrivals if one.form is Form.FORGED]
    fields, body = returned(ours, RAW, it.domains[ours.domain], "id", forged)
    assert ("Return-Path", "<>") in fields
    assert f"Final-Recipient: rfc822; {SENDER}".encode() in body
    late = Mail("b", claimed.key, slow.start)
    fields, _ = returned(late, RAW, claimed, "id", world.meet(late).arrivals[0])
    received = [value for name, value in fields if name == "Received"]
    assert all(claimed.claims in value for value in received)
    assert late.bad


def test_our_inbox_fails_twice(seed: int) -> None:
    """In one day, hours apart, and nothing else of ours does."""
    one, two = _of("two-outages", seed).own
    assert one.kind == "inbox_refuses"
    assert two.kind in {"inbox_refuses", "inbox_defers", "receive_down"}
    assert 4 * HOUR <= two.start - one.end < DAY / 2


def test_mailboxes_are_never_set_up(seed: int) -> None:
    """Not one mail of theirs comes back; some are set up later, and some of these have trouble then."""
    it = _of("never-set-up", seed)
    unready = _troubles(it, NEVER_SET_UP)
    assert len(unready) >= len(it.domains) // 8
    assert not any(one.to_tell for one in unready)
    later = [one for one in unready if one.end < it.end]
    assert 0 < len(later) < len(unready)
    world = World(it)
    for one in unready:
        for at in range(it.start, one.end, HOUR):
            world.meet(mail := Mail(f"{at}", one.domains[0], at))
            assert mail.back is None
    failing = {key for one in _troubles(it, "after_set_up") for key in one.domains}
    assert failing
    assert failing <= {key for one in later for key in one.domains}


def test_clocks_change_in_a_night_of_patches(seed: int) -> None:
    """Windows keep to the clock on the wall: an hour more in autumn, an hour less in spring, as many in New York."""
    it = _of("clock-change", seed)
    nights = [one for one in _troubles(it, "maintenance_declared") if one.window]
    assert [one.zone for one in nights] == [*["Europe/Berlin"] * 3, "America/New_York"]
    for one in nights:
        assert one.window
        zone = ZoneInfo(one.zone)
        opened, begun, ended = (datetime.fromtimestamp(at / SECOND, zone) for at in (one.window[0], one.start, one.end))
        assert (opened.weekday(), begun.weekday()) == (6, 6)
        assert (f"{opened:%H:%M}", f"{begun:%H:%M}", f"{ended:%H:%M}") == ("01:00", "01:10", "04:50")
        hours = {"Europe/Berlin": 3 if seed % 2 else 5}.get(one.zone, 4)
        assert one.end - one.start == hours * HOUR - 20 * MINUTE
    (over,), (early,) = _troubles(it, "maintenance_overrun"), _troubles(it, "maintenance_early")
    assert over.to_tell
    assert early.to_tell
    assert (over.start, early.end) == (nights[1].end + 10 * MINUTE, nights[2].start - 10 * MINUTE)


def test_latencies_creep_up(seed: int) -> None:
    """Hour by hour mail takes longer, at some domains until most is late, at others not; in the end they are fixed."""
    it = _of("creeping", seed)
    troubled = {key for one in _troubles(it, "creeping") for key in one.domains}
    assert troubled < it.creeps.keys()
    assert len(troubled) > 1
    for creep in it.creeps.values():
        grown = [creep.growth(at) for at in range(creep.start, creep.worst + 1, HOUR)]
        assert all(before < after for before, after in pairwise(grown))
        assert creep.growth(creep.worst) == pytest.approx(creep.factor)
        assert creep.growth(creep.end) == creep.growth(creep.start - 1) == 1
    for key, creep in it.creeps.items():
        median = _median(it, key, creep.worst)
        assert median > ON_TIME if key in troubled else median < ON_TIME / 2
        assert _median(it, key, creep.start - HOUR) < median


def _median(it: Scenario, key: str, start: int) -> float:
    """Give the median of how long mails take from a moment on."""
    world, took = World(replace(it, own=(), flushes=())), list[int]()
    for at in range(start, start + HOUR, MINUTE):
        world.meet(mail := Mail(f"{at}", key, at))
        took.append(mail.back - at if mail.back is not None else DAY)
    return sorted(took)[len(took) // 2]


def test_quiet_days_have_hiccups_alone(seed: int) -> None:
    """Three of them, without trouble, outage or stopped queue."""
    it = _of("quiet", seed)
    assert it.days == 3
    assert (it.troubles, it.own, it.flushes) == ((), (), ())
    world, lives = World(it), Counter[str]()
    for at in range(it.start, it.end, 10 * MINUTE):
        for key in (*it.domains, OWN_ADDRESS):
            world.meet(mail := Mail(f"{key} {at}", key, at))
            lives[mail.what] += 1
    assert lives.keys() <= HICCUPS | {"ok"}
    assert 0 < 1 - lives["ok"] / lives.total() < 0.05


def test_intervals_are_5_and_60_minutes(seed: int) -> None:
    """Half and half, and as many regular tests as they ask for."""
    it = _of("intervals", seed)
    counts = Counter(map(it.interval_of, it.domains))
    assert counts.keys() == {5, 60}
    assert min(counts.values()) > len(it.domains) / 4
    assert it.regular == counts[5] * 288 + counts[60] * 24


def test_a_fleet_is_of_1000_domains(seed: int) -> None:
    """With many providers, of which several fail."""
    it = _of("thousand", seed)
    assert len(it.domains) == 1000
    assert len(by_provider(it, list(it.domains))) > 80
    assert len({one.kind for one in it.troubles}) > 12
