"""Every code and address that stands in our FHIR, with where it was read.

Knows: EventTiming, UCUM, ISO/IEEE 11073 nomenclature, our own extensions.
May not know: any resource. No code stands here that no published source gives.
"""

from __future__ import annotations

from gateway.prescription.medication import Relation
from gateway.roster import LABELS

UCUM = "http://unitsofmeasure.org"

# --- Timing.repeat.when, hl7.org/fhir/R4/valueset-event-timing.html --------------------------
# M, D, V: cibus matutinus, diurnus, vespertinus: breakfast, lunch, dinner.
BEDTIME = LABELS[-1]
HS = "HS"  # [offset] before the hour of sleep
_MEALS = {
    Relation.RIGHT_AFTER: ("PCM", "PCD", "PCV"),
    Relation.BEFORE: ("ACM", "ACD", "ACV"),
    Relation.WITH: ("CM", "CD", "CV"),
    Relation.AT: ("MORN", "NOON", "EVE"),
}
# Label and relation → code; after a meal is one code, with an offset or without.
WHEN = {
    (label, relation): code
    for relation, codes in _MEALS.items()
    for label, code in zip(LABELS, codes, strict=False)
} | {(BEDTIME, relation): HS for relation in (*_MEALS, Relation.AFTER)}
WHEN |= {(label, Relation.AFTER): WHEN[label, Relation.RIGHT_AFTER] for label in LABELS}
# Code → label and relation without an offset.
MEANING = {code: key for key, code in WHEN.items() if code != HS and key[1] != Relation.AFTER}
MEANING[HS] = (BEDTIME, Relation.AT)
NO_OFFSET = frozenset({"C", "CM", "CD", "CV"})  # tim-9

# --- ISO/IEEE 11073-10101, hl7.org/fhir/R4/mdc.html ------------------------------------------
# A code is partition << 16 | term. The terms 13312 ... 13320 of 11073-10472 (medication monitor,
# partition 130 MDC_PART_PHD_AI) as open nomenclature headers give them: 13312
# MDC_AI_MED_DISPENSED_FIXED, 13313 ..._VARIABLE, 13314 MDC_AI_MED_STATUS, 13315 ..._FEEDBACK,
# 13316 ..._UF_LOCATION, 13317 ..._UF_RESPONSE, 13318 to 13320 types of feedback. None means
# "a lid was opened": only an opening as due is a fixed dose dispensed, all others are text.
MDC = "urn:iso:std:iso:11073:10101"
DISPENSED_FIXED = {
    "system": MDC,
    "code": str(130 << 16 | 13312),
    "display": "MDC_AI_MED_DISPENSED_FIXED",
}
# Medication monitor: partition 8 (infrastructure), term 4168; HL7's Personal Health Device guide.
MED_MINDER = {
    "system": MDC,
    "code": str(8 << 16 | 4168),
    "display": "MDC_DEV_SPEC_PROFILE_AI_MED_MINDER",
}

# A value that is not known: hl7.org/fhir/R4/extension-data-absent-reason.html
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

# --- ours: what the bag says and R4 has no element for ----------------------------------------
# "urn:x-": not registered with anybody; whoever does not know it loses nothing of the dosing.
EXTENSION = "urn:x-anbu:fhir:"
STRENGTH = EXTENSION + "strength"  # of the medication's text, its end
STORAGE = EXTENSION + "storage"
DRUG_CLASS = EXTENSION + "drug-class"
FIRST = EXTENSION + "first-dose"  # of an interval, local time
EXACT = EXTENSION + "exact"  # a quantity that no decimal can say: "1/3"
