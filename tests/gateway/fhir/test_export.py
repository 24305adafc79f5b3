"""One person's bundle: what is told of slots, openings and words, and in which resource.

Knows: the resources. May not know: a database, the box.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from anbu_wire import messages as wire
from gateway.adherence.metrics_input import Correction
from gateway.adherence.outcomes import How, Reason, State
from gateway.events import SlotId
from gateway.fhir.export import bundle
from gateway.fhir.export_input import TOLD, Opening, SlotFact, Told, slot_facts
from gateway.fhir.requests import read_bundle
from gateway.prescription.medication import AtMeals, Relation
from tests.gateway.adherence.records import BY_HAND
from tests.gateway.fhir.judges import must_be_bundle
from tests.gateway.fhir.medications import line
from tests.gateway.home_facts import at

Json = dict[str, Any]
SEOUL = ZoneInfo("Asia/Seoul")
DAY = "2026-03-02"
MEDICATIONS = {
    "amlodipine": replace(
        line(AtMeals(("morning",))), strength="5mg", dispensed_on=date(2026, 3, 1)
    ),
    "metformin": replace(line(AtMeals(("morning",), Relation.AFTER, 30)), name="메트포르민"),
}
SLOT = SlotId("soonja", DAY, 0)
FACT = SlotFact(
    slot=SLOT,
    label="morning",
    opens_ms=at("07:00", DAY),
    closes_ms=at("09:00", DAY),
    state=State.TAKEN,
    reason=Reason.BOX_SAYS_TAKEN.value,
    opened_ms=at("08:05", DAY),
    drugs=("amlodipine",),
    how=How.ON_TIME,
)
OPENING = Opening("box/1/7", 0, "as_due", at("08:05", DAY), SLOT)
TOLD_NOW = Told(
    person_id="soonja",
    name="김순자",
    zone=SEOUL,
    device_id="box-1",
    as_of_ms=at("12:00", "2026-03-20"),
    medications=MEDICATIONS,
    slots=(FACT,),
    openings=(OPENING,),
)


def of_type(told: Told, kind: str) -> list[Json]:
    """The bundle's resources of one type; the bundle is valid R4."""
    whole = bundle(told)
    must_be_bundle(whole)
    return [e["resource"] for e in whole["entry"] if e["resource"]["resourceType"] == kind]


def ended(state: State, reason: str = "because", **more: Any) -> Told:  # noqa: ANN401  # of SlotFact
    """The same with a slot that ended so."""
    return replace(TOLD_NOW, slots=(replace(FACT, state=state, reason=reason, **more),))


def test_a_taken_dose_is_inferred_from_its_opening() -> None:
    """It is completed when the lid was opened, and its provenance points to that opening."""
    (given_,) = of_type(TOLD_NOW, "MedicationAdministration")
    (seen,) = of_type(TOLD_NOW, "Observation")
    (source,) = of_type(TOLD_NOW, "Provenance")
    assert given_["status"] == "completed"
    assert given_["effectiveDateTime"] == "2026-03-02T08:05:00+09:00"
    assert given_["medicationCodeableConcept"] == {"text": "암로디핀 5mg"}
    assert source["activity"] == {"text": "inferred from opening"}
    assert source["target"] == [{"reference": f"urn:uuid:{given_['id']}"}]
    assert source["entity"][0]["what"] == {"reference": f"urn:uuid:{seen['id']}"}


@pytest.mark.parametrize("state", [State.MISSED, State.SKIPPED])
def test_a_dose_not_opened_is_not_done_with_its_reason(state: State) -> None:
    """Missed and skipped are not-done over their window, and say why."""
    (given_,) = of_type(ended(state, "box_says_so", opened_ms=None), "MedicationAdministration")
    assert given_["status"] == "not-done"
    assert given_["statusReason"] == [{"text": f"{state}: box_says_so"}]
    assert given_["effectivePeriod"] == {
        "start": "2026-03-02T07:00:00+09:00",
        "end": "2026-03-02T09:00:00+09:00",
    }


@pytest.mark.parametrize("state", [State.UNKNOWN, State.DOUBTFUL])
def test_unknown_is_never_told_as_missed(state: State) -> None:
    """What nobody knows is unknown, gives no reason for a miss, and is not said to be inferred."""
    told = replace(ended(state, "no_records", opened_ms=None), openings=())
    (given_,) = of_type(told, "MedicationAdministration")
    (source,) = of_type(told, "Provenance")
    assert given_["status"] == "unknown"
    assert "statusReason" not in given_
    assert source["activity"]["text"].startswith("not inferred")
    assert "entity" not in source


@pytest.mark.parametrize("state", sorted(set(State) - TOLD))
def test_what_is_not_over_is_not_told(state: State) -> None:
    """No administration of a slot that is not over, or that nobody watched by plan."""
    assert of_type(ended(state), "MedicationAdministration") == []


def test_a_dose_by_word_is_a_statement_only() -> None:
    """Nobody saw a lid: there is a statement of whoever said it, and no administration."""
    word = Correction(at("21:00", DAY), SLOT, 1, "Daughter", "saw the empty pouch")
    told = replace(ended(State.TAKEN, how=How.BY_WORD), words=(word,), openings=())
    assert of_type(told, "MedicationAdministration") == []
    (said,) = of_type(told, "MedicationStatement")
    assert (said["status"], said["dateAsserted"]) == ("completed", "2026-03-02T21:00:00+09:00")
    assert said["informationSource"] == {"display": "Daughter"}
    assert "saw the empty pouch" in said["note"][0]["text"]


