"""The real jobs run through a day, and a day is the same each time."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pynamodb.connection import base
from pynamodb.models import Model

from infra.simulation import draw, rivals, sketch
from infra.simulation.figures import figures
from infra.simulation.model import DAY, ON_TIME, Scenario
from infra.simulation.play import play
from infra.simulation.product import OWN_ADDRESS, Product
from infra.simulation.score import of_product
from infra.simulation.seen import Played
from infra.simulation.story import stories
from infra.simulation.table import tables
from mxtrax.mail import compose
from mxtrax.store import fleet, mapping

SMALL = ["--seeds", "1", "--domains", "6", "--days", "1", "--interval", "60", "--json"]
EXPECTED = {
    "knowable", "told", "missed", "missed_firm", "within_60_s", "p50_s", "p95_s", "false", "false_flush", "false_ours",
    "domain_days", "cause_open", "cause_close", "mails_per_cause", "tests_over_regular",
}  # fmt: skip


@cache
def _small() -> tuple[Scenario, Played]:
    scenario = draw.draw(1, domains=6, days=1, interval=60)
    return scenario, play(scenario, {})


def test_what_was_counted_is_what_was_true() -> None:
    """Each test that was back in time counts as on time, even if receive was down: the sweep finds it."""
    scenario, played = _small()
    mails = [mail for mail in played.mails.values() if mail.domain != OWN_ADDRESS]
    assert {mail.domain for mail in mails} == set(scenario.domains)
    back = [mail for mail in played.mails.values() if mail.back is not None and mail.back - mail.sent <= ON_TIME]
    (down,) = [own for own in scenario.own if own.kind == "receive_down"]
    assert any(mail.ours == down.id for mail in back)
    over = [mail for mail in back if mail.sent < scenario.end - 2 * ON_TIME]
    assert len(over) <= played.counted["ontime_num"] <= len(back)
    assert not played.errors


def test_people_are_told() -> None:
    """Of the troubles of the day, by mail and by topic, within it."""
    scenario, played = _small()
    assert {notice.channel for notice in played.notices} == {"mail", "topic"}
    assert all(scenario.end - DAY < notice.at <= scenario.end for notice in played.notices)
    assert played.mailed


def test_mail_and_topic_tell_of_the_same() -> None:
    """Even if the fault is ours, with one record for all its times: none counts as one without an outage."""
    scenario, played = _small()
    by = {channel: {it.incident for it in played.notices if it.channel == channel} for channel in ("mail", "topic")}
    assert any(incident.startswith("self-check-") for incident in by["mail"])
    assert by["mail"] == by["topic"]
    assert of_product(scenario, played).ours_false == 0


def test_nothing_stays_replaced() -> None:
    """After a play PynamoDB asks AWS as before, and the product's modules are whole."""
    _small()
    assert vars(base.Connection)["_make_api_call"].__module__ == base.__name__
    assert vars(Model)["from_raw_data"].__func__.__module__ == Model.__module__
    for module, name in ((fleet, "everyone"), (compose, "compose"), (mapping, "incident")):
        assert getattr(module, name).__module__.startswith(module.__name__)  # a file of it, in a package


def test_a_run_prints_one_object_and_is_the_same_in_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever order a process hashes in; the figures are those of this process."""
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    command = [sys.executable, "-m", "infra.simulation", *SMALL]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- our own interpreter
    found = json.loads(run.stdout)
    assert found.keys() >= EXPECTED
    here = figures([of_product(*_small())])
    assert {name: found[name] for name in here} == here
    assert [seed["seed"] for seed in found["seeds"]] == [1]


def test_one_file_alone_names_the_product() -> None:
    """When its modules move, only product.py must be changed."""
    modules = Path(sys.modules[Product.__module__].__file__ or "").parent.glob("*.py")
    assert {it.name for it in modules if "mxtrax." in it.read_text() or "from mxtrax" in it.read_text()} == {
        "product.py"
    }


def test_settings_are_those_of_the_product() -> None:
    """They change the notices; unknown ones are refused by name."""
    scenario, usual = _small()
    lenient = play(scenario, {"alarm_when": "limits", "open_after": 50})
    assert len(lenient.notices) < len(usual.notices)
    with pytest.raises(ValueError, match=r"Config has no open_afer; it has .*open_after"):
        play(scenario, {"open_afer": 2})


def test_the_simple_rules_differ_as_they_should() -> None:
    """Patience costs time and spares false alarms; a retest each minute wins time; early witnesses win most of all."""
    scenario = draw.draw(2, domains=14, days=1, interval=15)
    found = {name: figures([it]) for name, it in {**rivals.compare(scenario), **sketch.compare(scenario)}.items()}
    one, three, asked = found["one miss"], found["3 misses"], found["3 misses, retest 1 min"]
    assert three["false"] < one["false"]
    assert one["p50_s"] < asked["p50_s"] < three["p50_s"]
    early, calm = found["sketch: evidence, early retests"], found["sketch without early retests"]
    assert early["p50_s"] < calm["p50_s"]
    assert early["false"] < one["false"]
    assert one["tests_over_regular"] <= 1 < asked["tests_over_regular"] < early["tests_over_regular"] + 1


def test_stories_and_tables_say_what_happened() -> None:
    """For a false or late alarm its tests, the notices, the truth; for each kind of trouble a row."""
    scenario, _ = _small()
    played = play(scenario, {"alarm_when": "limits"})
    score = of_product(scenario, played)
    said = "\n".join(stories(score, played, 1))
    assert ">>> OPEN" in said
    assert {line.split(":")[0] for line in said.splitlines() if line.startswith("== ")}
    kinds, ours, _ = tables([score], {**figures([score])})
    assert list(kinds.columns[0].cells) == sorted({it.kind for it in scenario.troubles if not it.declared})
    assert list(ours.columns[0].cells) == sorted({it.kind for it in scenario.own})
