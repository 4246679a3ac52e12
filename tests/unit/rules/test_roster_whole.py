"""The fleet's file with all columns: it is read as written, and bad rows are reported by line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import Config, Customer, MailDomain
from mxtrax.rules.fleet_csv import HEADER, WHOLE_HEADER, read, write

FLAGS = st.booleans()
SHARES = st.none() | st.integers(0, 100_000_000).map(lambda millionths: millionths / 1_000_000)
DOMAINS = st.builds(
    MailDomain,
    id=st.just(0),
    testuser=st.sampled_from(["mxtrax", "test+tag", "=odd"]),
    domainname=st.sampled_from(["a.example", "b.example"]),
    customer=st.sampled_from(["", "acme"]),
    maintmode=FLAGS,
    control=FLAGS,
    returns_bounce=FLAGS,
    interval_minutes=st.none() | st.integers(1, 1_440),
    maxreturntime=st.none() | st.integers(1, 80_000),
    max_sec_until_fail=st.none() | st.integers(80_000, 90_000),
    maxfailnumber=st.none() | st.integers(0, 1_000_000),
    maxfailpercentage=SHARES,
    maxlatenumber=st.none() | st.integers(0, 1_000_000),
    maxlatepercentage=SHARES,
    tags=st.frozensets(st.sampled_from(["vip", "eu-west", "a.b", "\u00fcber"])),
)
CUSTOMERS = {"acme": Customer(codename="acme", friendlyname="@Acme")}
GOOD = {"MailDomain.testuser": "mxtrax", "MailDomain.domainname": "a.example"}


@given(DOMAINS)
def test_a_domain_is_read_as_it_was_written(domain: MailDomain) -> None:
    """With all that people have set of it, whether it has a customer or not."""
    (row,) = read(write([domain], CUSTOMERS, whole=True)).good
    assert row.domain == domain
    assert row.customer == CUSTOMERS.get(domain.customer)


@given(DOMAINS)
def test_no_cell_is_a_formula(domain: MailDomain) -> None:
    """Whatever is in it, a spreadsheet runs nothing."""
    _, cells = csv.reader(io.StringIO(write([domain], CUSTOMERS, whole=True).decode("utf-8-sig")))
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]


def test_the_wikis_file_stays_as_it_is() -> None:
    """Without being asked, an export has the wiki's four columns."""
    text = write([MailDomain(id=1, testuser="mx", domainname="a.example", customer="acme")], CUSTOMERS).decode(
        "utf-8-sig"
    )
    assert text.splitlines() == [",".join(HEADER), "'@Acme,acme,mx,a.example"]


def _line(**cells: str) -> bytes:
    given = {**GOOD, **{f"MailDomain.{name}": cell for name, cell in cells.items()}}
    return "\n".join([";".join(WHOLE_HEADER), ";".join(given.get(name, "") for name in WHOLE_HEADER)]).encode()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"maintmode": "maybe"}, "maintmode: 'maybe' should be yes or no."),
        ({"interval_minutes": "-5"}, "interval_minutes: '-5' should be a whole number"),
        ({"interval_minutes": "\u0665"}, "interval_minutes: '\u0665' should be a whole number"),
        ({"interval_minutes": "9" * 400}, "interval_minutes: '999"),
        ({"interval_minutes": "0"}, "interval_minutes: 0 should be"),
        ({"maxfailpercentage": "nan"}, "maxfailpercentage: 'nan' should be a percentage"),
        ({"maxfailpercentage": "1e3"}, "maxfailpercentage: '1e3' should be a percentage"),
        ({"maxfailpercentage": "100.1"}, "maxfailpercentage: 100.1 should be a number from 0 to 100"),
        ({"maxreturntime": "500", "max_sec_until_fail": "400"}, "maxreturntime: 500 s is above"),
        ({"tags": "<b>"}, "tags: '<b>' should be a word"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_of(cells: dict[str, str], reason: str) -> None:
    """With the line and the reason, as any other bad row."""
    (bad,) = read(_line(**cells)).bad
    assert bad.line == 2
    assert bad.reason.startswith(reason)


def test_settings_are_checked_beside_those_of_the_fleet() -> None:
    """A domain's time for late tests beyond the fleet's time for lost ones is refused."""
    assert read(_line(maxreturntime="500")).good
    assert read(_line(maxreturntime="500"), Config(maxreturntime=100, max_sec_until_fail=400)).bad


def test_what_spreadsheets_make_of_a_setting_is_understood() -> None:
    """A comma in a number where semicolons part the cells, TRUE for yes, blanks around it."""
    (row,) = read(_line(maxfailpercentage=" 12,5 ", control="TRUE", returns_bounce="0", tags=" vip  eu ")).good
    assert (row.domain.maxfailpercentage, row.domain.control, row.domain.returns_bounce) == (12.5, True, False)
    assert row.domain.tags == {"vip", "eu"}


def test_in_the_wikis_file_a_customer_is_needed() -> None:
    """As ever; beside settings it may be missing."""
    assert read(f"{','.join(HEADER)}\n,,mx,a.example\n".encode()).bad
    (row,) = read(f"{','.join([*HEADER, 'MailDomain.tags'])}\n,,mx,a.example,vip\n".encode()).good
    assert row.customer is None
    assert row.domain.tags == {"vip"}
