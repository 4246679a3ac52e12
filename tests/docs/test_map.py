"""What the documents point at is there: files, folders, names in them, links and their anchors."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mxtrax.store.tables import TABLES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "mxtrax" / "mxtrax"
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(DECISIONS.glob("*.md")),
)
FROM = (ROOT, PACKAGE, ROOT / "infra")
"""Where a path in a document may begin: the project, its package, and what is around it."""

PLACE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
SUFFIXES = (".py", ".js", ".yaml", ".toml", ".html", ".css", ".csv", ".md")
NAME = re.compile(r"((?:\w+/)*\w+)\.(\w+)")
IN_THE_BUCKET = {"unmatched/"}
FROM_A_CHECKOUT = {".mxtrax/", ".tools/", ".venv/", "fleet.csv"}
"""What is not in the project, but is created beside it."""


def _marked(document: Path) -> list[str]:
    """Give the text between backticks, outside code blocks."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", text)]


def _places(document: Path) -> Iterator[str]:
    for word in _marked(document):
        named = NAME.fullmatch(word) and not word.endswith(SUFFIXES)
        if (
            PLACE.fullmatch(word)
            and ("/" in word or word.endswith(SUFFIXES))
            and not named
            and word not in IN_THE_BUCKET
        ):
            yield word


def _is_there(place: str) -> bool:
    return place in FROM_A_CHECKOUT or any((start / place).exists() for start in FROM)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_named_in_a_document_exists(document: Path) -> None:
    """After a file was moved, this shows where it is mentioned."""
    assert [place for place in _places(document) if not _is_there(place)] == []


@cache
def _named(path: Path) -> set[str]:
    """Give what is defined at the top of a module."""
    found = set[str]()
    for each in ast.parse(path.read_text()).body:
        match each:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)):
                found.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {alias.asname or alias.name for alias in names}
            case _:
                pass
    return found


def test_every_name_that_the_map_gives_of_a_module_is_defined_there() -> None:
    """Such as `schedule.is_due`; a module may be named without its room."""
    wrong = []
    for word in _marked(ROOT / "docs" / "map.md"):
        if not (found := NAME.fullmatch(word)) or word.endswith(SUFFIXES):
            continue
        module, name = found[1], found[2]
        there = [
            *PACKAGE.glob(f"{module}.py"),
            *PACKAGE.glob(f"*/{module}.py"),
            *PACKAGE.glob(f"**/{module}/__init__.py"),
        ]
        if not any(name in _named(path) for path in there):
            wrong.append(word)
    assert wrong == []


def _anchor(title: str) -> str:
    """Turn a title into its anchor."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _anchors(document: Path) -> list[str]:
    return [_anchor(title) for title in re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    """To a file, and to a title in it."""
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        to = (document.parent / path).resolve() if path else document
        if not to.exists() or (anchor and anchor not in _anchors(to)):
            wrong.append(link)
    assert wrong == []


def test_every_recipe_names_at_most_six_files() -> None:
    """A change that needs more files has no good place yet."""
    text = (ROOT / "docs" / "map.md").read_text().partition("# Where does it go?")[2].partition("\n# ")[0]
    recipes = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert len(recipes) == 14
    for recipe in recipes:
        steps = re.findall(r"^\d+\. `([^`]+)`", recipe, flags=re.MULTILINE)
        assert 2 <= len(steps) <= 6, recipe


def test_every_decision_has_a_date_and_a_title_of_its_own() -> None:
    """And its file is in the index."""
    index = (DECISIONS / "README.md").read_text()
    titles = []
    for document in DECISIONS.glob("*.md"):
        if document.name == "README.md":
            continue
        assert f"({document.name})" in index
        entries = re.split(r"^### ", document.read_text(), flags=re.MULTILINE)[1:]
        assert entries
        for entry in entries:
            title, dated, *_ = entry.splitlines()
            assert re.fullmatch(r"\d{4}-\d\d-\d\d(, corrected \d{4}-\d\d-\d\d)?", dated), title
            titles.append(_anchor(title))
    assert len(titles) == len(set(titles))


def _rows(heading: str) -> list[list[str]]:
    """Give the cells of the table below a heading of the map."""
    text = (ROOT / "docs" / "map.md").read_text().partition(f"# {heading}\n")[2].partition("\n# ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_rooms_stand_in_the_order_of_their_imports() -> None:
    """As import-linter holds them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (layers,) = (it["layers"] for it in project["tool"]["importlinter"]["contracts"] if it["id"] == "rooms")
    held = [{room.strip() for room in layer.split("|")} for layer in reversed(layers)]
    told = [
        {room.strip("/").removesuffix(".py") for room in re.findall(r"`([^`]+)`", row[0])} for row in _rows("The rooms")
    ]
    assert told == held


def test_the_records_are_the_tables_with_their_indexes() -> None:
    """Each table and each way to find a record."""
    indexes = {name: {index.Meta.index_name for index in table._indexes.values()} for table, name in TABLES.items()}
    told = {row[0]: set(re.findall(r"`([^`]+)`", row[2])) for row in _rows("The records")}
    assert told == indexes
