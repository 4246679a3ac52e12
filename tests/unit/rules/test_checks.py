"""What people may set: each refusal names the field and says what would be right."""

import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.errors import Refused
from mxtrax.model import Config, Customer, Limits, MailDomain
from mxtrax.rules.domainnames import check_domainname
from mxtrax.rules.validation import (
    check_address,
    check_config,
    check_customer,
    check_domain,
    check_note,
    check_testuser,
)

DOMAIN = MailDomain(id=1, testuser="mxtrax", domainname="customer.example")


# --- addresses


@pytest.mark.parametrize(
    ("given_name", "plain"),
    [
        ("customer.example", "customer.example"),
        (" Customer.Example. ", "customer.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("a-b.c.d.example", "a-b.c.d.example"),
        ("r3---sn.example", "r3---sn.example"),
        ("1.2.3.example", "1.2.3.example"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("STRASSE.example", "strasse.example"),
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("ﬁsch.example", "fisch.example"),
        ("A\N{COMBINING DIAERESIS}pfel.example", "xn--pfel-koa.example"),
        ("paral·lel.cat", "xn--parallel-koa.cat"),
        ("日本語テスト.example", "xn--zckzah9945czlbtz6h.example"),
        ("नमूना.example", "xn--l2bar9dsa.example"),
        ("דוגמה.example", "xn--6dbbec0c.example"),
        ("한국.example", "xn--3e0b707e.example"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
    ],
)
def test_domain_names_are_given_in_plain_form(given_name: str, plain: str) -> None:
    """Lower case, without spaces or a last dot, international names as A-labels."""
    assert check_domainname(given_name) == plain


@pytest.mark.parametrize(
    "name",
    ["", "customer", "customer..example", "-a.example", "a-.example", "a b.example", "a_b.example", "a.example/x",
     f"{'a' * 64}.example", ".".join(["a" * 50] * 6), "\N{PILE OF POO}.example\n.x", "a@b.example", "é" * 70 + ".example",
     "\N{SNOWMAN}.example", "\N{COMBINING ACUTE ACCENT}a.example", "a·b.example", "1א.example", "אa.example",
     "-é.example", "é..example"],
)  # fmt: skip
def test_what_is_no_domain_name_is_refused(name: str) -> None:
    """The sentence shows what a domain name looks like."""
    with pytest.raises(Refused, match=r"^domainname: .* is not a domain name; use one such as 'customer.example'\.$"):
        check_domainname(name)


@pytest.mark.parametrize("name", ["1.2.3.4", "[192.0.2.1]", "customer.123", "example.xn--", "xn--mnchen-3YA-.example"])
def test_addresses_of_hosts_are_no_names(name: str) -> None:
    """Nor is what only looks encoded: no top level is of digits alone (RFC 3696, section 2)."""
    with pytest.raises(Refused, match=r"^domainname: "):
        check_domainname(name)


@pytest.mark.parametrize(
    "name", ["xn--strasse-.example", "xn--mnchen-3yA1.example", "xn--n3h.example", "xn--abc-.example"]
)
def test_what_no_name_is_encoded_to_is_refused(name: str) -> None:
    """Each international name has one encoded form; another one would be a second domain for the same mailbox."""
    with pytest.raises(Refused, match=r"is not a valid international name|is not a domain name"):
        check_domainname(name)


@pytest.mark.parametrize("user", ["mxtrax", "mx.trax", "mx+trax", "o'brien", "a" * 64])
def test_the_part_before_the_at_may_be_a_dot_atom(user: str) -> None:
    """A dot-atom (RFC 5321) is accepted unchanged."""
    assert check_testuser(f" {user} ") == user


@pytest.mark.parametrize("user", ["", "a b", ".a", "a.", "a..b", "a@b", '"a"', "a\nb", "ä", "a" * 65, "a,b", "<a>"])
def test_what_cannot_stand_before_the_at_is_refused(user: str) -> None:
    """The sentence shows what can."""
    with pytest.raises(Refused, match=r"^testuser: .* is not valid before the @") as refusal:
        check_testuser(user)
    assert refusal.value.field == "testuser"


@given(st.text() | st.from_regex(r"[a-z.+]{1,9}@[a-z.-]{1,9}", fullmatch=True))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    """Nothing else happens, and an accepted address is accepted again unchanged."""
    with suppress(Refused):
        address = check_address("alertuser", text)
        assert re.fullmatch(r"[!-~]+@[a-z0-9.-]+", address)
        assert check_address("alertuser", address) == address


# --- customers


@pytest.mark.parametrize(
    ("codename", "name", "field"),
    [
        ("", "Acme", "codename"),
        ("a b", "Acme", "codename"),
        ("-a", "Acme", "codename"),
        ("a" * 65, "Acme", "codename"),
        ("acme", "", "friendlyname"),
        ("acme", "A" * 201, "friendlyname"),
        ("acme", "A\nB", "friendlyname"),
    ],
)
def test_a_customer_that_makes_no_sense_is_refused(codename: str, name: str, field: str) -> None:
    """The refusal names the field."""
    with pytest.raises(Refused, match=rf"^{field}: ") as refusal:
        check_customer(Customer(codename=codename, friendlyname=name))
    assert refusal.value.field == field


def test_a_customer_is_given_without_idle_spaces() -> None:
    """What people leave around a name is not part of it."""
    assert check_customer(Customer(codename=" acme ", friendlyname=" Müller & Söhne ")) == Customer(
        codename="acme", friendlyname="Müller & Söhne"
    )


# --- settings

GOOD = Config(sendinguser="mxtrax@monitor.example.net", alertuser=("ops@example.org",))


def test_the_defaults_make_sense() -> None:
    """A Config that nobody has touched passes, with and without addresses."""
    assert check_config(Config()) == Config()
    assert check_config(GOOD) == GOOD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sendinguser", "mxtrax"),
        ("sendinguser", "mx+trax@monitor.example.net"),
        ("sendinguser", f"{'m' * 28}@monitor.example.net"),
        ("alertuser", ("ops@example.org", "ops@")),
        ("maxreturntime", 0),
        ("maxreturntime", -1),
        ("maxreturntime", 86_401),
        ("maxreturntime", 2.5),
        ("maxreturntime", "300"),
        ("maxreturntime", None),
        ("max_sec_until_fail", 2_592_001),
        ("interval_minutes", 0),
        ("interval_minutes", 1_441),
        ("interval_minutes", True),
        ("retest_minutes", 0),
        ("window_hours", -1),
        ("window_hours", 721),
        ("recover_after", -1),
        ("recover_after", 51),
        ("remind_minutes", -1),
        ("keep_days", 30),
        ("self_check_percent", 0),
        ("self_check_percent", 101),
        ("timezone", "Europe/Nowhere"),
        ("timezone", "../etc/passwd"),
        ("timezone", ""),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(field: str, value: Any) -> None:
    """The refusal names the field, and says what would be right."""
    with pytest.raises(Refused, match=rf"^{field}: ") as refusal:
        check_config(replace(GOOD, **{field: value}))
    assert refusal.value.field == field
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("maxfailnumber", -1),
        ("maxfailnumber", 0.5),
        ("maxfailpercentage", 100.1),
        ("maxfailpercentage", float("nan")),
        ("maxfailpercentage", "50"),
        ("maxlatenumber", -1),
        ("maxlatepercentage", -0.1),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(field: str, value: Any) -> None:
    """In Config as in a domain's own."""
    with pytest.raises(Refused, match=rf"^{field}: "):
        check_config(replace(GOOD, limits=replace(Limits(), **{field: value})))
    with pytest.raises(Refused, match=rf"^{field}: "):
        check_domain(replace(DOMAIN, **{field: value}), GOOD)


def test_addresses_are_given_in_plain_form() -> None:
    """What was typed with capitals and spaces is saved without."""
    config = check_config(replace(GOOD, sendinguser=" mxtrax@Monitor.Example.Net ", alertuser=("ops@EXAMPLE.org ",)))
    assert (config.sendinguser, config.alertuser) == (GOOD.sendinguser, GOOD.alertuser)
    domain = check_domain(replace(DOMAIN, testuser=" mxtrax", domainname="Customer.Example."), GOOD)
    assert domain == DOMAIN


# --- domains


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"testuser": "a b"}, "testuser"),
        ({"domainname": "customer"}, "domainname"),
        ({"interval_minutes": 0}, "interval_minutes"),
        ({"maxreturntime": 0}, "maxreturntime"),
        ({"maxreturntime": 86_401}, "maxreturntime"),
        ({"max_sec_until_fail": 299}, "maxreturntime"),
        ({"maxreturntime": 500, "max_sec_until_fail": 400}, "maxreturntime"),
    ],
)
def test_a_domain_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Its overrides must fit each other and the general settings."""
    with pytest.raises(Refused, match=rf"^{field}: "):
        check_domain(replace(DOMAIN, **changes), GOOD)


def test_a_domain_may_have_limits_of_its_own() -> None:
    """Overrides that make sense pass, 0 included."""
    own = replace(DOMAIN, interval_minutes=1, maxreturntime=60, max_sec_until_fail=600, maxfailnumber=0)
    assert check_domain(own, GOOD) == own


# --- what looks like something else


@pytest.mark.parametrize(
    "name",
    ["ex\N{CYRILLIC SMALL LETTER A}mple.com", "xn--exmple-4nf.com", "a.p\N{GREEK SMALL LETTER OMICRON}st.example"],
)
def test_a_name_of_mixed_scripts_is_refused(name: str) -> None:
    """One foreign letter among others makes a name that passes for another one, encoded or not."""
    with pytest.raises(Refused, match=r"mixes .* letters; a name should use one script"):
        check_domainname(name)


@pytest.mark.parametrize("name", ["ελλάδα.example", "пример.example", "日本語テスト.example", "xn--strae-oqa.example"])
def test_a_name_of_one_script_is_taken(name: str) -> None:
    """Any script will do, and those that are written together are one."""
    assert check_domainname(name).isascii()


@pytest.mark.parametrize("hidden", ["\u200d", "\u202e", "\u00ad"])
def test_a_name_with_something_hidden_is_refused(hidden: str) -> None:
    """What cannot be seen is not silently dropped from a name."""
    with pytest.raises(Refused, match="is not a domain name"):
        check_domainname(f"cus{hidden}tomer.example")


@pytest.mark.parametrize("tag", ["", "a b", "<b>", "=1", "a" * 41, "a\nb", "-a"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    """A tag is a word."""
    with pytest.raises(Refused, match=r"^tags: "):
        check_domain(replace(DOMAIN, tags=frozenset({tag})), Config())


def test_tags_are_taken_as_they_are() -> None:
    """Words of any language, with the marks that people put into them."""
    tags = frozenset({"eu-west", "vip", "größe:xl", "a/b"})
    assert check_domain(replace(DOMAIN, tags=tags), Config()).tags == tags


def test_a_note_has_lines_and_nothing_else_that_controls() -> None:
    """Line ends are made plain; an escape sequence, or too long a text, is refused."""
    assert check_note(" called\r\nthem ") == "called\nthem"
    for bad in ("\x1b[31mred", "a\x00b", "a" * 2_001):
        with pytest.raises(Refused, match=r"^note: "):
            check_note(bad)
