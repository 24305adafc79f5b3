"""A pharmacist's line is understood exactly, or it is said where and what was expected.

Knows: the table of lines that are good and the table of those that are not.
"""

from __future__ import annotations

import re
import unicodedata

import pytest

from gateway.prescription.medication import Medication
from gateway.prescription.shorthand import MOST_CHARACTERS, read
from gateway.prescription.shorthand_kinds import Kind
from gateway.prescription.shorthand_problem import Problem, Wrong, say
from gateway.prescription.shorthand_scan import compiled, scan
from gateway.prescription.shorthand_table import ROWS
from gateway.prescription.shorthand_text import text
from gateway.prescription.words import WORDS
from tests.gateway.prescription.bad_lines import BAD, Expected
from tests.gateway.prescription.good_lines import GOOD

LANGUAGES = ("ko", "en")


@pytest.mark.parametrize(("line", "wanted"), GOOD, ids=[line for line, _ in GOOD])
def test_good_line(line: str, wanted: Medication) -> None:
    """A good line says exactly this medication, and its text in both languages says it again."""
    assert read(line) == (line, wanted, ())
    for language in LANGUAGES:
        written = text(wanted, language)
        assert read(written) == (written, wanted, ())
        assert text(wanted, language) == written


def places(marked: str) -> tuple[str, list[tuple[int, str]]]:
    """The line without its «…», and where these stood."""
    found: list[tuple[int, str]] = []
    line = ""
    for part in re.split("(«[^»]*»)", marked):
        if part.startswith("«"):
            found.append((len(line), part[1:-1]))
        line += part.strip("«»")
    return line, found


@pytest.mark.parametrize(("marked", "wanted"), BAD, ids=[line for line, _ in BAD])
def test_bad_line(marked: str, wanted: list[Expected]) -> None:
    """A bad line gives no medication, and every mistake at once with place and expectation."""
    line, marks = places(marked)
    marks = marks or [(0, "")] * len(wanted)
    problems = {
        Problem(at, len(found), wrong, found, expected)
        for (at, found), (wrong, expected) in zip(marks, wanted, strict=True)
    }
    reading = read(line)
    assert reading.medication is None
    assert set(reading.problems) == problems
    assert list(reading.problems) == sorted(problems)
    for problem in reading.problems:
        assert line[problem.at : problem.at + problem.length] == problem.found


def test_there_are_enough_lines() -> None:
    """At least 200 lines are tried, none twice."""
    every = [line for line, _ in GOOD] + [places(line)[0] for line, _ in BAD]
    assert len(every) == len(set(every)) >= 200


def test_every_way_to_write_is_tried() -> None:
    """No row of the table is without a line that needs it."""
    used = {(t.kind, t.value) for line, _ in GOOD for t in scan(line)}
    rows = {(row.kind, row.value) for row in ROWS if row.kind is not Kind.FILLER}
    assert rows - used == set()


def test_every_expectation_has_words() -> None:
    """Both catalogues have the same keys, and every problem can be put into words."""
    assert set(WORDS["ko"]) == set(WORDS["en"])
    for marked, _ in BAD:
        for problem in read(places(marked)[0]).problems:
            for language in LANGUAGES:
                said = say(problem, language)
                assert problem.found in said
                assert "expected." not in said
                assert "{" not in said


def test_every_kind_of_mistake_is_tried() -> None:
    """Each kind of mistake stands in the table of bad lines."""
    assert {wrong for _, wanted in BAD for wrong, _ in wanted} == set(Wrong)


@pytest.mark.parametrize(("line", "wanted"), GOOD[:20], ids=[line for line, _ in GOOD[:20]])
def test_decomposed_hangul_is_the_same(line: str, wanted: Medication) -> None:
    """A line whose syllables come as single letters (as some systems write them) reads the same."""
    assert read(unicodedata.normalize("NFD", line)).medication == wanted


def test_too_long_a_line_is_refused() -> None:
    """What is longer than a line may be is not read at all."""
    (problem,) = read("1T tid pc 5d " + "가" * MOST_CHARACTERS).problems
    assert (problem.at, problem.wrong, problem.expected) == (
        MOST_CHARACTERS,
        Wrong.LIMIT,
        ("short_line",),
    )


def test_no_way_matches_nothing() -> None:
    """No pattern of the table fits an empty text: every word of a line has a length."""
    for row in ROWS:
        for way in row.ways:
            assert compiled(way).match("") is None, way
