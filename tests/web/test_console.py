"""The console's files, as a browser is given them."""

import base64
import gzip
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mxtrax import admin
from mxtrax.model import Kind
from mxtrax.rules.causes_table import CAUSES
from mxtrax.runtime.environment import Settings
from mxtrax.web.console import Console

FILES = Path(__file__).parents[2] / "functions" / "console"
SETTINGS = Settings(tables="t-", sign_in="https://cognito-idp.eu-west-1.amazonaws.com/", client="client-1")


@pytest.fixture
def console() -> Console:
    """Give the project's own console."""
    return Console(FILES, SETTINGS)


def get(console: Console, path: str, **headers: str) -> dict[str, Any]:
    """Ask for a path."""
    return console.answer({"rawPath": path, "headers": headers})


def text(answer: dict[str, Any]) -> str:
    """Read a body, packed or not."""
    if answer["isBase64Encoded"]:
        return gzip.decompress(base64.b64decode(answer["body"])).decode()
    return str(answer["body"])


def test_everything_that_the_first_page_names_is_there(console: Console) -> None:
    """Each file that the first page asks for is served under its path, as what it is."""
    first = get(console, "/")
    assert first["statusCode"] == 200
    assert first["headers"]["Content-Type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="([^"]+)"', text(first))
    assert len(named) > 10
    for name in named:
        answer = get(console, f"/{name}")
        assert (answer["statusCode"], name) == (200, name)
        kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        assert answer["headers"]["Content-Type"].startswith(kinds[Path(name).suffix])


def test_files_are_kept_for_good_under_a_path_that_names_their_content(console: Console, tmp_path: Path) -> None:
    """The first page is asked for again each time; what it names never changes under its path."""
    assert get(console, "/")["headers"]["Cache-Control"] == "no-cache"
    assert "immutable" in get(console, f"/console/{console.version}/style.css")["headers"]["Cache-Control"]
    (tmp_path / "index.html").write_text("one")
    before = Console(tmp_path, SETTINGS).version
    (tmp_path / "index.html").write_text("two")
    assert Console(tmp_path, SETTINGS).version != before


def test_what_has_not_changed_is_not_sent_again(console: Console) -> None:
    """A browser that has the first page already gets a 304."""
    etag = get(console, "/")["headers"]["ETag"]
    again = get(console, "/", **{"If-None-Match": f"W/{etag}"})
    assert (again["statusCode"], again["body"]) == (304, "")


def test_files_are_packed_for_whoever_takes_that(console: Console) -> None:
    """A packed file is the same file."""
    path = f"/console/{console.version}/style.css"
    packed, plain = get(console, path, **{"accept-encoding": "gzip, br"}), get(console, path)
    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain["headers"]
    assert text(packed) == text(plain)


def test_the_policy_allows_nothing_but_our_host_and_the_user_pool(console: Console) -> None:
    """No inline script or style, no other host, no frame, and no text that is read as HTML."""
    for path in ("/", f"/console/{console.version}/app.js", "/nothing"):
        headers = get(console, path)["headers"]
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["connect-src"] == "'self' https://cognito-idp.eu-west-1.amazonaws.com"
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["trusted-types"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_where_people_sign_in_on_the_pools_own_pages_no_other_host_is_asked() -> None:
    """The page may ask those for tokens, and no longer the pool's API."""
    login = "https://mxtrax-1.auth.eu-west-1.amazoncognito.com"
    managed = Console(FILES, replace(SETTINGS, login=login))
    first = get(managed, "/")
    policy = dict(part.split(" ", 1) for part in first["headers"]["Content-Security-Policy"].split("; "))
    assert policy["connect-src"] == "'self' https://mxtrax-1.auth.eu-west-1.amazoncognito.com"
    assert '<meta name="login" content="https://mxtrax-1.auth.eu-west-1.amazoncognito.com">' in text(first)


def test_no_page_brings_script_or_style_of_its_own() -> None:
    """The first page holds no inline script, style or handler, and names no other host."""
    page = (FILES / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    everything = "".join(path.read_text() for path in FILES.rglob("*") if path.is_file())
    assert set(re.findall(r"https?://[^\s\"'`)]+", everything)) <= {"http://www.w3.org/2000/svg"}
    assert "innerHTML" not in everything


@pytest.mark.parametrize(
    "path",
    [
        "/console/0000/app.js",
        "/console/{version}/../api.py",
        "/console/{version}/%2e%2e/api.py",
        "/console/{version}/index.html",
        "/console/{version}//etc/passwd",
        "/console/{version}/",
        "/console",
        "/dash/",
        "/api/v3/overview",
        "/favicon.ico",
    ],
)
def test_nothing_else_is_served(console: Console, path: str) -> None:
    """Anything but a file of the console is a 404, however it is requested."""
    assert get(console, path.format(version=console.version))["statusCode"] == 404


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/dash/user@domain.com/", "../../#/domains/user@domain.com"),
        ("/dash/user@domain.com", "../#/domains/user@domain.com"),
        ("/dash/us%3Fer%22%3E@domain.com/", "../../#/domains/us%3Fer%22%3E@domain.com"),
        ("/dash/%0d%0aSet-Cookie:x@domain.com/", "../../#/domains/%0D%0ASet-Cookie%3Ax@domain.com"),
    ],
)
def test_the_links_of_the_wiki_lead_to_the_page_of_their_domain(console: Console, path: str, there: str) -> None:
    """/dash/<user@domain>/ redirects to the page of that domain, whatever is in the address."""
    answer = get(console, path)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (302, there)


def test_the_first_load_weighs_less_than_60_kb_packed(console: Console) -> None:
    """Whatever the first page names; other pages come when they are opened."""
    first = text(get(console, "/"))
    named = set(re.findall(r'(?:src|href)="([^"]+)"', first))
    assert not any("pages/domain.js" in name for name in named)
    there = [get(console, path, **{"accept-encoding": "gzip"}) for path in ("/", *(f"/{name}" for name in named))]
    assert all(it["isBase64Encoded"] or len(it["body"]) < 2_000 for it in there)
    assert sum(len(base64.b64decode(it["body"]) if it["isBase64Encoded"] else it["body"]) for it in there) < 60_000


def test_the_console_keeps_no_words_of_causes() -> None:
    """They come from the API, beside each cause: said in one place, they cannot differ."""
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FILES.rglob("*.js"))
    assert [it.words for it in CAUSES.values() if it.words in scripts] == []


def test_the_console_knows_what_to_do_about_unmatched_mail_of_every_kind() -> None:
    """A kind that the reader learns has its words here, too."""
    table = (
        (FILES / "pages" / "unmatched.js")
        .read_text(encoding="utf-8")
        .partition("const KINDS = {")[2]
        .partition("};")[0]
    )
    assert set(re.findall(r'^  "?([a-z-]+)"?: \[', table, re.MULTILINE)) == {kind.value for kind in Kind}


def test_the_console_has_words_for_every_change_that_the_audit_keeps() -> None:
    """Every action in `admin/` is shown as a sentence, not by its name."""
    rooms = (Path(admin.__file__).parent, Path(admin.__file__).parents[4] / "infra" / "cli")
    sources = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    done = set(re.findall(r'entry\(\s*\w+(?:\.\w+)?,\s*\w+(?:\.\w+\(\))?,\s*"([a-z]+\.[a-z-]+)"', sources))
    told = set(
        re.findall(r'^  "([a-z]+\.[a-z-]+)": "', (FILES / "pages" / "audit.js").read_text("utf-8"), re.MULTILINE)
    )
    assert len(done) > 15
    assert done <= told
