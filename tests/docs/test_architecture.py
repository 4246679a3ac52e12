"""The pictures of ARCHITECTURE.md show what is there: the functions and queues of the template, the imports of the rooms."""

import re
from pathlib import Path
from typing import Final

import grimp

from tests.stack import template

PICTURES: Final = re.findall(
    r"^```mermaid\n(.*?)^```", (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text(), re.DOTALL | re.MULTILINE
)
EVERYBODYS: Final = {"model", "errors", "frozen", "lazily", "runtime", "edge"}

type Arrow = tuple[str, str]


def _of_type(kind: str) -> set[str]:
    return {name for name, it in template()["Resources"].items() if it["Type"] == kind}


def test_every_function_and_every_work_queue_is_in_the_picture() -> None:
    """By its name in the template; dead-letter queues are left out."""
    bare = re.sub(r"\(\[.*?\]\)|\[\(.*?\)\]|\(.*?\)|\|.*?\|", "", PICTURES[0])  # without the boxes' content
    shown = set(re.findall(r"\b[A-Z]\w+\b", bare)) - {"LR"}
    functions = {name.removesuffix("Function") for name in _of_type("AWS::Serverless::Function")}
    queues = {name for name in _of_type("AWS::SQS::Queue") if not name.endswith("DeadQueue")}
    assert shown - {"SES", "Bucket", "Gateway"} == functions | queues


def _imports() -> set[Arrow]:
    """Give which room imports which."""
    graph, arrows = grimp.build_graph("mxtrax"), set[Arrow]()
    for module in graph.modules - {"mxtrax"}:
        here = module.split(".")[1]
        for other in graph.find_modules_directly_imported_by(module) - {"mxtrax"}:
            there = other.split(".")[1]
            if here != there and not EVERYBODYS & {here, there}:
                arrows.add((here, there))
    return arrows


def _leads(arrows: set[Arrow], start: str, end: str) -> bool:
    """Say whether a way of two arrows or more leads from one room to another."""
    steps = {there for here, there in arrows if here == start and there != end}
    return any((step, end) in arrows or _leads(arrows, step, end) for step in steps)


def test_the_rooms_arrows_are_the_imports() -> None:
    """All imports that do not follow from others."""
    arrows = _imports()
    needed = {f"{here} --> {there}" for here, there in arrows if not _leads(arrows, here, there)}
    assert {line.strip() for line in PICTURES[1].splitlines()[1:]} == needed
