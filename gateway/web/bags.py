"""What somebody entered, as it was understood: medications, or every mistake with its place.

Knows: the ways a prescription comes in (a form, lines of shorthand, a table, a FHIR bundle), how a
mistake is told on a page. May not know: Flask, HTML, whose medicines they are; nothing is stored.

A form is a table of one row: its mistakes have the field's heading, as a table's have the column's.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gateway import fhir
from gateway.entering import MEDICATIONS_MOST
from gateway.prescription import bag_csv, shorthand
from gateway.prescription.medication import Medication
from gateway.prescription.shorthand_problem import Problem, Wrong
from gateway.prescription.sound import unsound
from gateway.prescription.words import WORDS
from gateway.web.words import Words

MOST_MISTAKES = 50  # shown; a file of another kind has thousands
SHOWN_CHARACTERS = 160
# The form's fields, in the bag's order, and how a table heads them.
FIELDS = (
    "name",
    "strength",
    "date",
    "days",
    "times",
    "amount",
    "when",
    "storage",
    "phone",
    "class",
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """`line`: what was written, cut into before, the place itself, and after; all "" = no place."""

    where: str = ""
    line: tuple[str, str, str] = ("", "", "")
    says: str = ""
    field: str = ""  # of the form


@dataclass(frozen=True, slots=True)
class Draft:
    """`said`: the text to be sent again when it is entered; nothing is kept in between."""

    way: str
    said: str
    medications: tuple[Medication, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether all of it was understood, and there is something."""
        return bool(self.medications) and not self.mistakes


def table_of(fields: Mapping[str, str]) -> str:
    """The form's fields as a table of one row."""
    written = io.StringIO()
    cells = {name: " ".join(fields.get(name, "").split()) for name in FIELDS}
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(bag_csv.COLUMNS[name][0] for name in FIELDS)
    writer.writerow(cells[name] for name in FIELDS)
    return written.getvalue()


def read(way: str, text: str, words: Words) -> Draft:
    """What `text` says; good only what can be entered. KeyError for a way there is not."""
    draft = _READERS[way]("\n".join(text.splitlines()), words)
    if len(draft.medications) > MEDICATIONS_MOST:
        many = words.say("bag.too_many", n=len(draft.medications), most=MEDICATIONS_MOST)
        return refused(way, many, draft.said)
    return draft if draft.mistakes else replace(draft, mistakes=_unsound(draft, words))


def _unsound(draft: Draft, words: Words) -> tuple[Mistake, ...]:
    """What was understood and would be refused all the same, told before anybody enters it."""
    found = []
    for place, medication in enumerate(draft.medications, 1):
        field = unsound(medication)
        if field:
            values = {"place": place, "name": medication.name, "field": words.code("sound", field)}
            found.append(Mistake(says=words.say("entry.not.medication", **values)))
    return tuple(found[:MOST_MISTAKES])


def refused(way: str, says: str, said: str = "") -> Draft:
    """A draft of which nothing can be said but why."""
    return Draft(way, said, (), (Mistake(says=says),))


def decode(raw: bytes, way: str, words: Words) -> tuple[str, str | None]:
    """An upload as text, or why it is none. A table may be in cp949, as Korean spreadsheets are."""
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as wrong:
        if way == "csv":
            try:
                return raw.decode("cp949"), None
            except UnicodeDecodeError:
                pass  # told below, as of UTF-8
        return "", words.say("bag.not_text", n=wrong.start + 1)


def _shorthand(text: str, words: Words) -> Draft:
    good, mistakes = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        reading = shorthand.read(line)
        where = words.say("bag.line", line=number)
        mistakes += [_mistake(where, reading.line, p, words) for p in reading.problems]
        good += [reading.medication] if reading.medication else []
    if not good and not mistakes:
        return refused("shorthand", words.say("bag.nothing"))
    return Draft("shorthand", text, tuple(good), tuple(mistakes[:MOST_MISTAKES]))


def _csv(text: str, words: Words, way: str = "csv") -> Draft:
    bags = bag_csv.read_csv(text)
    clean = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    not_read = {(p.line, p.column) for p in bags.problems if p.problem.wrong is Wrong.UNKNOWN}
    problems = [
        # What a cell that could not be read does not say is no mistake of its own.
        p
        for p in bags.problems
        if p.problem.wrong is not Wrong.MISSING or (p.line, p.column) not in not_read
    ]
    mistakes = tuple(_cell(p, clean, words, way) for p in problems[:MOST_MISTAKES])
    return Draft(way, text, tuple(m for _, m in bags.medications), mistakes)


