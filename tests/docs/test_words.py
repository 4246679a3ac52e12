"""What people and developers read is in the trade's words: words that are not English, or too vague, must not appear."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]

NOT_SAID: Final = {
    r"may nothing": "has no access",
    r"whoever": "anybody who, or the person's role",
    r"put off": "deferred",
    r"mend(s|ed|ing)?": "fix, correct",
    r"a failing(?! (channel|domain))": "a failure",
    r"what is told|to be told|is told of|are told of": "what is notified, the settings of",
    r"is not spoken": "is not supported",
    r"(SES|server|it) took it": "accepted it",
    r"anew": "again, afresh",
    r"stands? still": "has stopped, is not updated",
    r"where nothing is said|as the settings say": "by default, as in the settings",
    r"takes? no notices": "does not deliver",
    r"tries ran out|taken for spam": "retries exhausted, classified as spam",
    r"(tells?|told) of": "reports, notified of",
    r"speaks? of|spoken of": "mentions, is about",
    r"also (where|when|if|behind)": "even if",
    r"held against": "compared with, counts against",
    r"hangs on": "depends on",
    r"is anybody's to": "anybody can",
    r"in the place of": "instead of",
    r"(stands?|lies?) in (the|an?) (bucket|file|index|list|log|queue|record|settings|table)": "is in",
    r"so many (days|hours|minutes|seconds)": "this many",
    r"with (blanks|commas) between": "separated by",
    r"nought|reckoned|made good|as good as none": "zero, calculated, made up for, counts as missing",
    r"(?<=\. )who (?!is\b|are\b)\w+s(?= [^.?]*\.)": "somebody who, or the person's role",
}
"""Words, and what is said instead."""

NOT_WRITTEN: Final = NOT_SAID | {
    r"tell whether": "say whether",
    r"handed on|hands it on|hand on (the|a|its)": "forwarded, passed on",
    r"puts? (it|them|(all )?mails?) off|puts? off": "defers",
    r"but for (the|a|an|what|those|its)": "except",
    r"(is|are) to be told|(is|are) told (of|at once|once|as)": "is notified of, is reported",
    r"also where": "even if",
    r"of before": "earlier",
    r"from here on": "within this context",
    r"as good as": "counts as",
    r"quickest": "fastest",
    r"the how manieth|so many (rounds|lives|mails|tests|misses)": "which, this many",
    r"tells? of|took it|takes? mail": "reports, accepted it, accepts mail",
}
"""Words of docstrings and comments, and what is written instead."""

DOCUMENTS: Final = (
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
TEMPLATES: Final = (ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml")))
MODULES: Final = sorted(
    path for room in ("layers", "infra", "functions", "tests") for path in (ROOT / room).rglob("*.py")
)
COMMANDS: Final = sorted((ROOT / "infra" / "cli" / "commands").rglob("*.py"))
CONSOLE: Final = sorted((ROOT / "functions" / "console").rglob("*.js"))
SENTENCES: Final = sorted(
    path
    for room in (
        *(
            f"layers/mxtrax/mxtrax/{name}"
            for name in ("admin", "api", "jobs", "notify", "report", "rules", "store", "web")
        ),
        *(f"infra/{name}" for name in ("bench", "cli", "demo", "local")),
    )
    for path in (ROOT / room).rglob("*.py")
    if path not in COMMANDS
)


def _in_python(path: Path, *, docstrings: bool) -> Iterator[str]:
    """Give the texts of a module: those that are shown, and, of a command, its help."""
    tree = ast.parse(path.read_text())
    notes = {
        id(each.body[0].value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and each.body
        and isinstance(each.body[0], ast.Expr)
    }
    bare = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            note = id(each) in notes or id(each) in bare
            if docstrings or not note:
                yield each.value


def _texts(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".py":
            return "\n".join(_in_python(path, docstrings=path in COMMANDS))
        case ".js":
            bare = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
            return "\n".join(re.findall(r'"[^"\n]*"|`[^`]*`', bare))
        case ".yaml":
            return "\n".join(re.sub(r"(^|\s)#.*", "", line) for line in text.splitlines())
    return text


@pytest.mark.parametrize(
    "path", [*DOCUMENTS, *TEMPLATES, *COMMANDS, *CONSOLE, *SENTENCES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_text_has_a_word_that_no_operator_would_say(path: Path) -> None:
    """Each with what is said instead."""
    text = " ".join(_texts(path).split())
    found = {word: instead for word, instead in NOT_SAID.items() if re.search(rf"\b({word})\b", text, re.IGNORECASE)}
    assert found == {}


def _notes(path: Path) -> str:
    """Give a module's docstrings and comments."""
    text = path.read_text()
    said = [
        each.value.value
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*said, *(each.string.lstrip("# ") for each in tokens if each.type == tokenize.COMMENT)])


def test_no_note_has_a_word_that_no_developer_would_write() -> None:
    """Neither a docstring nor a comment; each is listed with what is written instead."""
    words = {re.compile(rf"\b({word})\b", re.IGNORECASE): instead for word, instead in NOT_WRITTEN.items()}
    found = []
    for path in MODULES:
        text = " ".join(_notes(path).split())
        found += [
            (f"{path.relative_to(ROOT)}: {hit[0]}", instead)
            for word, instead in words.items()
            for hit in word.finditer(text)
        ]
    assert found == []
