"""One person's R4 bundle: what was prescribed, what the box saw, what persons said.

Knows: which fact is told in which resource. May not know: dosing, IO, a database, the time.

MedicationRequest: the prescription. Observation: a lid was opened, by the box. Medication-
Administration: what is inferred of a slot, each with a Provenance that says from what. Medication-
Statement: a person's word. A slot is one pouch, so its administration names the pouch and never a
single drug of several. Status: taken completed, missed and skipped not-done with the reason,
unknown and doubtful unknown. Not told: paused slots (nobody watches them), those not over yet, and
an administration of what is taken by word only.
"""

from __future__ import annotations

import hashlib
from typing import Any

from gateway.adherence.outcomes import How
from gateway.fhir.codes import MED_MINDER
from gateway.fhir.export_input import TOLD, SlotFact, Told
from gateway.fhir.export_slots import (
    Names,
    administration,
    instant,
    observation,
    opening_of,
    provenance,
    statement,
)
from gateway.fhir.requests import to_request
from gateway.fhir.resources import ACTIVE
from gateway.prescription.medication import Medication

Resource = dict[str, Any]
VERSION_5 = 5
COMPLETED = "completed"


def bundle(told: Told) -> Resource:
    """The Bundle of all that is told, of type collection; the same facts give the same bytes.

    Raises Unsayable for a medication that has no Dosage, KeyError for a slot's drug that is not
    among the medications, ValueError for what is not of this person.
    """
    _of_one_person(told)
    names = Names(
        person=_uuid("Patient", told.person_id),
        device=_uuid("Device", told.device_id),
        requests={k: _uuid("MedicationRequest", told.person_id, k) for k in told.medications},
    )
    resources = [
        (names.person, _patient(told)),
        (names.device, _device(told, names)),
        *((names.requests[k], _request(told, names, m)) for k, m in told.medications.items()),
        *_observations(told, names),
        *_slots(told, names),
        *_statements(told, names),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": instant(told.as_of_ms, told.zone),
        "entry": [
            {"fullUrl": f"urn:uuid:{key}", "resource": {**resource, "id": key}}
            for key, resource in resources
        ],
    }


def _of_one_person(told: Told) -> None:
    slots = [*(s.slot for s in told.slots), *(w.slot for w in told.words)]
    slots += [o.slot for o in told.openings if o.slot]
    for slot in slots:
        if slot.person_id != told.person_id:
            raise ValueError(f"{slot} is not of {told.person_id}")


def _uuid(*parts: str) -> str:
    """A name-based id: the same thing has the same one in every export."""
    digest = bytearray(hashlib.sha256("\n".join(parts).encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | VERSION_5 << 4
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _patient(told: Told) -> Resource:
    whole: Resource = {"resourceType": "Patient", "identifier": [{"value": told.person_id}]}
    return {**whole, "name": [{"text": told.name}]} if told.name else whole


def _device(told: Told, names: Names) -> Resource:
    return {
        "resourceType": "Device",
        "identifier": [{"value": told.device_id}],
        "type": {"coding": [MED_MINDER], "text": "pill box"},
        "patient": names.patient(),
    }


def _request(told: Told, names: Names, medication: Medication) -> Resource:
    last = medication.last_day()
    over = last is not None and last.isoformat() < instant(told.as_of_ms, told.zone)[:10]
    return to_request(medication, names.patient(), COMPLETED if over else ACTIVE)


def _observations(told: Told, names: Names) -> list[tuple[str, Resource]]:
    return [
        (_uuid("Observation", o.record), observation(o, names, told.zone)) for o in told.openings
    ]


def _slots(told: Told, names: Names) -> list[tuple[str, Resource]]:
    """Of each slot that is over its administration, and where that comes from."""
    found = []
    for fact in told.slots:
        if fact.state in TOLD and fact.how is not How.BY_WORD:
            found += _slot(told, names, fact)
    return found


def _slot(told: Told, names: Names, fact: SlotFact) -> list[tuple[str, Resource]]:
    given = _uuid("MedicationAdministration", str(fact.slot))
    seen = opening_of(fact, told.openings)
    source = _uuid("Observation", seen.record) if seen else None
    return [
        (given, administration(fact, told.medications, names, told.zone)),
        (
            _uuid("Provenance", str(fact.slot)),
            provenance(fact, given, source, names, instant(told.as_of_ms, told.zone)),
        ),
    ]


def _statements(told: Told, names: Names) -> list[tuple[str, Resource]]:
    drugs = {fact.slot: fact.drugs for fact in told.slots}
    found = []
    for word in sorted(set(told.words)):
        key = _uuid(
            "MedicationStatement", *map(str, (word.slot, word.at_ms, word.by, word.taken, word.why))
        )
        own = drugs.get(word.slot, ())
        found.append((key, statement(word, own, told.medications, names, told)))
    return found
