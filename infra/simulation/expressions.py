"""DynamoDB's expressions, compiled once: only those conditions and updates that the store writes."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

type Value = dict[str, Any]
"""A value in DynamoDB's typed JSON: {"N": "7"}."""

type Names = Mapping[str, str]
type Values = Mapping[str, Value]
type Attributes = Mapping[str, Value]

type Condition = Callable[[Attributes, Names, Values], bool]
type Operand = Callable[[Attributes, Names, Values], Value | None]

_TOKEN: Final = re.compile(
    r"\s*(<>|<=|>=|[()=<>,+\-]|[#:]?[A-Za-z0-9_]+(?:\[\d+\])?(?:\.[#:]?[A-Za-z0-9_]+(?:\[\d+\])?)*)"
)
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def plain(value: Value) -> Any:  # noqa: ANN401 -- a number, a text, a set
    """Give a value that compares as DynamoDB compares."""
    ((kind, it),) = value.items()
    if kind == "N":
        return int(it) if it.lstrip("-").isdigit() else float(it)
    return frozenset(it) if kind in {"SS", "NS"} else it


@cache
def condition(text: str) -> Condition:
    """Compile a condition. Raises ValueError for anything that PynamoDB never writes."""
    parser = _Parser(text)
    compiled = parser.either()
    parser.end()
    return compiled


@cache
def update(text: str) -> list[tuple[str, str, Operand]]:
    """Compile an update to its steps: verb, the attribute's placeholder, operand."""
    parser, steps, verb = _Parser(text), list[tuple[str, str, Operand]](), ""
    while parser.peek():
        if parser.peek() in {"SET", "REMOVE", "ADD", "DELETE"}:
            verb = parser.take()
        name = parser.take()
        if verb == "SET":
            parser.take("=")
        steps.append((verb, name, _nothing if verb == "REMOVE" else parser.sum()))
        if parser.peek() == ",":
            parser.take()
    return steps


def _nothing(*_: object) -> None:
    return None


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens, self.at, here = list[str](), 0, 0
        text = text.strip()
        while here < len(text):
            if not (found := _TOKEN.match(text, here)):
                raise ValueError(f"cannot read {text!r} at {here}")
            self.tokens.append(found[1])
            here = found.end()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise ValueError(f"{wanted or 'more'} expected, {token or 'the end'} found in {self.tokens}")
        self.at += 1
        return token

    def end(self) -> None:
        if self.peek():
            raise ValueError(f"{self.peek()} left over in {self.tokens}")

    def either(self) -> Condition:
        return self.joined("OR", self.both, _either)

    def both(self) -> Condition:
        return self.joined("AND", self.negation, _both)

    def joined(
        self, word: str, part: Callable[[], Condition], of: Callable[[Condition, Condition], Condition]
    ) -> Condition:
        left = part()
        while self.peek() == word:
            self.take()
            left = of(left, part())
        return left

    def negation(self) -> Condition:
        if self.peek() != "NOT":
            return self.primary()
        self.take()
        inner = self.negation()
        return lambda item, names, values: not inner(item, names, values)

    def primary(self) -> Condition:
        match self.peek():
            case "(":
                self.take()
                inner = self.either()
                self.take(")")
                return inner
            case "attribute_exists" | "attribute_not_exists":
                wanted = self.take() == "attribute_exists"
                (path,) = self.arguments()
                return lambda item, names, values: (path(item, names, values) is not None) is wanted
            case "begins_with" | "contains":
                begins = self.take() == "begins_with"
                return _text(*self.arguments(), begins=begins)
        left = self.operand()
        match self.take():
            case "BETWEEN":
                low, _, high = self.operand(), self.take("AND"), self.operand()
                return _both(_compared(left, ">=", low), _compared(left, "<=", high))
            case "IN":
                options = self.arguments()
                return lambda item, names, values: (
                    left(item, names, values) in [option(item, names, values) for option in options]
                )
            case sign:
                return _compared(left, sign, self.operand())

    def arguments(self) -> list[Operand]:
        self.take("(")
        found = [self.operand()]
        while self.peek() == ",":
            self.take()
            found.append(self.operand())
        self.take(")")
        return found

    def sum(self) -> Operand:
        left = self.operand()
        if self.peek() != "+":
            return left
        self.take()
        return _sum(left, self.operand())

    def operand(self) -> Operand:
        token = self.take()
        if token == "size":  # noqa: S105 -- a function's name
            (inner,) = self.arguments()
            return _size(inner)
        if token == "if_not_exists":  # noqa: S105
            path, fallback = self.arguments()
            return lambda item, names, values: path(item, names, values) or fallback(item, names, values)
        if token.startswith(":"):
            return lambda _item, _names, values: values[token]
        return _path(token.split("."))


def _either(left: Condition, right: Condition) -> Condition:
    return lambda item, names, values: left(item, names, values) or right(item, names, values)


def _both(left: Condition, right: Condition) -> Condition:
    return lambda item, names, values: left(item, names, values) and right(item, names, values)


def _compared(left: Operand, sign: str, right: Operand) -> Condition:
    compare = _COMPARE[sign]

    def compared(item: Attributes, names: Names, values: Values) -> bool:
        one, two = left(item, names, values), right(item, names, values)
        if one is None or two is None or one.keys() != two.keys():
            return sign == "<>"
        return compare(plain(one), plain(two))

    return compared


def _text(path: Operand, part: Operand, *, begins: bool) -> Condition:
    def holds(item: Attributes, names: Names, values: Values) -> bool:
        whole, wanted = path(item, names, values), part(item, names, values)
        if whole is None or wanted is None:
            return False
        return plain(whole).startswith(plain(wanted)) if begins else plain(wanted) in plain(whole)

    return holds


def _sum(left: Operand, right: Operand) -> Operand:
    def added(item: Attributes, names: Names, values: Values) -> Value:
        one, two = left(item, names, values), right(item, names, values)
        if one is None or two is None:
            raise ValueError("nothing to add to")
        return {"N": str(plain(one) + plain(two))}

    return added


def _size(inner: Operand) -> Operand:
    def size(item: Attributes, names: Names, values: Values) -> Value | None:
        value = inner(item, names, values)
        return None if value is None else {"N": str(len(next(iter(value.values()))))}

    return size


def _path(parts: list[str]) -> Operand:
    if len(parts) == 1:
        (part,) = parts
        return lambda item, names, _values: item.get(names.get(part, part))

    def path(item: Attributes, names: Names, _values: Values) -> Value | None:
        here: Value | None = {"M": item}
        for part in parts:
            here = (here.get("M") or {}).get(names.get(part, part)) if here else None
        return here

    return path
