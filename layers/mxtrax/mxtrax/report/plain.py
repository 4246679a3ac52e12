"""The alert mail as text."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from mxtrax.report.page import Page, Row
from mxtrax.report.stories import Story
from mxtrax.report.words import sentence

WIDTH: Final = 76
"""Columns of the text (RFC 5322, section 2.1.1, asks for at most 78)."""


def render(page: Page) -> str:
    """Set the page as text."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    for headline in page.headlines:
        yield from _wrapped(headline)
    for group in page.groups:
        yield from _heading(group.title)
        for story in group.stories:
            yield from (*_story(story), "")
        if group.more:
            yield f"And {group.more:,} more."
    if page.full:
        yield from _heading("All domains")
        yield from _wrapped(page.basis)
        yield from ("", *_pairs(page.totals), "", *_pairs(page.limits))
        yield from _heading("Each domain, worst first")
        for row in page.rows:
            yield from (*_row(row), "")
    for note in page.notes:
        yield from _wrapped(note)


def _story(story: Story) -> Iterator[str]:
    yield _named(story.address, story.customer)
    yield from _wrapped(f"Cause: {sentence(story.cause)}", "  ")
    for each in (story.evidence, *story.sentences):
        yield from _wrapped(each, "  ")
    for member in story.members:
        yield from _wrapped(f"- {member}", "  ")
    yield from _wrapped(story.meaning, "  ")
    for number, step in enumerate(story.steps, 1):
        yield from _wrapped(f"{number}. {step}", "  ")
    if story.link:
        yield f"  {story.link}"
    if story.act:
        yield f"  {story.act_words}: {story.act}"


def _row(row: Row) -> Iterator[str]:
    yield _named(row.address, row.customer)
    yield f"  Failing: {'YES' if row.failing else 'NO'}"
    for label, (number, rate) in (("On time", row.ontime), ("Late", row.late), ("Did not return", row.missed)):
        yield f"  {label}: {number} ({rate})"
    yield f"  Average delivery time: {row.average}"
    for note in row.notes:
        yield from _wrapped(note, "  ")


def _named(address: str, customer: str) -> str:
    return f"{address}, {customer}" if customer else address


def _heading(title: str) -> tuple[str, ...]:
    return ("", title.upper(), "-" * len(title), "")


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label}: {value}" for label, value in pairs]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
