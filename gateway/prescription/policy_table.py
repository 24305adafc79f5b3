"""What a house decides once, by drug class: how critical, which windows, how far apart, PRN limits.

Knows: the table with the source of each row, what a house may put in its place.
May not know: single medications, dose slots, what a window is reckoned into (windows.py, doses.py).

None means "by rule": the windows of windows.py (ISMP 2011: time-critical ±30 min, more than once a
day ±1 h, daily or rarer ±2 h) and its spacing (half the drug's interval: at least 4 h at three a
day, 6 h at two). Rows marked HOUSE are our own safe defaults, for a pharmacist to confirm; they
are shown beside every plan. A class that is not in the table is treated as `default`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.prescription.medication import DEFAULT_CLASS
from gateway.prescription.windows import DAY_MIN, LATE_MAX_MIN, SPACING_MAX_MIN
from gateway.roster import CRITICALITIES

HOUSE = "house default"
OVERRIDDEN = "this house"
ISMP = "ISMP 2011, Guidelines for Timely Administration of Scheduled Medications (Acute Care)"
NHS = "NHS medicines A to Z, adults: dose and interval"


@dataclass(frozen=True, slots=True)
class DrugPolicy:
    """One row, minutes. `prn_*` hold where the prescription says nothing."""

    criticality: str = "normal"
    early_min: int | None = None
    window_min: int | None = None
    late_min: int | None = None
    spacing_min: int | None = None
    prn_min_interval_min: int = 360
    prn_daily_max: int = 3
    source: str = HOUSE


Table = Mapping[str, DrugPolicy]

TABLE: dict[str, DrugPolicy] = {
    DEFAULT_CLASS: DrugPolicy(source=f"windows: {ISMP}; PRN limits: {HOUSE}"),
    # More often than every four hours, or harm when half an hour late: ISMP's definition.
    "time_critical": DrugPolicy("time_critical", source=ISMP),
    "parkinson": DrugPolicy("time_critical"),
    "immunosuppressant": DrugPolicy("time_critical"),
    "antiepileptic": DrugPolicy("time_critical"),
    "opioid": DrugPolicy("time_critical", prn_daily_max=3),
    "antidiabetic": DrugPolicy(early_min=30, window_min=60),  # goes with its meal
    "anticoagulant": DrugPolicy(),
    "antihypertensive": DrugPolicy(),
    "antibiotic": DrugPolicy(),
    "thyroid": DrugPolicy(),
    "weekly": DrugPolicy(spacing_min=6 * DAY_MIN, late_min=0),  # once a week, never twice
    "paracetamol": DrugPolicy(prn_min_interval_min=240, prn_daily_max=4, source=NHS),
    "nsaid": DrugPolicy(prn_min_interval_min=360, prn_daily_max=3, source=NHS),
    "hypnotic": DrugPolicy(late_min=0, prn_min_interval_min=DAY_MIN, prn_daily_max=1),
    "laxative": DrugPolicy("low"),
    "supplement": DrugPolicy("low"),
    "statin": DrugPolicy("low"),
}

LIMITS: dict[str, tuple[int, int]] = {
    "early_min": (0, DAY_MIN // 2),
    "window_min": (1, DAY_MIN // 2),
    "late_min": (0, LATE_MAX_MIN),
    "spacing_min": (0, SPACING_MAX_MIN),
    "prn_min_interval_min": (1, SPACING_MAX_MIN),
    "prn_daily_max": (1, 24),
}
BY_RULE = ("early_min", "window_min", "late_min", "spacing_min")  # may be None


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """A value of a house that cannot be: of which class and field, and what is allowed."""

    drug_class: str
    field: str
    found: str
    allowed: str


def policy_of(drug_class: str, table: Table = TABLE) -> DrugPolicy:
    """The row of a class; the default one where it has none."""
    return table.get(drug_class, table[DEFAULT_CLASS])


def overridden(
    house: Mapping[str, Mapping[str, object]], table: Table = TABLE
) -> tuple[dict[str, DrugPolicy], tuple[Refused, ...]]:
    """The table with a house's own values, field by field; new classes begin as the default.

    All that is refused comes at once; the table is then as it was.
    """
    refused = tuple(
        sorted(
            problem
            for name, values in house.items()
            for field, value in values.items()
            if (problem := _refused(name, field, value))
        )
    )
    if refused:
        return dict(table), refused
    changed = {
        name: dataclasses.replace(policy_of(name, table), **dict(values), source=OVERRIDDEN)  # type: ignore[arg-type]  # checked above
        for name, values in house.items()
    }
    return {**table, **changed}, ()


def _refused(drug_class: str, field: str, value: object) -> Refused | None:
    found = repr(value)
    if field == "criticality":
        allowed = "one of " + ", ".join(CRITICALITIES)
        return None if value in CRITICALITIES else Refused(drug_class, field, found, allowed)
    if field not in LIMITS:
        known = ", ".join(("criticality", *LIMITS))
        return Refused(drug_class, field, found, f"one of the fields {known}")
    low, high = LIMITS[field]
    by_rule = field in BY_RULE
    whole = isinstance(value, int) and not isinstance(value, bool)
    if (value is None and by_rule) or (whole and isinstance(value, int) and low <= value <= high):
        return None
    none = ", or nothing: by rule" if by_rule else ""
    return Refused(drug_class, field, found, f"a whole number from {low} to {high}{none}")
