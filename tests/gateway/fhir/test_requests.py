"""Bag lines as MedicationRequests, and bundles of others read.

Knows: requests and bundles. May not know: outcomes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.fhir.nodes import Refused
from gateway.fhir.requests import read_bundle, to_bundle, to_request
from gateway.fhir.timing import canonical
from gateway.prescription.medication import AtMeals, Medication, Relation
from tests.gateway.fhir.foreign import A_MONTH, AFTER_BREAKFAST, bundle, coded, dosage, request
from tests.gateway.fhir.judges import must_be_bundle
from tests.gateway.fhir.medications import FIXTURES, THREE, line, medications
from tests.gateway.prescription.good_lines import GOOD

Json = dict[str, Any]
SUBJECT = {"reference": "Patient/soonja"}
BAG = replace(
    line(AtMeals(THREE, Relation.AFTER, 30)),
    strength="5mg",
    dispensed_on=date(2026, 3, 2),
    storage="냉장",
    pharmacy_phone="053-000-0000",
    drug_class="anticoagulant",
)


def test_every_field_of_the_bag_has_its_element() -> None:
    """Name and strength are read by others too; date, supply and phone stand where R4 has them."""
    written = to_request(BAG, SUBJECT)
    assert written["medicationCodeableConcept"] == {"text": "암로디핀 5mg"}
    assert written["authoredOn"] == "2026-03-02"
    assert written["dispenseRequest"]["expectedSupplyDuration"] == A_MONTH
    assert written["dispenseRequest"]["performer"] == {"reference": "#pharmacy"}
    (pharmacy,) = written["contained"]
    assert pharmacy["telecom"] == [{"system": "phone", "value": "053-000-0000"}]
    assert {e["url"].rpartition(":")[2]: e["valueString"] for e in written["extension"]} == {
        "strength": "5mg",
        "storage": "냉장",
        "drug-class": "anticoagulant",
    }


@pytest.mark.parametrize("medication", [*FIXTURES, BAG])
def test_bundle_goes_round(medication: Medication) -> None:
    """Medication → bundle → Medication is the same, and the bundle again the same bundle."""
    written = to_bundle([medication], SUBJECT)
    must_be_bundle(written)
    read = read_bundle(json.loads(json.dumps(written)))
    assert read.medications == (canonical(medication),)
    assert read.left_out == ()
    assert to_bundle(read.medications, SUBJECT) == written


@given(st.lists(medications(), max_size=4))
def test_any_bag_goes_round(bag: list[Medication]) -> None:
    """The same for any bag of any lines; every bundle is valid R4."""
    written = to_bundle(bag, SUBJECT)
    must_be_bundle(written)
    read = read_bundle(written)
    assert read.medications == tuple(canonical(m) for m in bag)
    assert to_bundle(read.medications, SUBJECT) == written


def without(whole: Json, key: str) -> Json:
    return {k: v for k, v in whole.items() if k != key}


FREE = dosage(AFTER_BREAKFAST)
FREE["timing"] = {"repeat": AFTER_BREAKFAST}


@pytest.mark.parametrize(
    ("written", "place", "expected"),
    [
        (request(status="draft"), "status", "active"),
        (without(request(), "status"), "status", "active"),
        (request(intent="proposal"), "intent", "order"),
        (request(doNotPerform=True), "doNotPerform", "no order not to"),
        (request(modifierExtension=[{}]), "modifierExtension", "it may change the meaning"),
        (request(implicitRules="urn:x"), "implicitRules", "it may change the meaning"),
        (request(authoredOn="2026-03"), "authoredOn", "YYYY-MM-DD"),
        (request(authoredOn="2026-02-30"), "authoredOn", "YYYY-MM-DD"),
        (request(authoredOn=20260302), "authoredOn", "YYYY-MM-DD"),
        (without(request(), "subject"), "subject", "a Reference"),
        (request(medicationCodeableConcept={}), "medicationCodeableConcept", "name: text"),
        (request(medicationReference={"reference": "Medication/1"}), "medicationReference",
         "a Medication in this bundle"),
        (request(extension=[{"url": "urn:x-anbu:fhir:strength", "valueString": "9mg"}]),
         "extension[0].valueString", "the end of the medication's text “암로디핀 5mg”"),
        (request(dosageInstruction=[FREE]), "dispenseRequest.expectedSupplyDuration",
         "the days' supply"),
        (request(dispenseRequest={"expectedSupplyDuration": {**A_MONTH, "value": 7}}),
         "dispenseRequest.expectedSupplyDuration", "30 d"),
        (request(dispenseRequest={"expectedSupplyDuration": {**A_MONTH, "code": "mo"}}),
         "dispenseRequest.expectedSupplyDuration.code", "d (or wk)"),
        (without(request(), "dosageInstruction"), "dosageInstruction", "at least one Dosage"),
        (request(dosageInstruction=[coded("BID")]), "dosageInstruction[0].timing.code",
         "institution's own times"),
    ],
)  # fmt: skip
def test_a_request_that_is_not_understood_is_refused(
    written: Json, place: str, expected: str
) -> None:
    """The place in the bundle is told, with what stands there and what was expected."""
    with pytest.raises(Refused) as refused:
        read_bundle(bundle(request(), written))
    there = f"Bundle.entry[1].resource.{place}"
    problems = [p for p in refused.value.problems if p.place == there]
    assert problems, refused.value
    assert expected in problems[0].wanted("en")


def test_all_mistakes_of_a_bundle_are_told_at_once() -> None:
    """Two requests with a mistake each are two problems, and no bag line comes of the bundle."""
    wrong = request(dosageInstruction=[coded("TID")])
    with pytest.raises(Refused) as refused:
        read_bundle(bundle(wrong, request(), request(authoredOn="today")))
    assert [p.place for p in refused.value.problems] == [
        "Bundle.entry[0].resource.dosageInstruction[0].timing.code",
        "Bundle.entry[2].resource.authoredOn",
    ]


def test_prescriptions_of_two_persons_are_refused() -> None:
    """A bundle is of one person: nobody gets another's medicine."""
    with pytest.raises(Refused, match="the same person"):
        read_bundle(bundle(request(), request(subject={"reference": "Patient/other"})))


