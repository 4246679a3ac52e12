"""Metrics as text: Prometheus' own text 0.0.4, or OpenMetrics 1.0 for clients that ask for it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mxtrax.frozen import dataclass

OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PLAIN: Final = "text/plain; version=0.0.4; charset=utf-8"
MOST_TYPES: Final = 50
"""How many media ranges of an Accept header are read."""
WEIGHT: Final = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")

type Number = int | float


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure. `suffix` follows its family's name, such as _bucket."""

    value: Number
    labels: Mapping[str, str]
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name without _total, what it is, and its figures. `unit` is the end of its name, if it has one."""

    name: str
    kind: str
    says: str
    samples: tuple[Sample, ...]
    unit: str = ""


def gauge(name: str, says: str, value: Number | None, unit: str = "") -> Family:
    """Make a metric of one figure, which may go down; without a figure where it is not known."""
    return gauges(name, says, () if value is None else [({}, value)], unit)


def gauges(name: str, says: str, values: Iterable[tuple[Mapping[str, str], Number]], unit: str = "") -> Family:
    """Make a metric of several figures, which may go down."""
    return Family(name, "gauge", says, tuple(Sample(value, labels) for labels, value in values), unit)


def counters(name: str, says: str, values: Iterable[tuple[Mapping[str, str], int]]) -> Family:
    """Make a metric of several figures that only grow."""
    return Family(name, "counter", says, tuple(Sample(value, labels, "_total") for labels, value in values))


def histogram(name: str, says: str, buckets: Mapping[int, int], total: int, added_up: float, unit: str) -> Family:
    """Make a histogram: the counts by each bucket's upper bound, the total count, and the sum."""
    samples, so_far = list[Sample](), 0
    for bound in sorted(buckets):
        so_far += buckets[bound]
        samples.append(Sample(so_far, {"le": f"{float(bound)}"}, "_bucket"))
    samples += [Sample(total, {"le": "+Inf"}, "_bucket"), Sample(added_up, {}, "_sum"), Sample(total, {}, "_count")]
    return Family(name, "histogram", says, tuple(samples), unit)


def asks_for_openmetrics(accept: str) -> bool:
    """Say whether the client names OpenMetrics, and likes it as well as Prometheus' own text (RFC 9110, section 12.5.1)."""
    taken = dict(_quality(each) for each in accept.split(",")[:MOST_TYPES])
    newer = taken.get("application/openmetrics-text", 0.0)
    plain = next((taken[name] for name in ("text/plain", "text/*", "*/*") if name in taken), 0.0)
    return newer > 0 and newer >= plain


def _quality(each: str) -> tuple[str, float]:
    """Read one media range: its name, and its weight, 1 if it has none or an invalid one."""
    name, *parameters = (part.strip().lower() for part in each.split(";"))
    weight = next((part[2:].strip() for part in parameters if part.startswith("q=")), "1")
    return name, float(weight) if WEIGHT.fullmatch(weight) else 1.0


def text(families: Iterable[Family], *, plain: bool) -> str:
    """Write metrics down."""
    lines = [line for family in families for line in _lines(family, plain=plain)]
    return "\n".join(lines if plain else [*lines, "# EOF"]) + "\n"


def _lines(it: Family, *, plain: bool) -> Iterator[str]:
    # The older text knows a counter by its whole name, and no units.
    name = f"{it.name}_total" if plain and it.kind == "counter" else it.name
    yield f"# HELP {name} {_escaped(it.says)}"
    yield f"# TYPE {name} {it.kind}"
    if it.unit and not plain:
        yield f"# UNIT {name} {it.unit}"
    for sample in it.samples:
        labels = ",".join(f'{label}="{_quoted(value)}"' for label, value in sample.labels.items())
        yield f"{it.name}{sample.suffix}{f'{{{labels}}}' if labels else ''} {sample.value}"


def _escaped(says: str) -> str:
    return says.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(value: str) -> str:
    return _escaped(value).replace('"', '\\"')
