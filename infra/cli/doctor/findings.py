"""What a check of one part of a deployment finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How serious a finding is. Only a problem makes `mxtrax doctor` end with exit code 1."""

    GOOD = "ok"
    NOTE = "note"
    PROBLEM = "PROBLEM"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found and what to do, in one sentence."""

    state: State
    sentence: str


def good(sentence: str) -> Finding:
    """Say that all is well."""
    return Finding(State.GOOD, sentence)


def note(sentence: str) -> Finding:
    """Say what people should know."""
    return Finding(State.NOTE, sentence)


def problem(sentence: str) -> Finding:
    """Say what is wrong, and what to do."""
    return Finding(State.PROBLEM, sentence)