def _form(text: str, words: Words) -> Draft:
    return _csv(text, words, "form")


def _cell(problem: bag_csv.CellProblem, text: str, words: Words, way: str) -> Mistake:
    """A mistake of a table, with the cell it lies in."""
    if way == "form":
        heads = {ways[0]: name for name, ways in bag_csv.COLUMNS.items()}
        field = heads.get(problem.heading, "")
        where = words.say(f"bag.{field}") if field else ""
        return replace(
            _mistake(where, _written(problem, text), problem.problem, words), field=field
        )
    if problem.column:
        where = words.say("bag.cell", line=problem.line, column=problem.heading)
    else:
        where = words.say("bag.line", line=problem.line)
    return _mistake(where, _written(problem, text), problem.problem, words)


def _written(problem: bag_csv.CellProblem, text: str) -> str:
    """The cell a mistake lies in; its own finding where the row cannot be cut into cells."""
    lines = text.splitlines(keepends=True)
    delimiter = max(bag_csv.DELIMITERS, key=lines[0].count) if lines else ","
    try:
        rows = csv.reader(lines[problem.line - 1 :], delimiter=delimiter, strict=True)
        cells = [cell.strip() for cell in next(rows)]
        return cells[problem.column - 1] if problem.column else problem.problem.found
    except (csv.Error, StopIteration, IndexError):
        return problem.problem.found


def _mistake(where: str, line: str, problem: Problem, words: Words) -> Mistake:
    shown = _around(line, problem.at, problem.length)
    return Mistake(where, shown, _says(problem, words))


def _says(problem: Problem, words: Words) -> str:
    """Where, what kind of mistake, what was expected; what was found is marked in its line."""
    expected = WORDS[words.language]
    wanted = expected["or"].join(expected[f"expected.{key}"] for key in problem.expected)
    found = wanted.format(found=problem.found) if "{found}" in wanted else wanted
    return words.say(f"bag.wrong.{problem.wrong}", place=problem.at + 1, expected=found)


def _around(line: str, at: int, length: int) -> tuple[str, str, str]:
    """A place in its line, and around it as much as can be read at a glance."""
    begin = min(at, len(line))
    end = min(begin + length, len(line))
    left, right = max(0, begin - SHOWN_CHARACTERS), end + SHOWN_CHARACTERS
    before = ("…" if left else "") + line[left:begin]
    after = line[end:right] + ("…" if right < len(line) else "")
    return before, line[begin:end][:SHOWN_CHARACTERS], after


def _fhir(text: str, words: Words) -> Draft:
    try:
        value = json.loads(text, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()  # JSON may escape half a character alone
    except json.JSONDecodeError as wrong:
        line = text.split("\n")[wrong.lineno - 1]
        shown = _around(line, wrong.colno - 1, 1)
        says = words.say("bag.not_json", line=wrong.lineno, column=wrong.colno)
        return Draft("fhir", text, (), (Mistake(line=shown, says=says),))
    except UnicodeEncodeError:
        return refused("fhir", words.say("bag.half_character"), text)
    except (ValueError, RecursionError):
        return refused("fhir", words.say("bag.not_json_at_all"), text)
    try:
        found = fhir.read_bundle(value)
    except fhir.Refused as wrong:
        problems = wrong.problems[:MOST_MISTAKES]
        return Draft("fhir", text, (), tuple(_fhir_mistake(p, words) for p in problems))
    if not found.medications:
        return refused("fhir", words.say("bag.no_request"), text)
    left = tuple(f"{one.place}: {one.found}" for one in found.left_out)
    return Draft("fhir", text, found.medications, (), left)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _fhir_mistake(problem: fhir.Problem, words: Words) -> Mistake:
    key = "bag.fhir.wrong" if problem.found else "bag.fhir.missing"
    says = words.say(key, expected=problem.wanted(words.language))
    return Mistake(problem.place, ("", problem.found, ""), says)


_READERS: dict[str, Callable[[str, Words], Draft]] = {
    "form": _form,
    "shorthand": _shorthand,
    "csv": _csv,
    "fhir": _fhir,
}
WAYS = tuple(_READERS)