@pytest.mark.parametrize("status", ["on-hold", "cancelled", "completed", "stopped"])
def test_what_is_over_is_left_out(status: str) -> None:
    """A request that no longer stands is no mistake and no bag line; it is told as left out."""
    read = read_bundle(bundle(request(status=status), request()))
    assert len(read.medications) == 1
    assert [(x.place, x.found) for x in read.left_out] == [
        ("Bundle.entry[0].resource.status", f'"{status}"')
    ]


def test_names_are_found_where_others_put_them() -> None:
    """A Medication in the bundle, one contained, or a code's display is the name."""
    drug = {"resourceType": "Medication", "id": "m", "code": {"text": "와파린"}}
    plain = without(request(), "medicationCodeableConcept")
    beside = {**plain, "medicationReference": {"reference": "Medication/m"}}
    inside = {**plain, "medicationReference": {"reference": "#m"}, "contained": [drug]}
    shown = request(medicationCodeableConcept={"coding": [{"code": "1", "display": "와파린"}]})
    read = read_bundle(bundle(drug, beside, inside, shown))
    assert [m.name for m in read.medications] == ["와파린"] * 3


def test_one_phone_is_the_pharmacys_several_are_told() -> None:
    """A dispenser with two phones has none that we could choose; both are told as left out."""
    one = {"system": "phone", "value": "053-1"}
    for phones, wanted in (([one], "053-1"), ([one, {**one, "value": "053-2"}], "")):
        pharmacy = {"resourceType": "Organization", "id": "p", "telecom": phones}
        supply = {"performer": {"reference": "Organization/p"}}
        read = read_bundle(bundle(pharmacy, request(dispenseRequest=supply)))
        assert read.medications[0].pharmacy_phone == wanted
        assert len(read.left_out) == (0 if wanted else 2)


@pytest.mark.parametrize(("text", "medication"), GOOD)
def test_what_pharmacists_write_goes_round(text: str, medication: Medication) -> None:
    """What a line of shorthand says can be written as FHIR and is read back the same."""
    written = to_bundle([medication], SUBJECT)
    must_be_bundle(written)
    assert read_bundle(written).medications == (canonical(medication),), text


def test_what_a_bag_does_not_carry_is_told() -> None:
    """Repeats, the prescriber and a foreign code are named with their place, not dropped unseen."""
    written = request(
        requester={"display": "Dr. Kim"},
        dispenseRequest={"numberOfRepeatsAllowed": 2},
        medicationCodeableConcept={"text": "와파린", "coding": [{"code": "1"}]},
    )
    places = {x.place.removeprefix("Bundle.entry[0].resource.") for x in
              read_bundle(bundle(written)).left_out}  # fmt: skip
    assert places == {
        "requester",
        "dispenseRequest.numberOfRepeatsAllowed",
        "medicationCodeableConcept.coding[0]",
    }


@pytest.mark.parametrize("value", [None, [], "Bundle", {"resourceType": "Patient"}])
def test_what_is_no_bundle_is_refused(value: object) -> None:
    """Anything but a Bundle is refused at its type."""
    with pytest.raises(Refused, match=r"Bundle.resourceType: found .*, expected Bundle"):
        read_bundle(value)


def test_a_time_of_writing_gives_its_day() -> None:
    """Where authoredOn has a time, it is the day as it is written there."""
    read = read_bundle(bundle(request(authoredOn="2026-03-02T23:30:00+09:00")))
    assert read.medications[0].dispensed_on == date(2026, 3, 2)
