"""Openings, slots and words as R4 resources, each by itself.

Knows: Observation, MedicationAdministration, Provenance, MedicationStatement.
May not know: the bundle around them, IO, the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.adherence.metrics_facts import THE_BOX
from gateway.adherence.metrics_input import Correction
from gateway.adherence.outcomes import State
from gateway.fhir.codes import DISPENSED_FIXED
from gateway.fhir.export_input import AS_DUE, Opening, SlotFact, Told
from gateway.fhir.requests import named
from gateway.prescription.medication import Medication

Resource = dict[str, Any]
POUCH = "pouch"
STATUS = {
    State.TAKEN: "completed",
    State.MISSED: "not-done",
    State.SKIPPED: "not-done",
    State.DOUBTFUL: "unknown",
    State.UNKNOWN: "unknown",
}
INFERRED = {
    State.TAKEN: "inferred from opening",
    State.MISSED: "inferred from the box's record: not opened in its window",
    State.SKIPPED: "inferred from the box's record: skipped",
    State.DOUBTFUL: "not inferred: the record of the box is doubtful",
    State.UNKNOWN: "not inferred: nobody watched the window to its end",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Ids of what the others point to."""

    person: str
    device: str
    requests: Mapping[str, str]

    def patient(self) -> Resource:
        """A reference to the person."""
        return refer(self.person)

    def box(self) -> Resource:
        """A reference to the pill box."""
        return refer(self.device)


def refer(key: str) -> Resource:
    """A reference to another entry of the bundle."""
    return {"reference": f"urn:uuid:{key}"}


def instant(at_ms: int, zone: ZoneInfo) -> str:
    """A moment to the second, with the offset of the person's zone."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone).isoformat()


def opening_of(fact: SlotFact, openings: Iterable[Opening]) -> Opening | None:
    """The opening as due that the slot's end comes from: the first of it."""
    own = [o for o in openings if o.slot == fact.slot and o.meaning == AS_DUE]
    return min(own, key=lambda o: (o.at_ms is None, o.at_ms or 0, o.record), default=None)


def observation(opening: Opening, names: Names, zone: ZoneInfo) -> Resource:
    """A lid was opened. Only as due it is a pouch dispensed, and coded so."""
    due = opening.meaning == AS_DUE
    code: Resource = {"text": f"pill box lid opened: {opening.meaning}"}
    whole: Resource = {
        "resourceType": "Observation",
        "identifier": [{"value": opening.record}],
        "status": "final",
        "code": {**({"coding": [DISPENSED_FIXED]} if due else {}), **code},
        "subject": names.patient(),
        "device": names.box(),
        "component": [
            {"code": {"text": "compartment"}, "valueInteger": opening.compartment},
        ],
    }
    if due:
        whole["valueQuantity"] = {"value": 1, "unit": POUCH}
    if opening.at_ms is not None:
        whole["effectiveDateTime"] = instant(opening.at_ms, zone)
    return whole


def administration(
    fact: SlotFact, medications: Mapping[str, Medication], names: Names, zone: ZoneInfo
) -> Resource:
    """What is inferred of a slot: when it was opened, else its window."""
    whole: Resource = {
        "resourceType": "MedicationAdministration",
        "identifier": [{"value": str(fact.slot)}],
        "status": STATUS[fact.state],
        **_pouch(fact.drugs, medications),
        "subject": names.patient(),
        "device": [names.box()],
    }
    if STATUS[fact.state] == "not-done":
        whole["statusReason"] = [{"text": f"{fact.state}: {fact.reason}"}]
    whole["note"] = [{"text": f"slot {fact.label}, {fact.state}: {fact.reason}"}]
    if len(fact.drugs) == 1:
        whole["request"] = refer(names.requests[fact.drugs[0]])
    elif fact.drugs:
        whole["supportingInformation"] = [refer(names.requests[d]) for d in fact.drugs]
    if fact.state is State.TAKEN and fact.opened_ms is not None:
        return {**whole, "effectiveDateTime": instant(fact.opened_ms, zone)}
    if fact.state is State.TAKEN:  # some time of its day: the box's clock cannot be trusted
        return {**whole, "effectiveDateTime": fact.slot.day}
    window = {"start": instant(fact.opens_ms, zone), "end": instant(fact.closes_ms, zone)}
    return {**whole, "effectivePeriod": window}


def _pouch(drugs: tuple[str, ...], medications: Mapping[str, Medication]) -> Resource:
    """What was in the compartment: one drug by its name, several as a contained Medication."""
    if len(drugs) == 1:
        return {"medicationCodeableConcept": named(medications[drugs[0]])}
    if not drugs:
        return {"medicationCodeableConcept": {"text": f"{POUCH}, its drugs not known"}}
    inside = [{"itemCodeableConcept": named(medications[d])} for d in drugs]
    pouch = {"resourceType": "Medication", "id": POUCH, "code": {"text": POUCH}}
    return {
        "contained": [{**pouch, "ingredient": inside}],
        "medicationReference": {"reference": f"#{POUCH}"},
    }


def provenance(
    fact: SlotFact, target: str, source: str | None, names: Names, recorded: str
) -> Resource:
    """From what the administration was inferred, or why it was not."""
    whole: Resource = {
        "resourceType": "Provenance",
        "target": [refer(target)],
        "recorded": recorded,
        "activity": {"text": INFERRED[fact.state]},
        "agent": [{"who": names.box(), "type": {"text": "pill box and its gateway"}}],
    }
    if source is not None:
        whole["entity"] = [{"role": "source", "what": refer(source)}]
    return whole


def statement(
    word: Correction,
    drugs: tuple[str, ...],
    medications: Mapping[str, Medication],
    names: Names,
    told: Told,
) -> Resource:
    """What a person said of a slot, who said it and why they know."""
    own = word.by in {told.person_id, THE_BOX}  # who presses the box's button is the person
    who = names.patient() if own else {"display": word.by}
    whole: Resource = {
        "resourceType": "MedicationStatement",
        "status": "completed" if word.taken else "not-taken",
        **_pouch(drugs, medications),
        "subject": names.patient(),
        "effectiveDateTime": word.slot.day,
        "dateAsserted": instant(word.at_ms, told.zone),
        "informationSource": who,
        "note": [{"text": f"slot {word.slot}: {word.taken} taken, {word.why}"}],
    }
    if drugs:
        whole["basedOn"] = [refer(names.requests[d]) for d in drugs]
    return whole
