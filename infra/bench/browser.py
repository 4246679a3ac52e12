"""How long the list of domains takes to show its first rows in Chromium: console and API on one loopback port."""

import base64
import gzip
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, sync_playwright

from infra.bench.figure import Figure
from infra.bench.size import Size
from infra.local import serving
from mxtrax.api import answer
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings
from mxtrax.web import status
from mxtrax.web.console import Console

FILES: Final = Path(__file__).parents[2] / "functions" / "console"
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
AIM: Final = 1.0
"""Seconds from opening the page to its first rows, in a browser with nothing cached."""

CLAIMS: Final[Mapping[str, Any]] = {"username": "bench", "cognito:groups": ["viewer"]}

_NOTE: Final = """
localStorage.setItem("mxtrax.session", SESSION);
new MutationObserver((_, it) => {
  if (!document.querySelector("tbody tr")) return;
  it.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstRows = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
"""Be signed in, and record when the first rows have been painted."""

_NOTED: Final = """new Promise((tell) => {
  const look = () => (window.firstRows ? tell(window.firstRows) : setTimeout(look, 20));
  look();
})"""


def figures(size: Size, now: Millis, settings: Settings) -> Iterator[Figure]:
    """Measure the list of domains in the tables."""
    domains, rounds = size.fleet, size.rounds
    what = f"domains in Chromium, empty cache, first rows of {domains:,} domains"
    program = shutil.which("chromium")
    if program is None:
        yield Figure(what, "chromium is not installed")
        return
    with served(now, settings) as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        _first_rows(chromium, url)
        times = sorted(_first_rows(chromium, url) for _ in range(rounds))
        with served(now, settings, of_one=True) as almost_empty:
            _first_rows(chromium, almost_empty)
            empty = sorted(_first_rows(chromium, almost_empty) for _ in range(rounds))
        chromium.close()
    p50, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
    yield Figure(what, f"p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms", f"p95 under {AIM:.0f} s", p95 < AIM)
    ratio = p50 / quantiles(empty, n=20)[9]
    what = f"  p50, {domains:,} domains asked of the API, against the same page with one row that is there at once"
    yield Figure(what, f"{ratio:.2f}", "at most 1.5", ratio <= 1.5).named(first_rows_ratio=round(ratio, 2))


def session() -> str:
    """Give what the console stores for somebody who is signed in."""
    access = ".".join(("", base64.b64encode(json.dumps(CLAIMS).encode()).decode().rstrip("="), ""))
    return json.dumps({"access": access, "refresh": None, "until": 10**14})


def _first_rows(chromium: Browser, url: str) -> float:
    """Give the seconds until the first rows are there, on a first visit."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.add_init_script(_NOTE.replace("SESSION", json.dumps(session())))
        page = context.new_page()
        page.goto(f"{url}#/domains")
        return float(page.evaluate(_NOTED)) / 1000


@contextmanager
def served(now: Millis, settings: Settings, *, of_one: bool = False) -> Iterator[str]:
    """Serve console, public pages and API as API Gateway does, to a viewer who needs no sign-in.

    With `of_one`, the API's answers are cached, and lists have one row.
    """
    told = dict[str, dict[str, Any]]()
    console = Console(FILES, settings)
    lock = threading.Lock()  # a Lambda worker answers one request at a time

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            event = _event(parts.path, parts.query, {name.lower(): value for name, value in self.headers.items()})
            ours = parts.path.startswith("/api/")
            with lock:
                if parts.path.startswith("/status/"):
                    got = status.answer(event, now, settings.minute_seconds)
                elif not ours:
                    got = console.answer(event)
                elif of_one and self.path in told:
                    got = told[self.path]
                else:
                    got = answer(event, now, settings)
                    told[self.path] = got = _cut(got) if of_one else got
            self._send(got)

        def _send(self, got: dict[str, Any]) -> None:
            body = base64.b64decode(got["body"]) if got.get("isBase64Encoded") else got["body"].encode()
            with suppress(ConnectionError):  # a closed page does not wait for its answers
                self.send_response(got["statusCode"])
                for name, value in {**got["headers"], "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
            """Log nothing."""

    with serving.served(Handler, "console") as url:
        yield f"{url}/"


def _cut(got: dict[str, Any]) -> dict[str, Any]:
    """Leave one row of an answer that is a list."""
    body = got["body"]
    if got.get("isBase64Encoded"):
        body = gzip.decompress(base64.b64decode(body)).decode()
    it = json.loads(body)
    rows = {name: value[:1] for name, value in it.items() if isinstance(value, list)} if isinstance(it, dict) else {}
    headers = {name: value for name, value in got["headers"].items() if name.lower() != "content-encoding"}
    return {**got, "body": json.dumps({**it, **rows} if rows else it), "isBase64Encoded": False, "headers": headers}


def _event(path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    groups = f"[{' '.join(CLAIMS['cognito:groups'])}]"
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers),
        "requestContext": {
            "stage": "$default",
            "http": {"method": "GET", "path": path},
            "authorizer": {"jwt": {"claims": {**CLAIMS, "cognito:groups": groups}}},
        },
        "queryStringParameters": dict(parse_qsl(query)),
        "isBase64Encoded": False,
    }
