"""No mail costs more than its size: every pattern and every reader is linear, and a budget ends what is dense."""

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any, Final

import pytest

import mxtrax.mail
from mxtrax.mail import bounds, read
from mxtrax.mail.budget import Budget
from tests.fuzz import shapes

MODULES: Final = tuple(
    importlib.import_module(f"mxtrax.mail.{found.name}") for found in pkgutil.iter_modules(mxtrax.mail.__path__)
)
CALLS: Final = frozenset(("search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split", "compile"))


def held(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns that a value holds, however deep in tables, records and classes of ours."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from held(f"{name}.{key}", one)
    elif isinstance(value, list | tuple | set | frozenset):
        for number, one in enumerate(value):
            yield from held(f"{name}.{number}", one)
    elif isinstance(value, type):
        if value.__module__.startswith("mxtrax.mail"):
            yield from held(name, dict(vars(value)))
    elif type(value).__module__.startswith("mxtrax.mail"):
        slots = getattr(type(value), "__slots__", None) or vars(value)
        yield from held(name, {one: getattr(value, one, None) for one in slots})


def called(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns that a module's code hands to `re` on the spot."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{one}" for one in CALLS} and node.args:
            first = node.args[0]
            assert isinstance(first, ast.Constant) or ast.unparse(node.func) == "re.compile", ast.unparse(node)
            if isinstance(first, ast.Constant):
                yield f"line {node.lineno}", re.compile(first.value)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Give every pattern of the room once, wherever it is: in a name, a table, an object, a class, or a call."""
    once: dict[re.Pattern[Any], str] = {}
    for module in MODULES:
        for name, value in vars(module).items():
            for where, pattern in held(name, value):
                once.setdefault(pattern, f"{module.__name__.rpartition('.')[2]}.{where}")
        for where, pattern in called(module):
            once.setdefault(pattern, f"{module.__name__.rpartition('.')[2]}.{where}")
    return {name: pattern for pattern, name in once.items()}


PATTERNS: Final = patterns()
USES: Final = re.findall(
    r"\b(\w+)\.(match|fullmatch|search|finditer|findall|sub)\(", "".join(map(inspect.getsource, MODULES))
)
LEADS: Final = (
    "", "<p ", "<", "id ", "to ", "to: ", "recipients", "empfänger", "destinat", "by", "from ", "=?utf-8?q?", "\n--", "@",
    "verify ", "550 5.1.1 ", "[", '"', "x: ", "x; a=", "re", "auto", "delivery to", "permanent", "-aaaa", "a@b", "\n",
    "1 Nov 2026 10:00:00", "Nov 1 10:00:00 ", "2026-11-10T10:00:00", "delay",
)  # fmt: skip
"""What may precede a repetition, so that a pattern has started to match before it."""
RATIO: Final = 2.5
"""Twice the text may take this much longer: twice, and what the machine adds."""
SIZE: Final = 1 << 15
MEGA: Final = 1 << 20
SOON: Final = 60
"""The 0.3 s that 1 MB may take, in yards: a machine on which counting takes 5 ms reads it in that time."""

BOUNDS: Final = tuple(
    name for name, value in vars(bounds).items() if isinstance(value, int) and name.startswith("MAX_")
)
DEAREST: Final = (
    (shapes.daemon, "a@b "),
    (shapes.daemon, "a@b.c,"),
    (shapes.report, "a@b "),
    (shapes.page, "<a@b>\n"),
    (shapes.parts, "\n"),
    (shapes.parts, "\n\t"),
    (shapes.parts, "<br>"),
    (shapes.parts, "\n--b\n"),
    (shapes.parts, "-aaaa"),
    (shapes.report, "\n--x\n"),
    (shapes.raw, "> Subject: a\n> \n"),
    (shapes.fields, "Subject: a\n\n"),
    (shapes.parts, "&lt;"),
)
"""Those of the table that take longest at 1 MB: `python -m tests.fuzz --dearest` lists them."""


def seconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Give the CPU time of the fastest of some rounds."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)


def ratio(one: Callable[[], object], two: Callable[[], object]) -> float:
    """Compare what two pieces of work take, again while it seems too much: other work on the machine only ever adds."""
    found = float("inf")
    for rounds in (3, 10, 30):
        found = min(found, seconds(two, rounds) / seconds(one, rounds))
        if found < RATIO:
            break
    return found


def test_patterns_are_found_wherever_they_stand() -> None:
    """In a table, an object, a class or a call: none hides from the test below."""
    within = {"__module__": "mxtrax.mail.x", "table": {"a": [(1, re.compile("hidden"))]}}
    assert [one.pattern for _, one in held("", type("Made", (), within))] == ["hidden"]
    assert {"dates.FORMS.0", "wording.BOUNCE_WORDS.forms.0.1", "address.ADDRESS"} <= PATTERNS.keys()
    assert any(".line " in name for name in PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_is_linear(name: str) -> None:
    """Whatever is repeated in front of a pattern or within it, twice as much of it takes twice as long."""
    pattern = PATTERNS[name]
    anchored = {use for one, use in USES if one == name.partition(".")[2]} <= {"match", "fullmatch"}

    def search(text: str) -> Callable[[], object]:
        subject = text.encode() if isinstance(pattern.pattern, bytes) else text
        return lambda: pattern.match(subject) if anchored else sum(1 for _ in pattern.finditer(subject))

    for lead in LEADS:
        size = 1_000 if lead else 5_000
        for pump in shapes.PUMPS:
            one = search(lead + shapes.run(pump, size) + "\0")
            if seconds(one) * 1_000_000 > size:
                found = ratio(one, search(lead + shapes.run(pump, 2 * size) + "\0"))
                assert found < RATIO, (lead, pump, found)


@contextmanager
def scaled(by: float, more: dict[str, int] | None = None) -> Iterator[None]:
    """Multiply every limit of the room by this factor, and raise some further."""
    kept: list[tuple[ModuleType, str, int]] = []
    for module in MODULES:
        for name in vars(module).keys() & set(BOUNDS) if module is not bounds else ():
            value = vars(module)[name]
            kept.append((module, name, value))
            setattr(module, name, max(1, int(value * by)) * (more or {}).get(name, 1))
    try:
        yield
    finally:
        for module, name, value in kept:
            setattr(module, name, value)


def yard() -> float:
    """Give how long counting takes on this machine now: the unit for "soon", however busy it is."""
    return seconds(lambda: sum(number * number for number in range(100_000)), 3)


@pytest.mark.parametrize("place", shapes.PLACES, ids=lambda place: str(place.__name__))
def test_twice_the_mail_is_twice_the_work(place: Callable[[str, int], str]) -> None:
    """Whatever a mail is full of, and wherever: twice as much of it takes twice as long, but where a bound is passed."""
    worth_a_look = yard() / 2
    for pump in shapes.PUMPS:
        if seconds(partial(read, shapes.mail(place, pump, SIZE))) > worth_a_look:
            one, two, four = (partial(read, shapes.mail(place, pump, times * SIZE)) for times in (1, 2, 4))
            assert ratio(one, two) < RATIO or ratio(two, four) < RATIO, pump


@pytest.mark.parametrize("name", BOUNDS)
def test_twice_a_bound_is_at_most_twice_the_work(name: str) -> None:
    """What is cut off by a bound costs no more than twice as much where that bound is doubled."""
    for place, pump in DEAREST:
        raw = shapes.mail(place, pump, MEGA // 8)

        def within(factor: int, raw: bytes = raw) -> None:
            with scaled(1 / 16, {name: factor}):
                read(raw)

        found = ratio(lambda: within(1), lambda: within(2))
        assert found < RATIO, (place.__name__, pump, found)


@pytest.mark.parametrize(("place", "pump"), DEAREST)
def test_a_megabyte_of_anything_is_read_soon(place: Callable[[str, int], str], pump: str) -> None:
    """Not one that is made to take long takes longer than 0.3 s."""
    raw = shapes.mail(place, pump, MEGA)
    found = float("inf")
    for rounds in (1, 3, 10):
        found = min(found, seconds(partial(read, raw), rounds) / yard())
        if found < SOON:
            break
    assert found < SOON


def test_a_spent_budget_is_noted_and_the_test_id_found_all_the_same() -> None:
    """What is dense ends the reading of the words, not that of the ids; and the same is read each time."""
    raw = shapes.mail(shapes.daemon, "a@b ", MEGA) + f"\n\nSubject: {shapes.TESTID}\nFrom: x@example.net\n".encode()
    head, _, body = raw.partition(b"\n\n")
    raw = head + b"\nIn-Reply-To: <" + shapes.TESTID.encode() + b"@example.net>\n\n" + body
    with scaled(1, {"MAX_NOTICE": 16}):
        one, two = read(raw), read(raw)
    assert any("more work" in note for note in one.notes)
    assert one.tokens == (shapes.TESTID,)
    assert one == two


def test_work_is_counted_whatever_the_machine_does() -> None:
    """A budget gives what it has, says when that is not enough, and stays spent."""
    budget = Budget()
    assert budget.spend(bounds.MAX_WORK)
    assert not budget.spent
    assert not budget.spend(1)
    assert budget.spent
    assert not budget.spend(0)


def test_an_ordinary_mail_of_a_megabyte_stays_within_its_budget() -> None:
    """A budget is for what is hostile: a long letter is read without a word."""
    found = read(shapes.plain(MEGA - 200))
    assert not any("more work" in note for note in found.notes)
