"""Clients generated from the OpenAPI document work: the same twelve calls in Python and in TypeScript."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from threading import Thread
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from mxtrax.api import openapi
from tests.api.gateway import Gateway

HERE: Final = Path(__file__).parent
TOOLS: Final = HERE.parents[2] / ".tools"
NODE: Final = TOOLS / "node" / "bin"
NPM: Final = TOOLS / "npm" / "node_modules"

SAID: Final = {
    "overview": 3,
    "domains": ["domain1.com", "domain2.com", "domain3.com"],
    "domain": "user@domain1.com",
    "tests": ["pending"],
    "days": "2025-11-22",
    "fleet": 0,
    "incidents": "1-1",
    "config": 300,
    "health": 200,
    "customer": ["beta", 1],
    "mailbox": "user@new.example",
    "missing": ["Problem", 404],
}
"""What twelve calls find; the fleet's sums are made once an hour, and none has been made yet."""

LEFT_OUT: Final = ("GET /metrics", "POST /api/v3/maildomains/import")
"""What openapi-python-client does not support: Prometheus's text, and a CSV file as a body."""


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name there
        """Log nothing."""


@pytest.fixture
def url(gateway: Gateway) -> Iterator[str]:
    """Serve the API on loopback."""
    with make_server("127.0.0.1", 0, gateway, handler_class=_Silent) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Write the document where the generators find it."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(openapi.document()))
    return path


def _tool(path: Path) -> str:
    """Give a tool that `make test` sets up; without it, only CI is at fault."""
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip(f"{path.name} is not set up; make test does that")
    return str(path)


def _run(*words: str | Path, folder: Path) -> str:
    environment = {**os.environ, "PATH": f"{NODE}:{os.environ['PATH']}", "PYTHONPATH": str(folder)}
    done = subprocess.run(  # noqa: S603 -- our own tools
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_python_client(url: str, document: Path, tmp_path: Path) -> None:
    """Made by openapi-python-client, with a class for each named schema."""
    (tmp_path / "settings.yaml").write_text("post_hooks: []\n")
    generator = _tool(TOOLS / "clients" / "bin" / "openapi-python-client")
    output = tmp_path / "mxtrax_client"
    options = ("--meta", "none", "--config", "settings.yaml", "--output-path", output)
    told = _run(generator, "generate", "--path", document, *options, folder=tmp_path)
    assert told.count("WARNING") == sum(f"WARNING parsing {name} " in told for name in LEFT_OUT)
    said: Any = json.loads(_run(_tool(TOOLS / "clients/bin/python"), HERE / "calls.py", url, folder=tmp_path))
    assert said == SAID


def test_a_typescript_client(url: str, document: Path, tmp_path: Path) -> None:
    """Made by openapi-typescript, checked strictly, and run as it is."""
    (tmp_path / "node_modules").symlink_to(NPM)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    copy(HERE / "calls.ts", tmp_path)
    types = _run(_tool(NPM / ".bin/openapi-typescript"), document, folder=tmp_path)
    (tmp_path / "api.d.ts").write_text(types)
    strict = ("--strict", "--noEmit", "--module", "nodenext", "--target", "es2024", "--types", "node")
    _run(NPM / ".bin/tsc", *strict, "calls.ts", folder=tmp_path)
    said: Any = json.loads(_run(NODE / "node", "calls.ts", url, folder=tmp_path))
    assert said == SAID


def test_a_linter_of_openapi_finds_no_error(document: Path, tmp_path: Path) -> None:
    """Spectral, with its rules for OpenAPI; the trailing slashes are the wiki's, a contact is the operator's."""
    (tmp_path / ".spectral.yaml").write_text(
        'extends: ["spectral:oas"]\nrules: {path-keys-no-trailing-slash: off, info-contact: off}\n'
    )
    told = _run(_tool(NPM / ".bin/spectral"), "lint", document, "--fail-severity", "warn", folder=tmp_path)
    assert "No results" in told
