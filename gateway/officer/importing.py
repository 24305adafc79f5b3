"""People from a table: each line understood or refused with the place, before anything is changed.

Knows: the columns of the table, what is known already, the rows of the roster a line would become.
May not know: a page, the time, how a row is checked (gateway.enrolling).

    plan = read(decoded(raw), home)
    plan.lines                 one for each person: new, there already, or wrong and why
    imported(home, plan, by, now_ms) -> facts of all that are new

Who is there already, by name and a guardian's number, is left as she is: the same file can be
brought again when its wrong lines are mended.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from gateway.coverage.records import Wrong, column_of, delimiter_of, encodings
from gateway.coverage.register import plain
from gateway.enrolling import EnrolPerson, enrolled, fresh_ids, unsound
from gateway.events import Event
from gateway.home import Home
from gateway.phone import e164
from gateway.roster import LEVELS, MEAL_DEFAULTS, MEALS, Guardian, Person, Roster
from gateway.roster_changes import GUARDIANS, PERSONS

LINES_MOST = 3000
# A column and how it may be headed; the first is how a template heads it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("이름", "성명", "name"),
    "level": ("단계", "위험군", "level"),
    "dong": ("동", "행정동", "dong"),
    "address": ("주소", "address"),
    "guardian": ("보호자", "보호자1", "guardian"),
    "guardian_phone": ("보호자 전화", "보호자1 전화", "보호자 연락처", "guardian phone"),
    "guardian2": ("보호자2", "guardian 2"),
    "guardian2_phone": ("보호자2 전화", "보호자2 연락처", "guardian 2 phone"),
    "neighbour": ("이웃", "neighbour"),
    "neighbour_phone": ("이웃 전화", "이웃 연락처", "neighbour phone"),
    "officer": ("담당자", "담당 공무원", "officer"),
    "officer_phone": ("담당자 전화", "담당자 연락처", "officer phone"),
    "breakfast": ("아침", "아침 식사", "breakfast"),
    "lunch": ("점심", "점심 식사", "lunch"),
    "dinner": ("저녁", "저녁 식사", "dinner"),
    "bed": ("취침", "잠자리", "bed"),
}
NEEDED = ("name", "guardian", "guardian_phone")
PLACES = ("dong", "address")
# Who is told, in which role, so long after an incident began.
LADDER = (
    ("guardian", "guardian", 0),
    ("guardian2", "guardian", 15),
    ("neighbour", "neighbour", 30),
    ("officer", "officer", 60),
)
LEVEL_WORDS = {"관심": "attention", "위험": "risk", "심각": "severe", **{w: w for w in LEVELS}}
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the table. `person` and `guardians` have no ids yet."""

    number: int  # of the line in the file, from 1
    name: str
    person: Person | None = None
    guardians: tuple[Guardian, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    there: bool = False  # somebody of that name and number is known

    @property
    def new(self) -> bool:
        """Whether it would be entered."""
        return self.person is not None and not self.wrong and not self.there


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of a table. `wrong`: of the file as a whole; then there are no lines."""

    lines: tuple[Line, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def new(self) -> tuple[Line, ...]:
        """The lines that would be entered."""
        return tuple(line for line in self.lines if line.new)

    @property
    def digest(self) -> str:
        """Of what was shown; another one by now is to be shown anew."""
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()[:16]


def decoded(raw: bytes) -> str | None:
    """An upload as text, in one of `encodings`; None: in none."""
    for encoding in encodings(raw):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return None


def read(text: str, home: Home) -> Plan:
    """What would become of the table at this home, as it is now."""
    rows, wrong = _rows(unicodedata.normalize("NFC", text.removeprefix("\ufeff")))
    if wrong is not None:
        return Plan(wrong=(wrong,))
    roster = home.household.roster
    known = set(_known(roster)) if roster else set()
    before: set[tuple[str, str]] = set()
    lines = []
    for number, cells in rows:
        line = _line(number, cells)
        keys = {(plain(line.name), g.number) for g in line.guardians}
        if line.new and keys & before:
            line = replace(line, wrong=(Wrong("twice", found=line.name),))
        elif line.new and keys & known:
            line = replace(line, there=True)
        before |= keys
        lines.append(line)
    return Plan(tuple(lines)) if lines else Plan(wrong=(Wrong("empty"),))


def imported(home: Home, plan: Plan, by: str, now_ms: int) -> list[Event]:
    """The facts of all lines that are new. Raises EntryRefused."""
    new = plan.new
    persons = iter(fresh_ids(home, PERSONS, len(new)))
    guardians = iter(fresh_ids(home, GUARDIANS, sum(len(line.guardians) for line in new)))
    facts: list[Event] = []
    for line in new:
        assert line.person is not None  # noqa: S101 - Line.new says so
        person = replace(line.person, id=next(persons))
        people = tuple(replace(g, id=next(guardians), person_id=person.id) for g in line.guardians)
        facts += enrolled(home, EnrolPerson(person, people, by), by, now_ms)
    return facts


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], Wrong | None]:
    """(line number, cells by column) of every row with anything in it."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter_of(head), strict=True)
    columns: list[str] | None = None
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [column_of(cell, COLUMNS) for cell in cells]
                missing = [name for name in NEEDED if name not in columns]
                if missing:
                    return [], Wrong("no_column", COLUMNS[missing[0]][0], head[:80])
                continue
            named = zip(columns, cells, strict=False)
            row = {name: " ".join(cell.split()) for name, cell in named if name}
            rows.append((reader.line_num, row))
    except csv.Error as error:
        return [], Wrong("not_csv", str(reader.line_num), str(error))
    if len(rows) > LINES_MOST:
        return [], Wrong("too_many", str(LINES_MOST), str(len(rows)))
    return rows, None


def _line(number: int, cells: Mapping[str, str]) -> Line:
    name, wrong = cells.get("name", ""), list[Wrong]()
    level = cells.get("level", "")
    if level and level.casefold() not in LEVEL_WORDS:
        wrong.append(Wrong("level", COLUMNS["level"][0], level))
    clock = dict(MEAL_DEFAULTS)
    for meal in MEALS:
        said = cells.get(meal, "")
        if said and not _CLOCK.fullmatch(said):
            wrong.append(Wrong("clock", COLUMNS[meal][0], said))
        clock[meal] = said.zfill(5) if said else clock[meal]
    if any(a >= b for a, b in pairwise(clock.values())) and not wrong:
        wrong.append(Wrong("order", COLUMNS["breakfast"][0], " ".join(clock.values())))
    people, wrong_people = _people(cells)
    person = Person(
        "new", name, level=LEVEL_WORDS.get(level.casefold()),
        dong=cells.get("dong", ""), address=cells.get("address", ""),
    )  # fmt: skip
    unfit = unsound(PERSONS, person)
    if unfit is not None:
        field, found = unfit if unfit[0] in PLACES else ("name", unfit[1])
        wrong.insert(0, Wrong(field, COLUMNS[field][0], str(found)))
    return Line(
        number, name, replace(person, meal_clock=clock), tuple(people), (*wrong, *wrong_people)
    )


def _people(cells: Mapping[str, str]) -> tuple[list[Guardian], list[Wrong]]:
    """Those who are told about her, and what is wrong with them."""
    people, wrong = list[Guardian](), list[Wrong]()
    for who, role, after_min in LADDER:
        name, phone = cells.get(who, ""), cells.get(f"{who}_phone", "")
        if not name and not phone:
            if who in NEEDED:
                wrong.append(Wrong("no_guardian", COLUMNS[who][0]))
            continue
        guardian = Guardian(f"new-{who}", "new", name, e164(phone), "ko", after_min, role)
        unfit = unsound(GUARDIANS, guardian)
        if not name or (unfit is not None and unfit[0] != "number"):
            wrong.append(Wrong("name", COLUMNS[who][0], name))
        elif unfit is not None:
            wrong.append(Wrong("phone", COLUMNS[f"{who}_phone"][0], phone))
        else:
            people.append(guardian)
    return people, wrong


def _known(roster: Roster) -> Iterator[tuple[str, str]]:
    """(name, a guardian's number) of everybody who is there."""
    for person in roster.persons:
        for guardian in roster.guardians_of(person.id):
            yield plain(person.name), guardian.number