def test_a_word_against_stands_beside_the_record() -> None:
    """A word of not taken is told as said; what the box saw stays as it saw it."""
    word = Correction(at("21:00", DAY), SLOT, 0, "soonja", "spat it out")
    told = replace(TOLD_NOW, words=(word,))
    (said,) = of_type(told, "MedicationStatement")
    (patient,) = of_type(told, "Patient")
    assert said["status"] == "not-taken"
    assert said["informationSource"] == {"reference": f"urn:uuid:{patient['id']}"}
    assert of_type(told, "MedicationAdministration")[0]["status"] == "completed"


def test_a_pouch_names_no_single_drug() -> None:
    """Several drugs are one pouch with all of them inside; unknown ones are called so."""
    (given_,) = of_type(ended(State.TAKEN, drugs=tuple(MEDICATIONS)), "MedicationAdministration")
    assert given_["medicationReference"] == {"reference": "#pouch"}
    inside = given_["contained"][0]["ingredient"]
    assert [i["itemCodeableConcept"]["text"] for i in inside] == ["암로디핀 5mg", "메트포르민"]
    assert len(given_["supportingInformation"]) == 2
    (given_,) = of_type(ended(State.TAKEN, drugs=()), "MedicationAdministration")
    assert given_["medicationCodeableConcept"] == {"text": "pouch, its drugs not known"}


def test_only_an_opening_as_due_is_coded_as_dispensed() -> None:
    """11073-10472's "fixed dose dispensed" is said of an opening as due; others are text."""
    refill = Opening("box/1/8", 3, "refill", None)
    due, other = of_type(replace(TOLD_NOW, openings=(OPENING, refill)), "Observation")
    assert due["code"]["coding"][0]["code"] == str(130 * 65536 + 13312)
    assert due["valueQuantity"] == {"value": 1, "unit": "pouch"}
    assert due["component"][0]["valueInteger"] == 0
    assert other["code"] == {"text": "pill box lid opened: refill"}
    assert "valueQuantity" not in other
    assert "effectiveDateTime" not in other


def test_the_first_opening_of_its_own_slot_is_the_source() -> None:
    """Of several openings the source is the first as due, and of that slot."""
    openings = (
        Opening("box/1/1", 0, "again", at("07:59", DAY), SLOT),
        Opening("box/1/2", 1, "as_due", at("08:00", DAY), SlotId("soonja", DAY, 1)),
        Opening("box/1/3", 0, "as_due", at("08:30", DAY), SLOT),
        OPENING,
    )
    (source,) = of_type(replace(TOLD_NOW, openings=openings), "Provenance")
    seen = {
        f"urn:uuid:{o['id']}": o["identifier"][0]["value"]
        for o in of_type(replace(TOLD_NOW, openings=openings), "Observation")
    }
    assert seen[source["entity"][0]["what"]["reference"]] == OPENING.record


def test_doses_as_needed_are_no_slots() -> None:
    """A dose as needed was never due: it cannot be missed, and its window is not told."""
    fact = BY_HAND.facts[0]
    (told,) = slot_facts((fact, replace(fact, as_needed=True)))
    assert (fact.due_ms - told.opens_ms, told.closes_ms - fact.due_ms) == (3_600_000, 3_600_000)


def test_an_untrusted_time_is_not_told() -> None:
    """Opened at a time that nobody can trust: only the day the dose belongs to."""
    (given_,) = of_type(ended(State.TAKEN, opened_ms=None), "MedicationAdministration")
    assert given_["effectiveDateTime"] == DAY


def test_a_prescription_that_is_over_is_completed() -> None:
    """Its last day before the day of telling: completed; others active and read back the same."""
    later = replace(TOLD_NOW, as_of_ms=at("00:00", "2026-03-31"))
    assert [r["status"] for r in of_type(later, "MedicationRequest")] == ["completed", "active"]
    last_day = replace(TOLD_NOW, as_of_ms=at("23:59", "2026-03-30"))
    assert [r["status"] for r in of_type(last_day, "MedicationRequest")] == ["active", "active"]
    assert read_bundle(bundle(last_day)).medications == tuple(MEDICATIONS.values())


def test_the_same_facts_give_the_same_bundle() -> None:
    """Ids come from what is told: an export again is the same, and no id stands there twice."""
    assert bundle(TOLD_NOW) == bundle(TOLD_NOW)
    ids = [e["fullUrl"] for e in bundle(TOLD_NOW)["entry"]]
    assert len(set(ids)) == len(ids)


def test_nothing_of_another_person_is_told() -> None:
    """A slot of somebody else is refused, not exported."""
    other = replace(FACT, slot=SlotId("other", DAY, 0))
    with pytest.raises(ValueError, match="other/2026-03-02/0 is not of soonja"):
        bundle(replace(TOLD_NOW, slots=(other,)))


def test_the_metrics_facts_are_told_whole() -> None:
    """Ten days of the metrics' own record: each ended slot has administration and provenance."""
    facts = slot_facts(BY_HAND.facts, {BY_HAND.facts[0].slot: Reason.BOX_SAYS_TAKEN})
    told = replace(TOLD_NOW, slots=facts)
    over = [f for f in BY_HAND.facts if f.state in TOLD]
    given_ = of_type(told, "MedicationAdministration")
    assert len(given_) == len(of_type(told, "Provenance")) == len(over) > 0
    taken = sum(f.state is State.TAKEN for f in over)
    assert sum(g["status"] == "completed" for g in given_) == taken
    assert facts[0].reason == "box_says_taken"


def test_the_word_as_due_is_the_boxs() -> None:
    """The one meaning this room knows is the name of the box's own value."""
    assert OPENING.meaning.upper() == next(
        name.removeprefix("OPENED_")
        for name, value in vars(wire).items()
        if name.startswith("OPENED_") and value == wire.OPENED_AS_DUE
    )
