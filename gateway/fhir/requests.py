"""A bag line as an R4 MedicationRequest, and bundles of them read.

Knows: which element carries which field of the bag. May not know: dosing, outcomes, the time.

The dispensing date is `authoredOn`: a bag has one date, and R4 keeps that of a hand-over in another
resource. Days' supply is dispenseRequest.expectedSupplyDuration; the pharmacy is a contained
Organization with its phone, dispenseRequest.performer (named "pharmacy": R4 wants a name, the bag
has none). Strength stands at the end of the medication's text, so that others read it, and as an
extension, so that we find it; storage and drug class are extensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gateway.fhir.codes import ABSENT, DRUG_CLASS, STORAGE, STRENGTH
from gateway.fhir.nodes import Findings, LeftOut, Node, Refused, extension, leave_extensions
from gateway.fhir.quantities import duration, read_days
from gateway.fhir.resources import ACTIVE, Bundle, may_be_read, name_of, phone_of
from gateway.fhir.sigs import read_sig
from gateway.fhir.timing import medication_of, supply_of, to_dosages
from gateway.fhir.wanted import Wanted
from gateway.prescription.medication import DEFAULT_CLASS, Medication

Resource = dict[str, Any]
PHARMACY = "pharmacy"
SILENT = ("resourceType", "id", "meta", "text", "language", "identifier", "contained", "extension")
TAKEN = (
    *SILENT,
    "status",
    "intent",
    "doNotPerform",
    "medicationCodeableConcept",
    "medicationReference",
    "subject",
    "authoredOn",
    "dosageInstruction",
    "dispenseRequest",
)
SUPPLY_TAKEN = ("id", "expectedSupplyDuration", "performer")


def to_request(medication: Medication, subject: Resource, status: str = ACTIVE) -> Resource:
    """The MedicationRequest of a bag line for `subject` (a Reference). Raises Unsayable."""
    m = medication
    supply: Resource = {"expectedSupplyDuration": duration(m.days_supply)}
    request: Resource = {"resourceType": "MedicationRequest"}
    if m.pharmacy_phone:
        supply["performer"] = {"reference": f"#{PHARMACY}"}
        request["contained"] = [_pharmacy(m.pharmacy_phone)]
    said = ((STRENGTH, m.strength), (STORAGE, m.storage), (DRUG_CLASS, _class(m)))
    ours = [{"url": url, "valueString": text} for url, text in said if text]
    if ours:
        request["extension"] = ours
    request |= {
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": named(m),
        "subject": subject,
        "dosageInstruction": to_dosages(m),
        "dispenseRequest": supply,
    }
    if m.dispensed_on:
        request["authoredOn"] = m.dispensed_on.isoformat()
    return request


def named(m: Medication) -> Resource:
    """The medication's name and strength as a concept; said to be unknown where there are none."""
    text = " ".join(filter(None, (m.name, m.strength)))
    unknown = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    return {"text": text} if text else unknown


def _class(m: Medication) -> str:
    return "" if m.drug_class == DEFAULT_CLASS else m.drug_class


def _pharmacy(phone: str) -> Resource:
    return {
        "resourceType": "Organization",
        "id": PHARMACY,
        "name": "pharmacy",
        "telecom": [{"system": "phone", "value": phone}],
    }


def to_bundle(medications: Sequence[Medication], subject: Resource) -> Resource:
    """The requests alone, as others send them. Raises Unsayable."""
    entries = [{"resource": to_request(m, subject)} for m in medications]
    whole: Resource = {"resourceType": "Bundle", "type": "collection"}
    return {**whole, "entry": entries} if entries else whole


@dataclass(frozen=True, slots=True)
class Prescribed:
    """Bag lines of one person, and what of the bundle they do not carry."""

    medications: tuple[Medication, ...]
    left_out: tuple[LeftOut, ...]


def read_bundle(value: object) -> Prescribed:
    """The bag lines of a Bundle's MedicationRequests, all of one person.

    Requests that are over (completed, stopped ...) are left out. Raises Refused with every mistake
    at once: a bundle is read whole or not at all.
    """
    findings = Findings()
    bundle = Bundle(Node(value, "Bundle", findings))
    found: list[Medication | None] = []
    persons: list[Node] = []
    for request in bundle.of_type("MedicationRequest"):
        if may_be_read(request):
            found.append(_read(request, bundle))
            persons.append(request.at("subject"))
    _one_person(persons)
    if findings.problems:
        raise Refused(findings.problems)
    return Prescribed(tuple(m for m in found if m is not None), tuple(findings.left_out))


def _one_person(persons: list[Node]) -> None:
    for person in persons:
        if person.is_object(Wanted.PERSON) and person.value != persons[0].value:
            person.refuse(Wanted.SAME_PERSON)


def _read(node: Node, bundle: Bundle) -> Medication | None:
    node.leave_others(TAKEN)
    leave_extensions(node, (STRENGTH, STORAGE, DRUG_CLASS))
    name, strength = _name(node, bundle)
    supply = node.at("dispenseRequest")
    if supply and supply.is_object(Wanted.DISPENSE):
        supply.leave_others(SUPPLY_TAKEN)
    dispensed_on = _date(node.at("authoredOn"))
    phone = phone_of(supply.at("performer"), node, bundle)
    days = read_days(supply.at("expectedSupplyDuration")) or 0
    sig = read_sig(node.at("dosageInstruction"))
    if sig is None:
        return None
    supply_of(sig, days, supply.at("expectedSupplyDuration"))
    return replace(
        medication_of(sig, name, sig.days_supply or days),
        strength=strength,
        dispensed_on=dispensed_on,
        storage=extension(node, STORAGE, "valueString").text(Wanted.STORAGE) or "",
        pharmacy_phone=phone,
        drug_class=extension(node, DRUG_CLASS, "valueString").text(Wanted.DRUG_CLASS)
        or DEFAULT_CLASS,
    )


def _name(node: Node, bundle: Bundle) -> tuple[str, str]:
    """Name and strength as written; "" where refused."""
    said = name_of(node, bundle)
    beside = extension(node, STRENGTH, "valueString")
    strength = beside.text(Wanted.STRENGTH) or ""
    if not strength:
        return said, ""
    name = f" {said}".removesuffix(f" {strength}").strip()
    if name == said:
        beside.refuse(Wanted.STRENGTH_AT_END, what=said)
    return name, strength


def _date(node: Node) -> date | None:
    """The day as it is written there, of a time too; None where nothing stands."""
    text = node.text(Wanted.DATE)
    if text is None:
        return None
    day, _, _time = text.partition("T")
    try:
        if len(day) == len("YYYY-MM-DD"):
            return date.fromisoformat(day)
    except ValueError:
        pass  # refused below, as what is too short
    node.refuse(Wanted.DATE)
    return None
