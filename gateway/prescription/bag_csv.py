"""A table of medicine bags (CSV text) becomes medications, or every mistake by line and column.

Knows: the columns of a bag in Korean and English, and that each cell is a piece of shorthand.
May not know: files, whose medicines they are; nothing is stored, every reading is a dry run.

The first line names the columns, in any order, in Korean or English (COLUMNS); separated by
commas, semicolons or tabs, as the first line has it. Needed: name, days, amount, and `when` or
`line`. `line` holds a whole line of shorthand, then all other columns may be left out.

    약 이름,함량,조제일,투약일수,1일 횟수,1회 양,복용법,보관,약국 전화
    암로디핀,5mg,2026-03-02,30,1,1정,아침 식후 30분,실온,02-123-4567
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gateway.prescription.medication import Medication
from gateway.prescription.shorthand import read
from gateway.prescription.shorthand_problem import Problem, Wrong

# Column → how its heading may be written (compared without blanks and case).
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("조제일", "조제일자", "dispensed on", "date"),
    "name": ("약 이름", "약품명", "약명", "name", "drug"),
    "strength": ("함량", "strength"),
    "amount": ("1회 양", "1회 투약량", "투약량", "amount", "dose"),
    "times": ("1일 횟수", "횟수", "투여횟수", "times a day", "times"),
    "when": ("복용법", "용법", "meal relation", "directions", "when"),
    "days": ("투약일수", "총투약일수", "일수", "days", "days' supply"),
    "class": ("약 분류", "분류", "drug class", "class"),
    "storage": ("보관", "보관법", "storage"),
    "phone": ("약국 전화", "약국전화번호", "pharmacy phone", "phone"),
    "line": ("처방", "한 줄", "line", "shorthand"),
}
NEEDED = ("name", "amount", "days")
DELIMITERS = ",;\t"

# A cell that holds only a number means, in the shorthand: …
_NUMBER_MEANS = {"times": "1일 {}회", "days": "{}일분"}
_MEANS = {"class": "#{}", "storage": "[{}]", "phone": "☎{}"}
# Where a thing that is missing should have stood.
_BELONGS = {"amount": "amount", "days": "days", "dosing": "when", "label": "when"}


@dataclass(frozen=True, slots=True, order=True)
class CellProblem:
    """`line`: of the text, from 1; `column`: from 1, 0 = the whole line; places in the cell."""

    line: int
    column: int
    heading: str
    problem: Problem


class Bags(NamedTuple):
    """The good rows with their lines, and everything that is wrong with the others."""

    medications: tuple[tuple[int, Medication], ...]
    problems: tuple[CellProblem, ...]


class _Piece(NamedTuple):
    """A cell as it stands in the row's line of shorthand."""

    column: int
    begin: int
    end: int
    own: int  # where the cell's own characters begin there
    cell: str


def read_csv(text: str) -> Bags:
    """Read a whole table."""
    clean = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    rows = list(_rows(clean))
    broken = [r for r in rows if isinstance(r, CellProblem)]
    lines = [r for r in rows if not isinstance(r, CellProblem)]
    if not lines:
        empty = CellProblem(1, 0, "", Problem(0, 0, Wrong.MISSING, "", ("rows",)))
        return Bags((), tuple(broken or [empty]))
    (_, heading), *body = lines
    columns = [_column(cell) for cell in heading]
    wrong = _heading_problems(heading, columns)
    if wrong:
        return Bags((), (*wrong, *broken))
    good: list[tuple[int, Medication]] = []
    found: list[CellProblem] = []
    for line, cells in body:
        medication, problems = _row(line, heading, columns, cells)
        found += problems
        if medication is not None:
            good.append((line, medication))
    if not body and not broken:
        found.append(CellProblem(2, 0, "", Problem(0, 0, Wrong.MISSING, "", ("rows",))))
    return Bags(tuple(good), tuple(sorted([*found, *broken])))


