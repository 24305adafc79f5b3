"""A history as FHIR: from the log to a bundle that others read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from anbu_wire import messages as wire
from gateway.adherence.history import history
from gateway.adherence.spoken import BY_WORD
from gateway.events import DoseCorrected, Event, NotMonitored
from gateway.fhir.export import bundle
from gateway.fhir.requests import read_bundle
from gateway.fhir.told import told
from tests.gateway.adherence.lived import (
    PERSON,
    Life,
    about,
    begin,
    folded,
    lives,
    planned,
    prescribed,
)
from tests.gateway.fhir.judges import must_be_bundle
from tests.gateway.home_facts import BOX, at

Json = dict[str, Any]
DAY, NEXT = "2026-03-02", "2026-03-03"
SLOTS = tuple(planned(day, "morning", ("1/0",)) for day in (DAY, NEXT))
OPENED = (
    about(SLOTS[0], 1, wire.LID_OPENED, 5, value=wire.OPENED_AS_DUE),
    about(SLOTS[0], 2, wire.SLOT_TAKEN, 5, value=1),
)
MISSED = about(SLOTS[1], 3, wire.SLOT_MISSED, 120)


def _bundle(*facts: Event) -> Json:
    """What is told of two mornings and these facts; it is valid R4."""
    bag = prescribed(1, "암로디핀", DAY, 30)
    house = folded([*begin(SLOTS, at("00:00", DAY)), bag, *facts])
    whole = bundle(told(history(house, PERSON, DAY, NEXT, at("12:00", "2026-03-05"))))
    must_be_bundle(whole)
    return whole


def _of(whole: Json, kind: str) -> list[Json]:
    return [e["resource"] for e in whole["entry"] if e["resource"]["resourceType"] == kind]


def test_from_the_log_to_the_bundle() -> None:
    """Prescription, opening by the box, what is inferred of each slot, and from what."""
    whole = _bundle(*OPENED, MISSED)
    (seen,) = _of(whole, "Observation")
    assert seen["identifier"] == [{"value": f"{BOX}/7/1"}]
    given_ = _of(whole, "MedicationAdministration")
    assert [g["status"] for g in given_] == ["completed", "not-done"]
    assert given_[0]["effectiveDateTime"] == "2026-03-02T08:05:00+09:00"
    assert {g["medicationCodeableConcept"]["text"] for g in given_} == {"암로디핀"}
    assert _of(whole, "Provenance")[0]["entity"][0]["what"]["reference"].endswith(seen["id"])
    assert _of(whole, "MedicationStatement") == []


def test_the_prescription_comes_back() -> None:
    """What was written down is read from the bundle as it was."""
    (read,) = read_bundle(_bundle(*OPENED)).medications
    bag = prescribed(1, "암로디핀", DAY, 30)
    house = folded([*begin(SLOTS, at("00:00", DAY)), bag])
    (written,) = history(house, PERSON, DAY, NEXT, at("12:00", NEXT)).medications.values()
    assert replace(read, drug_class=written.drug_class) == written


def test_a_word_is_told_beside_what_the_box_saw() -> None:
    """A correction is a statement with its teller; the administration stays the box's."""
    word = DoseCorrected(at("21:00", NEXT), SLOTS[1].slot, 1, "이지은", "saw the empty pouch")
    whole = _bundle(*OPENED, MISSED, word)
    (said,) = _of(whole, "MedicationStatement")
    assert said["informationSource"] == {"display": "이지은"}
    assert [g["status"] for g in _of(whole, "MedicationAdministration")] == [
        "completed",
        "not-done",
    ]


@pytest.mark.parametrize("by", ["box", "Box", "gateway"])
def test_nobody_becomes_the_person_by_a_name(by: str) -> None:
    """Whatever somebody calls herself, what she entered is not told as the person's own word."""
    word = DoseCorrected(at("21:00", NEXT), SLOTS[1].slot, 1, by, "saw the empty pouch")
    (said,) = _of(_bundle(*OPENED, MISSED, word), "MedicationStatement")
    assert said["informationSource"] == {"display": by}


def test_the_boxs_button_is_pressed_by_the_person() -> None:
    """OK at the box is her own word."""
    pressed = about(SLOTS[1], 3, wire.SLOT_TAKEN, 30, value=BY_WORD)
    (said,) = _of(_bundle(*OPENED, pressed), "MedicationStatement")
    assert "display" not in said["informationSource"]


@pytest.mark.parametrize(("stay", "told_slots"), [(DAY, 2), (NEXT, 1)])
def test_a_day_nobody_could_see_is_no_miss(stay: str, told_slots: int) -> None:
    """In hospital nothing is not-done; what a hand opened there is told all the same."""
    away = NotMonitored(at("12:00", NEXT), PERSON, stay, stay, "hospital", "daughter")
    given_ = _of(_bundle(*OPENED, MISSED, away), "MedicationAdministration")
    assert len(given_) == told_slots
    assert [g["status"] for g in given_ if g["identifier"][0]["value"] == str(SLOTS[0].slot)] == [
        "completed"
    ]


@settings(max_examples=40)
@given(life=lives())
def test_any_life_is_a_valid_bundle(life: Life) -> None:
    """Whatever happened, all of it can be told, and fhir.resources accepts it."""
    house = folded(life.in_order())
    whole = bundle(told(history(house, PERSON, life.from_day, life.to_day, life.ends_ms())))
    must_be_bundle(whole)
    openings = [f for f in life.device if getattr(f, "record_kind", None) == wire.LID_OPENED]
    assert len(_of(whole, "Observation")) == len(openings)
