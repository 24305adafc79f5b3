"""Who is looked after, by whom and with which devices: what the page says of it becomes facts.

Knows: these entries, that their rows are checked as the configuration's are.
May not know: forms, languages, the database; the time is an argument.

    enrolled(home, EnrolPerson(…), by, now_ms) -> [RosterChanged, …]   or raises EntryRefused

An id that was given once is not given to somebody else later: facts of years stand under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from gateway.config import fields, ladders
from gateway.config.fields import NEEDED, Field
from gateway.coverage.taking import settled
from gateway.events import Event, RosterChanged
from gateway.home import Home
from gateway.refused import EntryRefused
from gateway.roster import (
    CAREPLUG,
    PILLBOX,
    SEOUL,
    SEOUL_ZONE,
    Device,
    Guardian,
    Person,
    Roster,
    entry_to_json,
)
from gateway.roster_changes import DEVICES, GUARDIANS, PERSONS, TABLES, key_of
from gateway.rules.worry import HOME

GUARDIANS_MOST = 20  # on one person's ladder
_LETTERS = {PERSONS: "p", GUARDIANS: "g", DEVICES: "d"}  # ids given here: "p1", "g12"
_FIELDS = ladders.with_ladders(fields.MANY)
_SECTIONS = {PERSONS: "person", GUARDIANS: "guardian", DEVICES: "device"}
_NOT_A_ROW = ("key_file", "bthome_key_file")  # where a key is, the page never says


@dataclass(frozen=True, slots=True)
class EnrolPerson:
    """Somebody is looked after from now on, and these are told about her: one at least."""

    person: Person
    guardians: tuple[Guardian, ...]
    by: str


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Her name, her quiet hours, her level, how long her box asks her; the same id."""

    person: Person
    by: str


@dataclass(frozen=True, slots=True)
class SetGuardian:
    """This is somebody on a person's ladder: a new id is a new step, a known one is changed.

    `new`: it is not to be a known one. Two who write at once were given the same fresh id.
    """

    guardian: Guardian
    by: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class RemoveGuardian:
    """She is told no more; the last one of a person cannot go."""

    guardian_id: str
    by: str


@dataclass(frozen=True, slots=True)
class PlaceDevice:
    """This device is this person's, in this room; a known id is moved."""

    device: Device
    by: str


@dataclass(frozen=True, slots=True)
class RemoveDevice:
    """It belongs to nobody any more."""

    device_id: str
    by: str


Enrolment = EnrolPerson | ChangePerson | SetGuardian | RemoveGuardian | PlaceDevice | RemoveDevice


