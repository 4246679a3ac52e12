"""The settings that apply to a domain: its own, and Config's if it has none."""

from dataclasses import asdict, fields

import pytest

from mxtrax.api import forms
from mxtrax.model import Config, Limits, MailDomain
from mxtrax.report import words
from mxtrax.rules.limits import OWN, SHARES, WHOLE, Effective, effective

LIMITS = Limits(maxfailnumber=5, maxfailpercentage=50.0, maxlatenumber=6, maxlatepercentage=60.0)
CONFIG = Config(interval_minutes=15, maxreturntime=300, max_sec_until_fail=86_400, limits=LIMITS)


def test_a_domain_without_settings_of_its_own_has_configs() -> None:
    """All of them."""
    holds = effective(MailDomain(id=1, testuser="a", domainname="b.example"), CONFIG)
    assert asdict(holds) == {
        "interval_minutes": 15, "maxreturntime": 300, "max_sec_until_fail": 86_400, **asdict(LIMITS),
    }  # fmt: skip


def test_what_a_domain_may_set_is_what_holds_for_it() -> None:
    """And what the API takes for it: a setting that one of them left out would be set in vain."""
    assert {*WHOLE, *SHARES} == {each.name for each in fields(Effective)} == OWN.keys() == forms.OWN.keys()


def test_every_limit_has_words() -> None:
    """A notice that it was exceeded says what it is for."""
    assert {each.name for each in fields(Limits)} <= words.LIMITS.keys()


@pytest.mark.parametrize("name", [each.name for each in fields(Effective)])
@pytest.mark.parametrize("own", [0, 7])
def test_a_domains_own_setting_goes_before_configs(name: str, own: int) -> None:
    """Even if it is 0: that is a limit, not the lack of one. The others stay Config's."""
    domain = MailDomain(id=1, testuser="a", domainname="b.example", **{name: own})  # type: ignore[arg-type]
    without = effective(MailDomain(id=1, testuser="a", domainname="b.example"), CONFIG)
    assert asdict(effective(domain, CONFIG)) == {**asdict(without), name: own}
