"""A table of bags is read as a whole: good rows as medications, all mistakes by line and column.

Knows: the columns' names, what a cell may hold.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.prescription.bag_csv import COLUMNS, read_csv
from gateway.prescription.medication import AsNeeded, AtMeals, EveryHours, Medication, Relation
from gateway.prescription.shorthand_problem import say

KOREAN = "약 이름,함량,조제일,투약일수,1일 횟수,1회 양,복용법,보관,약국 전화\n"
GOOD = (
    "암로디핀,5mg,2026-03-02,30,1,1정,아침 식후 30분,서늘한 곳,02-123-4567\n"
    "타이레놀 8시간 이알,650mg,2026-03-02,5일분,,1정,필요시 최대 3회,,\n"
)
AMLODIPINE = Medication(
    name="암로디핀",
    dosing=AtMeals(("morning",), Relation.AFTER, 30),
    days_supply=30,
    strength="5mg",
    dispensed_on=date(2026, 3, 2),
    storage="서늘한 곳",
    pharmacy_phone="02-123-4567",
)
TYLENOL = Medication(
    "타이레놀 8시간 이알", AsNeeded(None, 3), 5, strength="650mg", dispensed_on=date(2026, 3, 2)
)


def told(text: str) -> list[tuple[int, int, str, int, tuple[str, ...]]]:
    return [
        (p.line, p.column, p.problem.found, p.problem.at, p.problem.expected)
        for p in read_csv(text).problems
    ]


def test_korean_table() -> None:
    """A table as a pharmacy writes it gives its medications, each with its line."""
    assert read_csv(KOREAN + GOOD) == (((2, AMLODIPINE), (3, TYLENOL)), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_english_table(delimiter: str) -> None:
    """English headings, any order, any of the three delimiters, a mark of byte order."""
    rows = [
        ["Amount", "Name", "Days", "When", "Class"],
        ["0.5T", "Warfarin", "14", "q12h", "anticoagulant"],
    ]
    table = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows)
    wanted = Medication("Warfarin", EveryHours(12), 14, Fraction(1, 2), drug_class="anticoagulant")
    assert read_csv(table) == (((2, wanted),), ())


def test_a_line_of_shorthand_a_row() -> None:
    """One column of whole lines is a table too; names with commas stand in quotes."""
    good = read_csv('line\n"1T am, 30d"\n"""a, b"" 1T am 30d"\n')
    assert [(line, m.name) for line, m in good.medications] == [(2, ""), (3, "a, b")]
    assert good.problems == ()


def test_all_mistakes_at_once() -> None:
    """Every mistake of every row with line, column and place in the cell; good rows stay good."""
    bad = ',5mg,2026-02-30,x,5,1정,아침 식후,,\n\n"여러\n줄",5mg,,30,1,정,아침 식훙,,123\na,b\n'
    table = KOREAN + bad + GOOD
    assert [line for line, _ in read_csv(table).medications] == [7, 8]
    assert told(table) == [
        (2, 1, "", 0, ("name",)),
        (2, 3, "2026-02-30", 0, ("date",)),
        (2, 4, "", 0, ("days",)),
        (2, 4, "x", 0, ("days",)),
        (2, 5, "5", 0, ("times",)),
        (4, 6, "", 0, ("amount",)),
        (4, 6, "정", 0, ("amount",)),
        (4, 7, "식훙", 3, ("amount",)),
        (4, 9, "123", 0, ("amount",)),
        (6, 0, "a,b", 0, ("as_many_cells",)),
    ]


def test_a_place_is_of_the_cell() -> None:
    """What the table adds to a cell to make shorthand of it does not move the places in it."""
    assert told("line,class,storage\n1T am 30d,statin nsaid,a [b\n") == [
        (2, 2, "nsaid", 7, ("nothing_more",)),
        (2, 3, "a", 0, ("nothing_more",)),
        (2, 3, "[b", 2, ("nothing_more",)),
    ]


def test_heading_is_judged_as_a_whole() -> None:
    """Unknown, doubled and lacking columns are told together; no row is read then."""
    assert told("name,Name,colour\n1,2,3\n") == [
        (1, 2, "Name", 0, ("column_once",)),
        (1, 3, "colour", 0, ("column",)),
        (1, 0, "1회 양", 0, ("column_needed",)),
        (1, 0, "투약일수", 0, ("column_needed",)),
        (1, 0, "복용법", 0, ("column_needed",)),
    ]


@pytest.mark.parametrize("table", ["", "\n\n", KOREAN])
def test_an_empty_table_is_a_mistake(table: str) -> None:
    """A table without a row says that it wants one."""
    assert [expected for *_, expected in told(table)] == [("rows",)]


def test_broken_quotes_end_the_reading() -> None:
    """Where a quote is not closed the line is told; rows above it are read."""
    found = read_csv('line\n1T am 30d\n"1T am 30d\n1T hs 3d\n')
    assert [line for line, _ in found.medications] == [2]
    assert [(p.line, p.problem.expected) for p in found.problems] == [(3, ("quoting",))]


def test_no_heading_means_two_columns() -> None:
    """A heading names one column only."""
    ways = ["".join(w.split()).lower() for names in COLUMNS.values() for w in names]
    assert len(set(ways)) >= len(COLUMNS)
    for ways_of in COLUMNS.values():
        own = {"".join(w.split()).lower() for w in ways_of}
        assert sum(
            len(own & {"".join(w.split()).lower() for w in o}) for o in COLUMNS.values()
        ) == len(own)


@given(table=st.text(max_size=200) | st.text('약이름,line\n"1T am30d;\t', max_size=200))
def test_any_text_is_safe(table: str) -> None:
    """Whatever is uploaded is read or refused in words, never an exception."""
    for problem in read_csv(table).problems:
        assert say(problem.problem, "ko")
        assert say(problem.problem, "en")
