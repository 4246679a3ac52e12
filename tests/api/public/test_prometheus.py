"""The metrics, the rules and the dashboard, checked by Prometheus itself."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import boto3
import pytest

from mxtrax.model import SECOND, Cause, Incident, MailTest, Verdict
from mxtrax.rules import counters
from mxtrax.rules.vitals import LOOP
from mxtrax.runtime.environment import Settings
from mxtrax.store import mapping, runtime
from tests.api.client import NOW, Client
from tests.api.stored import add_failing, fail
from tests.stack import ROOT, template

RULES = ROOT / "infra/observability/alerts.yaml"
DASHBOARD = ROOT / "infra/observability/dashboard.json"
PATIENCE = 30.0
"""Seconds that Prometheus may take to start and to scrape; it takes two."""


def _program(name: str) -> str:
    """Give the path of a program of Prometheus. Without it a person's tests are skipped and CI's fail."""
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip("Prometheus is not installed (.ci/run installs it).")
    assert found, "Prometheus is not installed (.ci/run installs it)."
    return found


def _run(*command: str, text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 -- promtool
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def busy(client: Client) -> Iterator[Client]:
    """Give a client of a monitor with values in every metric."""
    fail(domain := add_failing())
    mapping.incident_row(Incident(id="2", maildomain=domain.key, opened=NOW, due=NOW, cause=Cause.NO_WORD)).save()
    for took in (800, 42_000):
        test = MailTest(testid="t", maildomain="d", sendtime=NOW, maxreturntime=300, max_sec_until_fail=86_400)
        runtime.count_tests(counters.of(replace(test, receivetime=NOW + took), Verdict.ONTIME), NOW)
    runtime.count_tests(counters.of(test, Verdict.OVERDUE), NOW)
    for job in ("plan", "send", "aggregate", "alert", "watch", LOOP):
        runtime.heartbeat(job, NOW - 30 * SECOND)
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="send-dead")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="{}")
    settings = Settings(tables="t-", user_pool=client.settings.user_pool, dead_queues=f"send={queue}")
    yield replace(client, settings=settings)
    sqs.delete_queue(QueueUrl=queue)


def _plain(client: Client) -> str:
    """Give what curl gets."""
    return client.ask("GET", "/metrics", headers={"accept": "*/*"}).body


def test_promtool_has_nothing_to_say_against_the_metrics(busy: Client) -> None:
    """They can be read, and their names follow the conventions."""
    assert _run(_program("promtool"), "check", "metrics", text=_plain(busy)) == ""


def test_each_rule_rings_where_it_should_and_none_where_all_is_well() -> None:
    """By promtool's own tests of rules; each rule is among them."""
    promtool, tests = _program("promtool"), Path(__file__).with_name("rules.yaml")
    _run(promtool, "check", "rules", str(RULES))
    _run(promtool, "test", "rules", str(tests))
    names = [rule["alert"] for group in template(str(RULES))["groups"] for rule in group["rules"]]
    assert [name for name in names if name not in tests.read_text()] == []


def test_rules_and_dashboard_name_what_there_is(busy: Client) -> None:
    """A metric or a label that is renamed would leave a rule that never rings, and an empty graph."""
    text = _plain(busy)
    there = set(re.findall(r"^(mxtrax_\w+)", text, re.MULTILINE))
    for path in (RULES, DASHBOARD):
        assert set(re.findall(r"mxtrax_\w+", path.read_text())) <= there, path
    known = {*re.findall(r'[{,](\w+)="', text), "instance"}
    used = re.findall(r"[{,](\w+)=~?\\?\"", RULES.read_text() + DASHBOARD.read_text())
    assert set(used) <= known


def test_prometheus_scrapes_evaluates_and_draws_it_all(busy: Client, tmp_path: Path) -> None:
    """A real one: the rules find the failing domain and the dead letter, and no panel of the dashboard is empty."""
    with _served(busy) as port, _prometheus(tmp_path, port) as ask:
        _until(lambda: ask("query?query=mxtrax_healthy")["result"])
        _until(lambda: _firing(ask) >= {"MxtraxDomainFailing", "MxtraxDeadLetters"})
        assert all(rule["health"] == "ok" for group in ask("rules")["groups"] for rule in group["rules"])
        assert not _firing(ask) & {"MxtraxAbsent", "MxtraxJobSilent", "MxtraxSlow"}
        names = ask('query?query={__name__="mxtrax_job_age_seconds",function="plan"}')["result"]
        assert [it["metric"]["job"] for it in names] == ["mxtrax"]
        _until(lambda: not _empty_panels(ask))


def _empty_panels(ask: Any) -> list[str]:
    targets = [it for panel in json.loads(DASHBOARD.read_text())["panels"] for it in panel["targets"]]
    asked = [it["expr"].replace("$instance", ".*") for it in targets]
    assert len(asked) > 10
    return [expr for expr in asked if not ask(f"query?query={quote(expr)}")["result"]]


def _firing(ask: Any) -> set[str]:
    return {it["labels"]["alertname"] for it in ask("alerts")["alerts"] if it["state"] == "firing"}


def _until(holds: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@contextmanager
def _served(client: Client) -> Iterator[int]:
    """Serve the metrics on a local port, one request after the other."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                answer = client.ask("GET", self.path, headers={"accept": self.headers["Accept"]})
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as it is called there
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=partial(server.serve_forever, 0.05))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _prometheus(folder: Path, scraped: int) -> Iterator[Any]:
    """Run a Prometheus that scrapes a port twice a second; give a way to ask it."""
    port = _free_port()
    settings = folder / "prometheus.yml"
    settings.write_text(f"""
global: {{scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms}}
rule_files: [{RULES}]
scrape_configs:
  - job_name: mxtrax
    static_configs: [{{targets: ["127.0.0.1:{scraped}"]}}]
""")
    command = [
        _program("prometheus"),
        f"--config.file={settings}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:  # noqa: S603

        def ask(path: str) -> Any:
            with (
                suppress(URLError, ConnectionError),
                urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=5) as it,
            ):
                return json.loads(it.read())["data"]
            assert running.poll() is None, (folder / "log").read_text()
            return {"result": [], "alerts": [], "groups": []}

        try:
            yield ask
        finally:
            running.terminate()


def _free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_address[1]
