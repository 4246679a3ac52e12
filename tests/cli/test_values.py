"""What people set on the command line is read as it was written."""

import pytest

from infra.cli.values import read, settable, word
from mxtrax.model import MailDomain

KNOWN = settable(MailDomain)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("maxlatepercentage", 12.345678, "12.345678"),
        ("maxlatepercentage", 0.00001, "0.00001"),
        ("maxlatepercentage", 2.0, "2"),
        ("maxlatepercentage", None, ""),
        ("maintmode", True, "yes"),
        ("maintmode", False, "no"),
        ("tags", frozenset({"vip", "eu"}), "eu,vip"),
        ("maxreturntime", 300, "300"),
    ],
)
def test_what_is_written_is_read(name: str, value: object, text: str) -> None:
    """A share keeps all of its digits, and nothing set is nothing written."""
    assert word(value) == text
    assert read([f"{name}={text}"], KNOWN) == {name: value}
