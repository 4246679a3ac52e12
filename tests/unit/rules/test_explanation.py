"""What people read of a cause and its reason: short, true, and something to do."""

import re
from itertools import product
from typing import Final

import pytest

from mxtrax.model import Cause, Reason
from mxtrax.rules.causes_table import CAUSES, REASONS
from mxtrax.rules.explanation import Certainty, Fault, explain, in_words
from mxtrax.rules.how_to import ANY, PRODUCTS, by_name, how_to

EVERY: Final = list(product(Cause, (None, *Reason)))
UNTOLD: Final = {Reason.UNKNOWN, Reason.FORWARDING_BLOCKED, Reason.SUPPRESSED}
"""Reasons that say nothing beyond their causes."""


@pytest.mark.parametrize(("cause", "reason"), EVERY)
def test_each_is_short_and_says_what_to_do(cause: Cause, reason: Reason | None) -> None:
    """Six words at most, for a watch; a sentence of what it means; at least one step, each a sentence."""
    told = explain(cause, reason, "outlook.com")
    assert len(told.words.split()) <= 6
    assert len(told.words) <= 48
    for sentence in (told.meaning, *told.next_steps):
        assert sentence.endswith((".", "?"))
        assert "{" not in sentence
    assert 1 <= len(told.next_steps) <= 5


def test_every_cause_and_reason_is_in_the_table() -> None:
    """One that is added to the model needs its words."""
    assert set(CAUSES) == set(Cause)
    assert set(REASONS) == set(Reason) - UNTOLD


@pytest.mark.parametrize("cause", [Cause.REFUSED, Cause.DEFERRED])
def test_without_dns_nothing_is_said_of_their_server(cause: Cause) -> None:
    """No server of theirs was met: neither words nor meaning blame one for an answer."""
    for reason in (Reason.DNS, Reason.UNREACHABLE):
        told = explain(cause, reason)
        assert "their server" not in f"{told.words} {told.meaning}".lower()
        assert "refused" not in told.words
        assert "deferred" not in told.words


def test_what_stopped_coming_back_may_be_the_rule_alone() -> None:
    """From here, lost mail and a rule that is gone look alike: the words say so."""
    told = explain(Cause.ACCEPTED_THEN_LOST)
    assert "only the rule" in told.meaning
    assert (told.fault, told.certainty) == (Fault.UNKNOWN, Certainty.OPEN)


def test_a_blocked_forwarding_is_no_outage() -> None:
    """It is a set-up fault of the mailbox, and the steps are those of the provider's product."""
    told = explain(Cause.FORWARD_BLOCKED, Reason.FORWARDING_BLOCKED, "outlook.com")
    assert told.fault is Fault.SETUP
    assert "no outage" in told.meaning
    assert "outbound spam policy" in told.next_steps[0]
    assert "Google Admin console" in explain(Cause.FORWARD_BLOCKED, None, "google.com").next_steps[0]


def test_a_product_without_its_own_words_is_told_of_like_any() -> None:
    """Every topic has words for every provider, and every named topic exists."""
    for domain, topic in product((*PRODUCTS, "elsewhere.example", ""), ANY):
        assert how_to(f"{{{topic}}}", domain).endswith(("?", "."))
    table = [
        step
        for steps in (*(it.steps for it in CAUSES.values()), *(it.steps for it in REASONS.values()))
        for step in steps
    ]
    assert {topic for step in table for topic in re.findall(r"\{(\w+)\}", step)} == set(ANY)


def test_nothing_to_explain_has_no_words() -> None:
    """Without a cause, a table has an empty cell and a notice says that it is not known."""
    assert in_words(None) is None
    assert explain(None).words == "cause not known"


@pytest.mark.parametrize(("cause", "reason"), EVERY)
def test_a_meaning_does_not_contradict_itself(cause: Cause, reason: Reason | None) -> None:
    """Other mail is affected, or may be, or is not: one of these; and no step names a parameter of the stack."""
    it = explain(cause, reason)
    said = it.meaning.lower()
    hit = any(words in said for words in ("may be just as late", "nobody can send", "likely to hit"))
    spared = any(words in said for words in ("not affected", "may not be affected"))
    assert not (hit and spared), it.meaning
    assert not any("SendingUser" in step for step in it.next_steps)


def test_a_deferral_without_a_reason_says_whom_it_may_hit() -> None:
    """With one, the reason says it."""
    assert "may be just as late" in explain(Cause.DEFERRED).meaning
    assert "may be just as late" not in explain(Cause.DEFERRED, Reason.BLOCKLISTED).meaning


def test_the_sender_can_be_named() -> None:
    """The person who must allow it needs its address."""
    (step, *_) = explain(Cause.REFUSED, Reason.SPAM).next_steps
    assert by_name(step, "mxtrax@monitor.example") == "Allow mxtrax@monitor.example in their gateway and filter."
    assert by_name(step, "") == step
