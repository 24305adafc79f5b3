"""Who is looked after, by the page: checked as the configuration is, refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.config import fields, ladders
from gateway.enrolling import (
    ChangePerson,
    EnrolPerson,
    PlaceDevice,
    RemoveDevice,
    RemoveGuardian,
    SetGuardian,
    fresh_ids,
    unsound,
)
from gateway.entering import Entry, entered
from gateway.events import RosterSet
from gateway.home import Home
from gateway.officer.ending import EndCare
from gateway.phone import e164, national
from gateway.prescription.schedule import make_schedule
from gateway.refused import EntryRefused
from gateway.roster import Device, Guardian, Person, entry_to_json
from gateway.roster import to_json as roster_to_json
from gateway.roster_changes import GUARDIANS, PERSONS
from gateway.rules.schedule_stale import is_stale
from tests.gateway.home_facts import BOX, at, begun, settle

BY = "이지은"
NOON = at("12:00")
NEW = Person("p9", "박옥례", level="attention")
SON = Guardian("g9", "", "박민수", "+821055556666", "ko", 0)


def done(home: Home, entry: Entry) -> None:
    """Entered and believed."""
    for fact in entered(home, entry, NOON):
        home.fold(fact)


def refused(home: Home, entry: Entry) -> tuple[str, dict[str, Any]]:
    """Why it is not."""
    with pytest.raises(EntryRefused) as why:
        entered(home, entry, NOON)
    return why.value.code, why.value.values


def test_a_person_is_enrolled_changed_and_removed() -> None:
    """She and whoever is told about her are there at once, watched from now on.

    Then gone again, with all that is hers; her id is never given to another one.
    """
    home = begun(NOON)
    done(home, EnrolPerson(NEW, (SON,), BY))
    roster = home.household.roster
    assert roster is not None
    assert roster.person("p9") == NEW
    assert roster.guardians_of("p9") == (replace(SON, person_id="p9"),)
    assert home.household.watched == {"p9": NOON}
    done(home, PlaceDevice(Device("AB-2", "pillbox", "p9", "안방"), BY))
    assert home.ledger.shelves.boxes["AB-2"] == "p9"
    done(home, ChangePerson(replace(NEW, level=None), BY))
    assert home.household.watched == {}
    done(home, EndCare("p9", "moved", "2026-03-02", BY))
    roster = home.household.roster
    assert roster is not None
    assert (roster.person("p9"), roster.guardians_of("p9"), roster.device("AB-2")) == (
        None,
        (),
        None,
    )
    assert "AB-2" not in home.ledger.shelves.boxes
    assert "p9" not in fresh_ids(home, PERSONS, 20)
    assert "g9" not in fresh_ids(home, GUARDIANS, 20)


REFUSED: list[tuple[Entry, str]] = [
    (EnrolPerson(replace(NEW, id="soonja"), (SON,), BY), "person_twice"),
    (EnrolPerson(NEW, (), BY), "guardians"),
    (EnrolPerson(NEW, (replace(SON, id="daughter"),), BY), "guardian_twice"),
    (EnrolPerson(NEW, (SON, SON), BY), "guardian_twice"),
    (EnrolPerson(replace(NEW, name=" "), (SON,), BY), "person_field"),
    (EnrolPerson(replace(NEW, name="😀"), (SON,), BY), "person_field"),
    (EnrolPerson(replace(NEW, level="soon"), (SON,), BY), "person_field"),
    (EnrolPerson(NEW, (replace(SON, number="010-1"),), BY), "guardian_field"),
    (ChangePerson(replace(NEW, id="nobody"), BY), "person"),
    (SetGuardian(replace(SON, person_id="nobody"), BY), "person"),
    (SetGuardian(replace(SON, person_id="soonja", after_min=9999), BY), "guardian_field"),
    (SetGuardian(replace(SON, person_id="soonja", role="king"), BY), "guardian_field"),
    (SetGuardian(replace(SON, person_id="soonja", hours={"from": "9", "until": "18"}), BY),
     "guardian_field"),
    (RemoveGuardian("nobody", BY), "guardian_unknown"),
    (PlaceDevice(Device("AB-2", "pillbox", "soonja"), BY), "box_twice"),
    (PlaceDevice(Device("AB 2", "careplug", "soonja"), BY), "device_field"),
    (RemoveDevice("AB-2", BY), "device_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "code"), REFUSED)
def test_what_the_configuration_would_not_take_is_refused(entry: Entry, code: str) -> None:
    """With its reason, and nothing of it becomes a fact."""
    assert refused(begun(NOON), entry)[0] == code


def test_the_last_one_who_is_told_cannot_go() -> None:
    """As in a file: a person has somebody to tell."""
    home = begun(NOON)
    done(home, RemoveGuardian("neighbour", BY))
    assert refused(home, RemoveGuardian("daughter", BY)) == ("guardian_last", {"name": "이지은"})


def test_two_who_add_somebody_at_once_do_not_overwrite_each_other() -> None:
    """Both were given the same fresh id: the second is refused, nobody falls off the ladder."""
    home = begun(NOON)
    (given,) = fresh_ids(home, GUARDIANS)
    done(home, SetGuardian(replace(SON, id=given, person_id="soonja"), BY, new=True))
    other = replace(SON, id=given, person_id="soonja", name="최영희", number="+821077778888")
    assert refused(home, SetGuardian(other, BY, new=True))[0] == "guardian_twice"
    assert len(home.household.roster.guardians_of("soonja")) == 3  # type: ignore[union-attr]


def test_an_id_that_only_an_older_file_had_is_given_to_nobody() -> None:
    """Facts of years stand under it, though the file has forgotten her."""
    home = begun(NOON)
    entry = EnrolPerson(replace(NEW, id="p2"), (replace(SON, id="g4"),), BY)
    before = home.household.roster
    assert before is not None
    older = replace(before, persons=(*before.persons, entry.person), devices=())
    older = replace(older, guardians=(*before.guardians, replace(SON, id="g4", person_id="p2")))
    home.fold(RosterSet(NOON, roster_to_json(older)))
    home.fold(RosterSet(NOON, roster_to_json(before)))
    assert "p2" not in fresh_ids(home, PERSONS, 9)
    assert "g4" not in fresh_ids(home, GUARDIANS, 9)


def test_nobody_is_worried_about_who_was_removed() -> None:
    """Her evening dose stays planned where it was; nobody opens an incident that nobody is told."""
    home = begun(NOON)
    done(home, EndCare("soonja", "moved", "2026-03-02", BY))
    assert settle(home, at("19:05")) == []


def test_a_box_that_was_taken_away_is_not_waited_for() -> None:
    """It is to ask for nothing more; what has begun stays planned, and is told as unknown."""
    for clock, told in (("12:00", []), ("18:45", ["dose_unconfirmed"])):
        home = begun(NOON)
        done(home, RemoveDevice(BOX, BY))
        made = make_schedule(home.household, BOX, at(clock))
        assert made is not None
        assert (made.slots, made.rules) == ((), ())
        home.fold(made)
        assert make_schedule(home.household, BOX, at(clock)) is None
        settle(home, at("19:05"))
        assert [i.worry for i in home.ledger.incidents.values()] == told


def test_a_box_that_comes_back_has_its_schedule_again_and_owes_nothing() -> None:
    """Placed again after three days: a new schedule, and no fault that the old one was not read."""
    home = begun(NOON)
    done(home, RemoveDevice(BOX, BY))
    gone = make_schedule(home.household, BOX, NOON)
    assert gone is not None
    home.fold(gone)
    later_ms = at("12:00", "2026-03-05")
    for fact in entered(home, PlaceDevice(Device(BOX, "pillbox", "soonja"), BY), later_ms):
        home.fold(fact)
    back = make_schedule(home.household, BOX, later_ms)
    assert back is not None
    assert (back.version, bool(back.slots)) == (gone.version + 1, True)
    home.fold(back)
    assert not is_stale(home.household, BOX, later_ms)


def test_every_field_of_a_row_is_checked_but_the_keys() -> None:
    """What a file may hold and a row has not would go unchecked: there is only the key."""
    sections = ladders.with_ladders(fields.MANY)
    box = Device(BOX, "pillbox", "p9")
    rows: dict[str, Person | Guardian | Device] = {"person": NEW, "guardian": SON, "device": box}
    for section, entry in rows.items():
        names = {"person" if n == "person_id" else n for n in entry_to_json(entry)}
        assert sections[section].keys() - names <= {"key_file", "bthome_key_file"}
        assert names <= sections[section].keys()
    assert unsound(PERSONS, NEW) is None


@pytest.mark.parametrize(
    ("typed", "number", "read"),
    [
        ("010-1234-5678", "+821012345678", "010-1234-5678"),
        ("010 1234 5678", "+821012345678", "010-1234-5678"),
        ("+82 (0)10-1234-5678", "+821012345678", "010-1234-5678"),
        ("02-123-4567", "+8221234567", "02-123-4567"),
        ("0031 6 12345678", "+31612345678", "+31612345678"),
        ("soon", "soon", "soon"),
        ("010", "010", "010"),
    ],
)
def test_a_number_is_taken_as_people_type_it(typed: str, number: str, read: str) -> None:
    """With dashes, blanks, the country or without; what is none comes back, to be refused."""
    assert (e164(typed), national(e164(typed))) == (number, read)
