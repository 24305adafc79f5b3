"""One R4 Dosage, read strictly: all of it is understood, or it is refused.

Knows: which elements of Dosage and Timing we take, and what others may mean.
May not know: other Dosages beside it, requests, texts.

Mapped, because their meaning is certain: a period in weeks (of seven days) or minutes (of sixty to
the hour); `frequency` missing (R4: once a period); as often a week as there are weekdays times
`when`; as needed with a frequency a day (its most a day); asNeededCodeableConcept (as needed; its
reason is left out); `code` beside a `repeat` that says it all (R4: either may be used).
Not mapped: `code` alone (BID means the institution's own times), `when` without a meal, timeOfDay.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gateway.fhir.invariants import TIMING
from gateway.fhir.nodes import Node
from gateway.fhir.quantities import read_daily_max, read_days, read_quantity
from gateway.fhir.repeats import Times, read_repeat
from gateway.fhir.wanted import Wanted
from gateway.prescription.medication import AsNeeded, Days, Dosing

SAID_ELSEWHERE = ("text", "additionalInstruction", "patientInstruction", "site", "route", "method")
TAKEN = (
    "id",
    "sequence",
    "timing",
    "asNeededBoolean",
    "asNeededCodeableConcept",
    "doseAndRate",
    "maxDosePerPeriod",
)


@dataclass(frozen=True, slots=True)
class Item:
    """What one Dosage says. `bounds`: days, 0 = not said."""

    sequence: int | None
    dosing: Dosing
    days: Days
    amount: Fraction
    unit: str
    bounds: int
    prn: bool


def read_dosage(node: Node) -> Item | None:
    """The Dosage; None where anything of it was refused."""
    before = len(node.findings.problems)
    if not node.is_object(Wanted.DOSAGE):
        return None
    for key in (*SAID_ELSEWHERE, "extension"):
        if node.at(key):
            node.at(key).leave()
    node.only((*TAKEN, *SAID_ELSEWHERE, "extension"), Wanted.NO_LIMIT)
    prn = _as_needed(node)
    dose = _dose(node.at("doseAndRate"))
    bounds, times = _timing(node.at("timing"), prn)
    sequence = node.at("sequence").whole(Wanted.WHOLE, least=0)
    dosing = _limits(node, times, dose) if prn else times.dosing if times else None
    if len(node.findings.problems) > before or not dose or times is None or dosing is None:
        return None
    return Item(sequence, dosing, times.days, *dose, bounds, prn)


def _as_needed(node: Node) -> bool:
    said, concept = node.at("asNeededBoolean"), node.at("asNeededCodeableConcept")
    if said and not isinstance(said.value, bool):
        said.refuse(Wanted.TRUE_OR_FALSE)
    if concept:
        concept.leave()
        if said:
            said.refuse(Wanted.ONE_REASON)
    return bool(concept) or said.value is True


def _dose(node: Node) -> tuple[Fraction, str] | None:
    rows = node.rows()
    if len(rows) != 1:
        node.refuse(Wanted.ONE_DOSE)
        return None
    rows[0].only(("id", "type", "doseQuantity"), Wanted.DOSE_QUANTITY)
    if rows[0].at("type"):
        rows[0].at("type").leave()
    return read_quantity(rows[0].at("doseQuantity"))


def _timing(node: Node, prn: bool) -> tuple[int, Times | None]:
    """The bounds in days (0 = not said), and at which times."""
    if not node and prn:
        return 0, Times(AsNeeded())
    return _said(node, prn) if node.is_object(Wanted.TIMING) else (0, None)


def _said(node: Node, prn: bool) -> tuple[int, Times | None]:
    repeat = node.at("repeat")
    node.only(("id", "extension", "repeat", "code"), Wanted.REPEAT)
    for row in node.at("extension").rows():
        row.leave()
    if not _keeps_the_rules(repeat):
        return 0, None
    code = node.at("code")
    if code and not _says_times(repeat.value):
        code.refuse(Wanted.NOT_A_CODE)
        return 0, None
    if code:
        code.leave()
    if not repeat and prn:
        return 0, Times(AsNeeded())
    if not repeat.is_object(Wanted.REPEAT):
        return 0, None
    times = read_repeat(repeat, prn)
    return read_days(repeat.at("boundsDuration")) or 0, times


def _says_times(repeat: object) -> bool:
    said = set(repeat) if isinstance(repeat, dict) else set()
    return not said <= {"id", "extension", "boundsDuration"}


def _keeps_the_rules(repeat: Node) -> bool:
    if not isinstance(repeat.value, dict):
        return True
    for rule in TIMING:
        try:
            kept = rule.holds(repeat.value)
        except TypeError:
            continue  # another type than R4's: refused where it is read
        if not kept:
            repeat.refuse(Wanted(rule.key))
            return False
    return True


def _limits(node: Node, times: Times | None, dose: tuple[Fraction, str] | None) -> AsNeeded | None:
    """Least interval and most a day of what is taken as needed."""
    if times is None or dose is None or not isinstance(times.dosing, AsNeeded):
        return None
    ratio = node.at("maxDosePerPeriod")
    most = read_daily_max(ratio, *dose)
    often = times.dosing.daily_max
    if most is not None and often is not None and most != often:
        ratio.refuse(Wanted.AS_FREQUENCY, count=often)
    return AsNeeded(times.dosing.min_interval_min, most or often)
