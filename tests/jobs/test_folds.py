"""Folds of many domains share transactions; none holds up another."""

from collections.abc import Iterable, Sequence

import pytest

from mxtrax.jobs import aggregate
from mxtrax.model import DomainHealth, Kind, MailDomain, Verdict
from mxtrax.store import fold, mailtests
from mxtrax.store.fold import Fold
from mxtrax.store.health import health_by_key
from tests.stage import Stage

TRANSACTION = fold.commit
DRAFT = aggregate._draft


@pytest.fixture
def back(it: Stage, monkeypatch: pytest.MonkeyPatch) -> list[MailDomain]:
    """Have a test of each of 40 domains back."""
    monkeypatch.setattr("mxtrax.rules.schedule._spread", lambda *_: 0)  # All are due at once.
    domains = [it.domain(f"customer{number}.example") for number in range(40)]
    sent = it.tick()
    it.wait(4)
    for test in sent:
        mailtests.returned(test.testid, it.now, Kind.MESSAGE, "mail", None)
    return domains


def _counted(it: Stage, domains: Sequence[MailDomain]) -> list[str]:
    """Name the domains whose test is counted, and is so once."""
    days = [(domain, it.stat(domain)) for domain in domains]
    return [domain.domainname for domain, day in days if (day.ontime_num, day.total_num) == (1, 1)]


def test_folds_of_many_domains_are_few_transactions(
    it: Stage, back: Sequence[MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new domain's fold writes four records (test, day, health, place in the lists), so 25 go into one."""
    sizes = list[int]()

    def heard(folds: Sequence[Fold]) -> bool:
        sizes.append(sum(each.writes for each in folds))
        return TRANSACTION(folds)

    monkeypatch.setattr(fold, "commit", heard)
    it.fold()
    assert _counted(it, back) == [domain.domainname for domain in back]
    assert sizes == [100, 60]


def test_who_was_quicker_in_one_domain_holds_up_no_other(
    it: Stage, back: Sequence[MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fold of that one is lost, and nothing of it counts twice; the others pass in the same run."""
    overtaken = back[17]

    def stale(keys: Iterable[str]) -> dict[str, DomainHealth]:
        known = health_by_key(keys)
        (test,) = mailtests.of_domain(overtaken.key)
        mailtests.returned(test.testid, it.now - 1, Kind.MESSAGE, "another mail", None)
        return known

    with monkeypatch.context() as patch:
        patch.setattr("mxtrax.jobs.aggregate.health_by_key", stale)
        it.fold()
    assert _counted(it, back) == [domain.domainname for domain in back if domain is not overtaken]
    it.fold()
    assert _counted(it, back) == [domain.domainname for domain in back]
    assert next(mailtests.of_domain(overtaken.key)).counted is Verdict.ONTIME


def test_a_domain_whose_fold_fails_holds_up_no_other(
    it: Stage, back: Sequence[MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its fold cannot be drafted, or DynamoDB rejects it."""
    undrafted, refused = back[3], back[30]

    def drafting(tests: Sequence[object], stat: object, known: aggregate.Known, this: object) -> Fold:
        if known.health.maildomain == undrafted.key:
            raise ValueError("no fold can be made of this")
        return DRAFT(tests, stat, known, this)  # type: ignore[arg-type]

    def refusing(folds: Sequence[Fold]) -> bool:
        if any(each.health.maildomain == refused.key for each in folds):
            raise RuntimeError("an item is too large")
        return TRANSACTION(folds)

    monkeypatch.setattr(aggregate, "_draft", drafting)
    monkeypatch.setattr(fold, "commit", refusing)
    it.fold()
    assert _counted(it, back) == [domain.domainname for domain in back if domain not in (undrafted, refused)]