def enrolled(home: Home, entry: Enrolment, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    if home.household.roster is None:
        raise EntryRefused("no_desk")
    rows = _TAKEN[type(entry)](home, home.household.roster, entry)
    facts: list[Event] = [RosterChanged(now_ms, table, key, row, by) for table, key, row in rows]
    if isinstance(entry, EnrolPerson | ChangePerson):
        facts += settled(home, entry.person, by, now_ms)
    return facts


def fresh_ids(home: Home, table: str, count: int = 1) -> list[str]:
    """So many ids for new rows of a table that nobody ever had."""
    used = home.household.layers.given.get(table, set())
    letter, found, number = _LETTERS[table], list[str](), len(used)
    while len(found) < count:
        number += 1
        if f"{letter}{number}" not in used:
            found.append(f"{letter}{number}")
    return found


def unsound(table: str, entry: Person | Guardian | Device) -> tuple[str, object] | None:
    """The first field of a row that the configuration would not take, and what it holds."""
    row = entry_to_json(entry)
    if "person_id" in row:
        row["person"] = row.pop("person_id")
    for name, field in _FIELDS[_SECTIONS[table]].items():
        if name not in _NOT_A_ROW and not _sound(field, row[name]):
            return name, row[name]
    return None


Rows = Iterator[tuple[str, str, dict[str, Any] | None]]


def gone(roster: Roster, person_id: str, by: str, now_ms: int) -> Iterator[Event]:
    """Every row that is hers is there no more; what was known about her stays in the log."""
    for table in TABLES[1:]:
        for row in getattr(roster, table):
            if row.person_id == person_id:
                yield RosterChanged(now_ms, table, key_of(table, row), None, by)
    yield RosterChanged(now_ms, PERSONS, person_id, None, by)


def _sound(field: Field, value: Any) -> bool:  # noqa: ANN401 - whatever stands in a row
    if field.default is not NEEDED and (value is None or value in ("", [])):
        return True  # left out
    try:
        field.check(value)
    except ValueError:
        return False
    return True


def _row(table: str, entry: Person | Guardian | Device) -> tuple[str, str, dict[str, Any]]:
    wrong = unsound(table, entry)
    if wrong is not None:
        raise EntryRefused(f"{_SECTIONS[table]}_field", field=wrong[0], value=wrong[1])
    row = entry_to_json(entry)
    row["name" if "name" in row else "room"] = (row.get("name") or row.get("room") or "").strip()
    return table, entry.id, row


def _enrol(_home: Home, roster: Roster, entry: EnrolPerson) -> Rows:
    if roster.person(entry.person.id) is not None:
        raise EntryRefused("person_twice", person=entry.person.name)
    if entry.person.id == HOME or not 0 < len(entry.guardians) <= GUARDIANS_MOST:
        raise EntryRefused("guardians", most=GUARDIANS_MOST)
    ids = {g.id for g in entry.guardians}
    if len(ids) < len(entry.guardians) or any(roster.guardian(i) for i in ids):
        raise EntryRefused("guardian_twice")
    yield _row(PERSONS, entry.person)
    for guardian in entry.guardians:
        yield _row(GUARDIANS, replace(guardian, person_id=entry.person.id))


def _change(_home: Home, roster: Roster, entry: ChangePerson) -> Rows:
    _person(roster, entry.person.id)
    yield _row(PERSONS, entry.person)


def _set_guardian(_home: Home, roster: Roster, entry: SetGuardian) -> Rows:
    guardian = entry.guardian
    person = _person(roster, guardian.person_id)
    before = roster.guardian(guardian.id)
    if before is not None and (entry.new or before.person_id != person.id):
        raise EntryRefused("guardian_twice")
    if before is None and len(roster.guardians_of(person.id)) >= GUARDIANS_MOST:
        raise EntryRefused("guardians", most=GUARDIANS_MOST)
    yield _row(GUARDIANS, guardian)


def _remove_guardian(_home: Home, roster: Roster, entry: RemoveGuardian) -> Rows:
    guardian = roster.guardian(entry.guardian_id)
    if guardian is None:
        raise EntryRefused("guardian_unknown")
    if len(roster.guardians_of(guardian.person_id)) == 1:
        raise EntryRefused("guardian_last", name=guardian.name)
    yield GUARDIANS, guardian.id, None


def _place(_home: Home, roster: Roster, entry: PlaceDevice) -> Rows:
    device = entry.device
    person = _person(roster, device.person_id)
    box = roster.box_of(person.id)
    if device.kind == PILLBOX and box is not None and box.id != device.id:
        raise EntryRefused("box_twice", person=person.name)
    placed = (roster.latitude, roster.longitude) != SEOUL or roster.time_zone == SEOUL_ZONE
    if device.kind == CAREPLUG and not placed:
        raise EntryRefused("no_place")  # by where it stands a plug knows when it is dark
    yield _row(DEVICES, device)


def _remove_device(_home: Home, roster: Roster, entry: RemoveDevice) -> Rows:
    if roster.device(entry.device_id) is None:
        raise EntryRefused("device_unknown", device=entry.device_id)
    yield DEVICES, entry.device_id, None


def _person(roster: Roster, person_id: str) -> Person:
    person = roster.person(person_id)
    if person is None:
        raise EntryRefused("person", person=person_id)
    return person


_TAKEN = cast(
    "dict[type[Enrolment], Callable[[Home, Roster, Any], Rows]]",
    {
        EnrolPerson: _enrol,
        ChangePerson: _change,
        SetGuardian: _set_guardian,
        RemoveGuardian: _remove_guardian,
        PlaceDevice: _place,
        RemoveDevice: _remove_device,
    },
)
