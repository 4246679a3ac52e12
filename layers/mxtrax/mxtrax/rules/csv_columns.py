"""A domain's own settings as cells of a CSV file: an empty cell is no own setting, a switch is `yes` or `no`."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mxtrax.errors import Refused
from mxtrax.model import MailDomain
from mxtrax.rules.limits import SHARES, WHOLE

SWITCHES: Final = ("maintmode", "control", "returns_bounce")
FIELDS: Final = (*SWITCHES, *WHOLE, *SHARES, "tags")

HEADER: Final = tuple(f"MailDomain.{field}" for field in FIELDS)

_YES: Final = ("yes", "true", "1")
_NO: Final = ("no", "false", "0", "")
_MOST_DIGITS: Final = 15


def written(domain: MailDomain) -> list[str]:
    """Write a domain's own settings, in the order of the header."""
    return [cell(getattr(domain, field)) for field in FIELDS]


def read(cells: Mapping[str, str]) -> dict[str, Any]:
    """Read some of a domain's own settings, by name. Raises Refused for a cell that cannot be read."""
    return {field: _READ[field](field, cell.strip()) for field, cell in cells.items()}


def cell(value: object) -> str:
    """Write one setting. Words of a list are separated by spaces."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return " ".join(sorted(value))
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def _switch(field: str, cell: str) -> bool:
    if cell.lower() not in (*_YES, *_NO):
        raise Refused(field, f"{field}: {cell[:50]!r} should be yes or no.")
    return cell.lower() in _YES


def _whole(field: str, cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= _MOST_DIGITS):
        raise Refused(field, f"{field}: {cell[:50]!r} should be a whole number, or empty for the fleet's setting.")
    return int(cell)


def _share(field: str, cell: str) -> float | None:
    if not cell:
        return None
    whole, _, rest = cell.replace(",", ".").partition(".")
    if not (cell.isascii() and (whole + rest).isdecimal() and len(cell) <= _MOST_DIGITS):
        raise Refused(field, f"{field}: {cell[:50]!r} should be a percentage, or empty for the fleet's setting.")
    return round(float(f"{whole or 0}.{rest or 0}"), 6)


def _tags(_: str, cell: str) -> frozenset[str]:
    return frozenset(cell.split())


_READ: Final[Mapping[str, Callable[[str, str], Any]]] = {
    **dict.fromkeys(SWITCHES, _switch),
    **dict.fromkeys(WHOLE, _whole),
    **dict.fromkeys(SHARES, _share),
    "tags": _tags,
}
