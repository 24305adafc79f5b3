"""The shapes of prescriptions, plans, refills, histories and figures: what each field says.

Knows: JSON Schema in short. May not know: how a shape is filled (plans.py, histories.py).
"""

from __future__ import annotations

from gateway.adherence.outcomes import How
from gateway.adherence.outcomes import State as DoseState
from gateway.api.schema import (
    CLOCK,
    COUNT,
    DAY,
    FLAG,
    ID,
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    Json,
    choice,
    many,
    maybe,
    ref,
    says,
    shape,
    table,
)
from gateway.api.shapes_lives import COMPARTMENT
from gateway.prescription.changes import Kind as ChangeKind

LINE = {"person_id": ID, "name": TEXT}
PERIOD = {"from_day": DAY, "to_day": DAY, "as_of_ms": INSTANT}

MEDICINES: dict[str, Json] = {
    "Medication": shape(
        "A medicine as it was entered; the dosing has a kind: at_meals, every_hours, as_needed",
        id=ID,
        name=TEXT,
        strength=TEXT,
        unit=TEXT,
        amount=says(TEXT, "a dose, as a fraction: 1/2"),
        dosing={"type": "object"},
        days={"type": "object"},
        taper=many({"type": "object"}),
        days_supply=COUNT,
        dispensed_on=maybe(DAY),
        drug_class=TEXT,
        storage=TEXT,
        pharmacy_phone=TEXT,
        prescription_id=COUNT,
        entered_ms=INSTANT,
        entered_by=TEXT,
        source=TEXT,
        stopped=maybe(shape("No dose after that day", last_day=DAY, by=TEXT, why=TEXT)),
        confirmed=says(FLAG, "her box is planned with it"),
    ),
    "Medications": shape(
        "What was prescribed, and when she eats",
        as_of_ms=INSTANT,
        **LINE,
        meal_clock=table(CLOCK),
        medications=many(ref("Medication")),
        stocks=many(ref("Stock")),
    ),
    "Pouch": shape(
        "What lies in a compartment at a time",
        label=TEXT,
        compartment=COMPARTMENT,
        due_ms=INSTANT,
        opens_ms=INSTANT,
        closes_ms=INSTANT,
        ends_ms=INSTANT,
        spacing_min=COUNT,
        criticality=TEXT,
        contents=many(shape("Of one medicine", medication_id=ID, amount=TEXT)),
    ),
    "Plan": shape(
        "What the next confirmation would change, and the digest that confirms it",
        as_of_ms=INSTANT,
        **LINE,
        waiting=COUNT,
        blocked=FLAG,
        digest=TEXT,
        replaces_file=FLAG,
        holds_from_ms=maybe(INSTANT),
        changes=many(
            shape(
                "One slot on all days on which it changes in this way",
                kind=choice(*ChangeKind),
                label=TEXT,
                days=many(DAY),
                goes_on=FLAG,
                before=maybe(ref("Pouch")),
                after=maybe(ref("Pouch")),
            )
        ),
        findings=many(
            shape(
                "What a person has to decide or should know",
                reason=TEXT,
                blocks=FLAG,
                medications=many(ID),
                day=maybe(DAY),
                days=COUNT,
            )
        ),
    ),
    "RefillRow": shape(
        "One pouch and its compartment",
        day=DAY,
        label=TEXT,
        compartment=COMPARTMENT,
        due_ms=INSTANT,
        contents=many(
            shape(
                "Of one medicine",
                medication_id=ID,
                name=TEXT,
                strength=TEXT,
                amount=TEXT,
                unit=TEXT,
            )
        ),
    ),
    "Refill": shape(
        "Which pouch goes into which compartment in the coming week",
        **LINE,
        as_of_ms=INSTANT,
        fill=many(ref("RefillRow")),
        left=says(many(ref("RefillRow")), "open now or soon: not touched"),
        as_needed=many(ref("RefillRow")),
        empty=many(COMPARTMENT),
    ),
}

HISTORY: dict[str, Json] = {
    "Doses": shape(
        "What became of every dose of a period, by the box; and what persons said beside it",
        **LINE,
        **PERIOD,
        doses=many(
            shape(
                "One dose",
                slot_id=ID,
                label=TEXT,
                due_ms=INSTANT,
                state=choice(*DoseState),
                how=maybe(choice(*How)),
                reason=TEXT,
                opened_ms=maybe(INSTANT),
                corrected=says(maybe(COUNT), "so many were taken, as a person said"),
            )
        ),
        openings=many(
            shape(
                "A lid was opened",
                compartment=COMPARTMENT,
                meaning=TEXT,
                at_ms=maybe(INSTANT),
                time=says(TEXT, "how far the time is trusted"),
                slot_id=maybe(ID),
            )
        ),
        corrections=many(
            shape("What a person said", slot_id=ID, taken=COUNT, by=TEXT, why=TEXT, at_ms=INSTANT)
        ),
        away=many(shape("Days nobody could see", from_day=DAY, to_day=DAY, why=TEXT)),
    ),
    "Figure": shape(
        "A number and all that has to stand beside it",
        value=maybe(NUMBER),
        unit=choice("percent", "ratio", "days", "runs"),
        numerator=WHOLE,
        denominator=WHOLE,
        low=maybe(NUMBER),
        high=maybe(NUMBER),
        windows=many(shape("Minutes around due", early_min=WHOLE, late_min=WHOLE)),
        monitored_days=COUNT,
        unknown=says(COUNT, "doses left out because nobody knows"),
        doubtful=COUNT,
        by_word=COUNT,
    ),
    "Adherence": shape(
        "Every figure of a period, by the box alone and as it stands after corrections",
        **LINE,
        **PERIOD,
        figures=many(
            shape(
                "One formula for one group of doses",
                metric=ID,
                definition=says(TEXT, "the formula in words, English"),
                group=says(TEXT, "all, drug, label or week"),
                key=says(TEXT, "the drug, the label, the Monday"),
                raw=ref("Figure"),
                cleaned=ref("Figure"),
                corrections=COUNT,
            )
        ),
    ),
}