def _rows(text: str) -> Iterator[tuple[int, list[str]] | CellProblem]:
    """Rows that are not empty, with the line each begins in; after a broken one nothing more."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        yield CellProblem(line, 0, "", Problem(0, 0, Wrong.UNKNOWN, "", ("quoting",)))


def _column(cell: str) -> str:
    """The column a heading means; "" for none."""
    plain = "".join(cell.split()).lower()
    known = (
        name
        for name, ways in COLUMNS.items()
        if plain in {"".join(way.split()).lower() for way in ways}
    )
    return next(known, "")


def _heading_problems(heading: list[str], columns: list[str]) -> tuple[CellProblem, ...]:
    """Headings that are unknown or stand twice, columns that are needed and lacking."""
    found = []
    for number, (cell, column) in enumerate(zip(heading, columns, strict=True), 1):
        wrong = None
        if not column:
            wrong = (Wrong.UNKNOWN, "column")
        elif column in columns[: number - 1]:
            wrong = (Wrong.TWICE, "column_once")
        if wrong:
            problem = Problem(0, len(cell), wrong[0], cell, (wrong[1],))
            found.append(CellProblem(1, number, cell, problem))
    needed = () if "line" in columns else NEEDED
    lacking = [name for name in needed if name not in columns]
    if not {"line", "when", "times"} & set(columns):
        lacking.append("when")
    for name in lacking:
        problem = Problem(0, 0, Wrong.MISSING, COLUMNS[name][0], ("column_needed",))
        found.append(CellProblem(1, 0, COLUMNS[name][0], problem))
    return tuple(found)


def _row(
    line: int, heading: list[str], columns: list[str], cells: list[str]
) -> tuple[Medication | None, list[CellProblem]]:
    """One bag. Every cell is put into its place of a line, and what is wrong there back."""
    if len(cells) != len(columns):
        row = ",".join(cells)
        problem = Problem(0, len(row), Wrong.UNKNOWN, row, ("as_many_cells",))
        return None, [CellProblem(line, 0, "", problem)]
    if "name" in columns and not cells[columns.index("name")] and "line" not in columns:
        problem = Problem(0, 0, Wrong.MISSING, "", ("name",))
        at = columns.index("name")
        nameless = [CellProblem(line, at + 1, heading[at], problem)]
    else:
        nameless = []
    joined, pieces = _joined(columns, cells)
    reading = read(joined)
    found = nameless + [_in_cell(line, heading, columns, pieces, p) for p in reading.problems]
    return (None if found else reading.medication), found


def _joined(columns: list[str], cells: list[str]) -> tuple[str, list[_Piece]]:
    """The row as one line of shorthand, in the order of COLUMNS."""
    said, pieces, length = [], [], 0
    for name in COLUMNS:
        cell = cells[columns.index(name)] if name in columns else ""
        if not cell:
            continue
        whole, before = _as_shorthand(name, cell)
        pieces.append(
            _Piece(columns.index(name), length, length + len(whole), length + before, cell)
        )
        said.append(whole)
        length += len(whole) + 1
    return " ".join(said), pieces


def _as_shorthand(name: str, cell: str) -> tuple[str, int]:
    """A cell as shorthand writes it, and how many characters were put before it."""
    if name == "name":
        escaped = cell.replace('"', '""')
        return f'"{escaped}"', 1
    pattern = _MEANS.get(name, _NUMBER_MEANS.get(name, "{}") if cell.isdigit() else "{}")
    if name == "storage" and ("[" in cell or "]" in cell):
        pattern = "{}"
    return pattern.format(cell), pattern.index("{")


def _in_cell(
    line: int, heading: list[str], columns: list[str], pieces: list[_Piece], problem: Problem
) -> CellProblem:
    """Where a problem of the joined line stands in the table."""
    for piece in pieces:
        if piece.begin <= problem.at < piece.end:
            at = max(0, problem.at - piece.own)
            found = piece.cell[at : max(at, problem.at + problem.length - piece.own)]
            here = Problem(at, len(found), problem.wrong, found, problem.expected)
            return CellProblem(line, piece.column + 1, heading[piece.column], here)
    wanted = _BELONGS.get(problem.expected[0], "line")
    column = columns.index(wanted) if wanted in columns else -1
    name = heading[column] if column >= 0 else ""
    lacking = Problem(0, 0, problem.wrong, "", problem.expected)
    return CellProblem(line, column + 1, name, lacking)
