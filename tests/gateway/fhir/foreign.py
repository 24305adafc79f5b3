"""Dosages and requests as other systems write them.

Knows: R4's shapes. May not know: what we make of them.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
A_MONTH: Json = {"value": 30, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
DAILY: Json = {"frequency": 1, "period": 1, "periodUnit": "d"}
AFTER_BREAKFAST: Json = {**DAILY, "when": ["PCM"]}


def dosage(repeat: Json | None = None, **more: object) -> Json:
    """A Dosage of one tablet; `repeat` is bounded to a month."""
    whole: Json = {"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "T"}}]}
    if repeat is not None:
        whole["timing"] = {"repeat": {"boundsDuration": A_MONTH, **repeat}}
    return {**whole, **more}


def coded(code: str, repeat: Json | None = None) -> Json:
    """A Dosage whose timing has a code, and perhaps a repeat."""
    system = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
    timing: Json = {"code": {"coding": [{"system": system, "code": code}], "text": code}}
    if repeat is not None:
        timing["repeat"] = {"boundsDuration": A_MONTH, **repeat}
    return dosage(timing=timing)


def dose(quantity: Json, **more: object) -> Json:
    """A Dosage after breakfast of this quantity."""
    return dosage(AFTER_BREAKFAST, doseAndRate=[{"doseQuantity": quantity}], **more)


def request(**more: object) -> Json:
    """A MedicationRequest of one tablet after breakfast for a month."""
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "암로디핀 5mg"},
        "subject": {"reference": "Patient/soonja"},
        "authoredOn": "2026-03-02",
        "dosageInstruction": [dosage(AFTER_BREAKFAST)],
        **more,
    }


def bundle(*resources: object) -> Json:
    """These resources, found by somebody's search."""
    entry = [{"resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entry}
