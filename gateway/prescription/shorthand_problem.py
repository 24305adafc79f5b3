"""What is wrong at one place of a line, and what was expected there.

Knows: the kinds of mistakes, and how a mistake is put into words by the room's catalogue.
May not know: how a line is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.prescription.words import WORDS


class Wrong(StrEnum):
    """What kind of mistake it is."""

    UNKNOWN = "unknown"  # a word that is in no table
    MISSING = "missing"  # something that must be said is not
    TWICE = "twice"  # said more than once
    CONTRADICTION = "contradiction"  # it does not go with the rest
    LIMIT = "limit"  # a number or date that cannot be


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`at`, `length`: characters of the line in NFC, from 0; `expected`: keys of the catalogue."""

    at: int
    length: int
    wrong: Wrong
    found: str
    expected: tuple[str, ...]


def say(problem: Problem, language: str) -> str:
    """The problem as one line. KeyError for a language that is not in the catalogue."""
    words = WORDS[language]
    expected = words["or"].join(words[f"expected.{key}"] for key in problem.expected)
    return words[f"wrong.{problem.wrong}"].format(
        place=problem.at + 1, found=problem.found, expected=expected
    )
